//! `[nfs]`.

use crate::section::section;

section! {
    /// `[nfs]`: virtual media on NFS shares.
    Nfs;

    /// URL of the share.
    base_url: Option<String>;
    /// Where the share is mounted on the conductor.
    share_path: Option<String>;
}
