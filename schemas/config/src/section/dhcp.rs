//! `[dhcp]`.

use crate::section::section;

section! {
    /// `[dhcp]`: who answers DHCP.
    Dhcp;

    /// The provider: `neutron`, `dnsmasq` or `none`.
    dhcp_provider: String = "neutron";
}
