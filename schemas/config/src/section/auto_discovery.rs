//! `[auto_discovery]`.

use crate::section::section;

section! {
    /// `[auto_discovery]`: enrolling machines that nobody registered.
    AutoDiscovery;

    /// Hardware type of new nodes.
    driver: Option<String>, mutable;
    /// Enroll machines that ask for inspection and are not known.
    enabled: bool = false, mutable;
    /// Inspection scope of new nodes.
    inspection_scope: Option<String>;
}
