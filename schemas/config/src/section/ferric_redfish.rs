//! `[ferric_redfish]`: limits on Redfish BMCs that Ironic does not have. Ironic ignores it.

use crate::section::section;

section! {
    /// `[ferric_redfish]`: how long operations of many requests may take. Not an Ironic section.
    FerricRedfish;

    /// Longest time in seconds that an out-of-band inspection may take with all its requests.
    inspection_timeout: u64 = 900, min(1.0), max(86400.0);
    /// Longest time in seconds that any other operation may take with all its requests: caching
    /// settings and firmware versions, reading sensors, listing and changing volumes. What an
    /// operation waits for, such as a power state, has a limit of its own.
    operation_timeout: u64 = 600, min(1.0), max(86400.0);
}
