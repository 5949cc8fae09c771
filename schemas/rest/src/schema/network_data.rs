//! The network configuration of an instance, as OpenStack's config drives carry it
//! (`network_data.json`): links, networks on them, services.

use std::net::{Ipv4Addr, Ipv6Addr};

use jsonschema::Validator;
use serde_json::{Value, json};

/// The compiled schema.
pub fn compile() -> Option<Validator> {
    jsonschema::options()
        .with_format("link-address", is_link_address)
        .with_format("ip4", |text: &str| text.parse::<Ipv4Addr>().is_ok())
        .with_format("ip4-mask", is_mask)
        .with_format("ip6", |text: &str| text.parse::<Ipv6Addr>().is_ok())
        .with_format("ip6-host", is_ip6_host)
        .should_validate_formats(true)
        .build(&schema())
        .ok()
}

/// A MAC address with colons or hyphens.
fn is_link_address(text: &str) -> bool {
    text.len() == 17
        && text.bytes().enumerate().all(|(at, byte)| {
            if at % 3 == 2 {
                byte == b':' || byte == b'-'
            } else {
                byte.is_ascii_hexdigit()
            }
        })
}

/// A run of ones, then a run of zeros.
fn is_mask(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok_and(|mask| {
        let bits = u32::from(mask);
        bits.leading_ones() + bits.trailing_zeros().min(32) == 32
    })
}

/// An IPv6 address, perhaps with a zone or a prefix length of one or two digits.
fn is_ip6_host(text: &str) -> bool {
    let (address, prefix) = text.split_once('/').unwrap_or((text, "0"));
    let address = address.split('%').next().unwrap_or(address);
    address.parse::<Ipv6Addr>().is_ok()
        && (1..=2).contains(&prefix.len())
        && prefix.bytes().all(|byte| byte.is_ascii_digit())
}

fn schema() -> Value {
    let text = json!({"type": "string"});
    let format = |name: &str| json!({"type": "string", "format": name});
    let mtu = json!({"anyOf": [
        {"type": "number", "minimum": 1, "maximum": 65535},
        {"type": "null"},
    ]});
    let link = json!({
        "type": "object",
        "required": ["ethernet_mac_address", "id", "type"],
        "properties": {
            "id": text,
            "ethernet_mac_address": format("link-address"),
            "mtu": mtu,
            "type": {"enum": [
                "bridge", "dvs", "hw_veb", "hyperv", "ovs", "tap", "vhostuser", "vif", "phy",
            ]},
            "vif_id": text,
        },
    });
    let bond = json!({
        "type": "object",
        "required": ["ethernet_mac_address", "id", "type", "bond_mode", "bond_links"],
        "properties": {
            "id": text,
            "ethernet_mac_address": format("link-address"),
            "mtu": mtu,
            "type": {"enum": ["bond"]},
            "vif_id": text,
            "bond_mode": {"enum": [
                "802.3ad",
                "balance-rr",
                "active-backup",
                "balance-xor",
                "broadcast",
                "balance-tlb",
                "balance-alb",
            ]},
            "bond_links": {"type": "array", "items": text},
        },
    });
    let vlan = json!({
        "type": "object",
        "required": ["vlan_mac_address", "id", "type", "vlan_link", "vlan_id"],
        "properties": {
            "id": text,
            "vlan_mac_address": format("link-address"),
            "mtu": mtu,
            "type": {"enum": ["vlan"]},
            "vif_id": text,
            "vlan_id": {"type": "integer"},
            "vlan_link": text,
        },
    });
    let ip4 = network(&["ipv4", "ipv4_dhcp"], "ip4", "ip4-mask", "ip4", "ip4");
    let ip6 = network(
        &["ipv6", "ipv6_dhcp", "ipv6_slaac"],
        "ip6-host",
        "ip6",
        "ip6",
        "ip6-host",
    );
    json!({
        "type": "object",
        "required": ["links", "networks", "services"],
        "properties": {
            "links": {"type": "array", "items": {"oneOf": [link, bond, vlan]}},
            "networks": {"type": "array", "items": {"oneOf": [ip4, ip6]}},
            "services": {"type": "array", "items": {"anyOf": [service("ip4"), service("ip6-host")]}},
        },
    })
}

fn service(host: &str) -> Value {
    json!({
        "type": "object",
        "required": ["address", "type"],
        "properties": {
            "address": {"type": "string", "format": host},
            "type": {"enum": ["dns"]},
        },
    })
}

fn network(types: &[&str], host: &str, mask: &str, net: &str, gateway: &str) -> Value {
    let format = |name: &str| json!({"type": "string", "format": name});
    let route = json!({
        "type": "object",
        "required": ["gateway", "netmask", "network"],
        "properties": {
            "network": format(net),
            "netmask": format(mask),
            "gateway": format(gateway),
            "services": {"type": "array", "items": service(host)},
        },
    });
    json!({
        "type": "object",
        "required": ["id", "link", "network_id", "type"],
        "properties": {
            "id": {"type": "string"},
            "link": {"type": "string"},
            "network_id": {"type": "string"},
            "type": {"enum": types},
            "ip_address": format(host),
            "netmask": format(mask),
            "routes": {"type": "array", "items": route},
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_document_fits() {
        let schema = compile().unwrap();
        let document = json!({
            "links": [{"id": "e0", "type": "phy", "ethernet_mac_address": "52:54:00:00:00:01"}],
            "networks": [{
                "id": "n0", "link": "e0", "network_id": "n", "type": "ipv4",
                "ip_address": "10.0.0.2", "netmask": "255.255.255.0",
                "routes": [{"network": "0.0.0.0", "netmask": "0.0.0.0", "gateway": "10.0.0.1"}],
            }],
            "services": [{"type": "dns", "address": "fd00::1"}],
        });
        assert!(schema.is_valid(&document));
    }

    #[test]
    fn what_does_not_fit() {
        let schema = compile().unwrap();
        assert!(!schema.is_valid(&json!({"links": []})));
        assert!(!is_mask("255.0.255.0"));
        assert!(is_mask("255.255.252.0"));
        assert!(!is_link_address("52:54:00:00:00:0g"));
    }
}
