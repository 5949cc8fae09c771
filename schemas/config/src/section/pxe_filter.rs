//! `[pxe_filter]`.

use crate::section::section;

section! {
    /// `[pxe_filter]`: keeping dnsmasq from machines that are not inspected.
    PxeFilter;

    /// Directory that dnsmasq reads.
    dhcp_hostsdir: Option<String>;
    /// Inspect interfaces whose nodes are looked at.
    supported_inspect_interfaces: Vec<String> = "agent", mutable;
    /// Seconds between two comparisons with the database.
    sync_period: i64 = 45, mutable;
}
