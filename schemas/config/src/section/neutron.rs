//! `[neutron]`.

use crate::section::keystone_client::KeystoneClient;
use crate::section::keystone_credentials::KeystoneCredentials;
use crate::section::section;

section! {
    /// `[neutron]`: the Networking service.
    Neutron,
    credentials: KeystoneCredentials {},
    client: KeystoneClient { service_type = "network" };

    /// Attach all ports to service networks, not only those that boot.
    add_all_ports: bool = false, mutable;
    /// Let nodes that must not be powered off use this network interface.
    allow_disabling_power_off: bool = false;
    /// Network for cleaning, by UUID or name.
    cleaning_network: Option<String>, formerly(&[(None, "cleaning_network_uuid")]), mutable;
    /// Security groups for cleaning.
    cleaning_network_security_groups: Vec<String> = "", mutable;
    /// Addresses of each port on DHCPv6-stateful networks.
    dhcpv6_stateful_address_count: i64 = 4, mutable;
    /// Fail when a port cannot be bound.
    fail_on_port_binding_failure: bool = true;
    /// Network for inspection, by UUID or name.
    inspection_network: Option<String>, mutable;
    /// Security groups for inspection.
    inspection_network_security_groups: Vec<String> = "", mutable;
    /// Seconds to wait for a port to be set up.
    port_setup_delay: u64 = 0, min(0.0), mutable;
    /// Network for deployment, by UUID or name.
    provisioning_network: Option<String>, formerly(&[(None, "provisioning_network_uuid")]), mutable;
    /// Security groups for deployment.
    provisioning_network_security_groups: Vec<String> = "", mutable;
    /// Seconds to wait for an answer.
    request_timeout: i64 = 45, mutable;
    /// Network for rescue, by UUID or name.
    rescuing_network: Option<String>, mutable;
    /// Security groups for rescue.
    rescuing_network_security_groups: Vec<String> = "", mutable;
    /// How often a failed request is sent again.
    retries: i64 = 3, mutable, to_be_removed;
    /// Network for servicing, by UUID or name.
    servicing_network: Option<String>, mutable;
    /// Security groups for servicing.
    servicing_network_security_groups: Vec<String> = "", mutable;
}
