//! `[ironic_networking]`.

use crate::section::section;
use crate::value::choice;

choice! {
    /// How to talk to the networking service.
    pub enum NetworkingTransport {
        /// By JSON-RPC over HTTP.
        JsonRpc = "json-rpc",
        /// Over a message broker.
        OsloMessaging = "oslo_messaging",
    }
}

section! {
    /// `[ironic_networking]`: the networking service for switches.
    IronicNetworking;

    /// VLANs that may be used, as numbers and ranges; all when unset.
    allowed_vlans: Option<Vec<String>>;
    /// Network for cleaning, as `mode/native_vlan=id`.
    cleaning_network: String = "";
    /// Directory for the drivers' configuration.
    driver_config_dir: String = "/var/lib/ironic/networking";
    /// Switch drivers to load.
    enabled_switch_drivers: Vec<String> = "";
    /// Network for nodes that do nothing, as `mode/native_vlan=id`.
    idle_network: String = "";
    /// Network for inspection, as `mode/native_vlan=id`.
    inspection_network: String = "";
    /// Network for deployment, as `mode/native_vlan=id`.
    provisioning_network: String = "";
    /// Network for rescue, as `mode/native_vlan=id`.
    rescuing_network: String = "";
    /// How to talk to the service; it is off when unset.
    rpc_transport: Option<NetworkingTransport>;
    /// Network for servicing, as `mode/native_vlan=id`.
    servicing_network: String = "";
    /// File with the switches.
    switch_config_file: String = "";
}
