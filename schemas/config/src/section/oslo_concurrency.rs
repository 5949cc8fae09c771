//! `[oslo_concurrency]`.

use crate::section::section;

section! {
    /// `[oslo_concurrency]`: locks between processes.
    OsloConcurrency;

    /// Do without locks between processes.
    disable_process_locking: bool = false;
    /// Directory for lock files.
    lock_path: Option<String>;
}
