//! THE table of `driver_info` properties that the IPMI interfaces read.
//!
//! The texts are shown to users by `GET /v1/drivers/ipmi/properties`; clients show them as they
//! are, so they say what Ironic 39.0.0's say.

use drivers_interface::Property;

const fn row(name: &'static str, description: &'static str) -> Property {
    Property { name, description }
}

/// Everything power, management and vendor read, required first.
pub const PROPERTIES: &[Property] = &[
    row(
        "ipmi_address",
        "IP address or hostname of the node. Required.",
    ),
    row("ipmi_password", "password. Optional."),
    row(
        "ipmi_hex_kg_key",
        "Kg key for IPMIv2 authentication. The key is expected in hexadecimal format. Optional.",
    ),
    row("ipmi_port", "remote IPMI RMCP port. Optional."),
    row(
        "ipmi_priv_level",
        "privilege level; default is ADMINISTRATOR. One of ADMINISTRATOR, CALLBACK, OPERATOR, \
         USER. Optional.",
    ),
    row("ipmi_username", "username; default is NULL user. Optional."),
    row(
        "ipmi_bridging",
        "bridging_type; default is \"no\". One of \"single\", \"dual\", \"no\". Optional.",
    ),
    row(
        "ipmi_transit_channel",
        "transit channel for bridged request. Required only if ipmi_bridging is set to \"dual\".",
    ),
    row(
        "ipmi_transit_address",
        "transit address for bridged request. Required only if ipmi_bridging is set to \"dual\".",
    ),
    row(
        "ipmi_target_channel",
        "destination channel for bridged request. Required only if ipmi_bridging is set to \
         \"single\" or \"dual\".",
    ),
    row(
        "ipmi_target_address",
        "destination address for bridged request. Required only if ipmi_bridging is set to \
         \"single\" or \"dual\".",
    ),
    row(
        "ipmi_local_address",
        "local IPMB address for bridged requests. Used only if ipmi_bridging is set to \"single\" \
         or \"dual\". Optional.",
    ),
    row(
        "ipmi_protocol_version",
        "the version of the IPMI protocol; default is \"2.0\". One of \"1.5\", \"2.0\". Optional.",
    ),
    row(
        "ipmi_force_boot_device",
        "Whether Ironic should specify the boot device to the BMC each time the server is turned \
         on, eg. because the BMC is not capable of remembering the selected boot device across \
         power cycles; default value is False. Optional.",
    ),
    row(
        "ipmi_disable_boot_timeout",
        "By default ironic will send a raw IPMI command to disable the 60 second timeout for \
         booting. Setting this option to False will NOT send that command on this node. The \
         [ipmi]disable_boot_timeout will be used if this option is not set. Optional.",
    ),
    row(
        "ipmi_cipher_suite",
        "The number of a cipher suite to use. Only 3 (AES-128 with SHA1) or 17 (AES-128 with \
         SHA256) should ever be used; 17 is preferred. The default value depends on the ipmitool \
         version, some recent versions have switched from 3 to 17.",
    ),
];
