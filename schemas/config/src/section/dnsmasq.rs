//! `[dnsmasq]`.

use crate::section::section;

section! {
    /// `[dnsmasq]`: the `dnsmasq` DHCP provider.
    Dnsmasq;

    /// Directory for host files.
    dhcp_hostsdir: String = "/etc/dnsmasq.d/hostsdir.d";
    /// File with the leases.
    dhcp_leasefile: String = "/var/lib/dnsmasq/dnsmasq.leases";
    /// Directory for option files.
    dhcp_optsdir: String = "/etc/dnsmasq.d/optsdir.d";
}
