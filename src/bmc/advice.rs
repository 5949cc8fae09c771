//! What to do about a failure.

use drivers_ipmi_client::Failure;

/// The advice, as the end of a sentence; nothing where the failure says it all.
pub(super) fn on(failure: &Failure, of_node: bool) -> String {
    let (in_node, on_line) = match failure {
        Failure::Timeout { .. } | Failure::Socket(_) => (
            "check ipmi_address and ipmi_port, that IPMI over LAN is switched on, and firewalls",
            "check address and port, that IPMI over LAN is switched on, and firewalls",
        ),
        Failure::Unresolved(_) => ("check ipmi_address", "check --address"),
        Failure::WrongCredentials { .. } => (
            "correct ipmi_username and ipmi_password in its driver_info",
            "correct --user, and the password in --password-file or FERRIC_BMC_PASSWORD",
        ),
        Failure::WrongKg => (
            "correct ipmi_hex_kg_key in its driver_info",
            "this BMC has a Kg key: ask it through a node with ipmi_hex_kg_key",
        ),
        Failure::CipherRefused { .. } => (
            "name a suite that the BMC allows with ipmi_cipher_suite",
            "name a suite that the BMC allows with --cipher-suite",
        ),
        Failure::PrivilegeRefused { .. } => (
            "ask for less with ipmi_priv_level, or give the user more on the BMC",
            "ask for less with --privilege, or give the user more on the BMC",
        ),
        Failure::NoIpmi20 => (
            "set ipmi_protocol_version to 1.5",
            "ask it through a node with ipmi_protocol_version 1.5",
        ),
        Failure::NoFreeSession => (
            "wait a minute until the BMC has forgotten unused sessions",
            "wait a minute until the BMC has forgotten unused sessions",
        ),
        _ => return String::new(),
    };
    format!("; {}", if of_node { in_node } else { on_line })
}
