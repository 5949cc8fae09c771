//! Network interfaces of an inventory: which are real, which become ports.

use schemas_config::section::inspector::AddPorts;
use schemas_model::{Class, Fault, Node, Object};
use serde_json::{Map, Value};

/// More interfaces than this in one inventory are refused.
const MAX_INTERFACES: usize = 1024;

/// One network interface.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NetworkInterface {
    pub name: String,
    /// Lower case, colons.
    pub mac: String,
    pub pxe_enabled: bool,
    pub client_id: Option<String>,
    /// Whether it is to become a port.
    valid: bool,
    /// As reported, with what was derived.
    reported: Map<String, Value>,
}

impl NetworkInterface {
    /// As reported, with what was derived.
    pub(super) const fn reported(&self) -> &Map<String, Value> {
        &self.reported
    }
}

/// What an inventory says about network interfaces.
#[derive(Debug, PartialEq)]
pub(super) struct Found(Vec<NetworkInterface>);

impl Found {
    /// Every interface with a name and a MAC address.
    pub(super) fn all(&self) -> impl Iterator<Item = &NetworkInterface> {
        self.0.iter()
    }

    /// Those that are to become ports.
    pub(super) fn valid(&self) -> impl Iterator<Item = &NetworkInterface> {
        self.0.iter().filter(|interface| interface.valid)
    }

    /// Adds `all_interfaces`, `valid_interfaces` and `macs`, as the stored inspection data shows them.
    pub(super) fn describe(&self, plugin_data: &mut Map<String, Value>) {
        let named = |interfaces: &mut dyn Iterator<Item = &NetworkInterface>| {
            Value::Object(
                interfaces
                    .map(|i| (i.name.clone(), Value::Object(i.reported.clone())))
                    .collect(),
            )
        };
        plugin_data.insert("all_interfaces".into(), named(&mut self.all()));
        plugin_data.insert("valid_interfaces".into(), named(&mut self.valid()));
        plugin_data.insert(
            "macs".into(),
            self.valid().map(|i| Value::String(i.mac.clone())).collect(),
        );
    }
}

/// Reads and checks the interfaces of an inventory. `add_ports` is `[inspector]add_ports`.
///
/// # Errors
/// `InvalidNodeInventory` when there is none, or none that `add_ports` lets through.
pub(super) fn validate(
    node: &Node,
    inventory: &Object,
    add_ports: AddPorts,
) -> Result<Found, Fault> {
    let bad = |why: &str| {
        Fault::new(
            Class::InvalidNodeInventory,
            format!("The inventory of node {} is not valid: {why}.", node.uuid),
        )
    };
    let Some(Value::Array(reported)) = inventory.member("interfaces") else {
        return Err(bad("no interfaces present in inventory"));
    };
    if reported.len() > MAX_INTERFACES {
        return Err(bad("more than 1024 interfaces"));
    }
    let boot_mac = pxe_mac(inventory);
    let found: Vec<_> = reported
        .iter()
        .filter_map(|interface| read(interface, boot_mac.as_deref(), add_ports))
        .collect();
    if found.is_empty() {
        return Err(bad("no valid network interfaces"));
    }
    let found = Found(found);
    if found.valid().next().is_none() {
        return Err(bad(&format!(
            "no network interfaces match the configuration (add_ports set to \"{add_ports}\")"
        )));
    }
    Ok(found)
}

fn read(reported: &Value, boot_mac: Option<&str>, add_ports: AddPorts) -> Option<NetworkInterface> {
    let text = |key: &str| {
        reported
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let name = text("name")?.to_owned();
    let mac = normalised(text("mac_address")?)?;
    let v6 =
        text("ipv6_address").map(|address| address.split('%').next().unwrap_or(address).to_owned());
    let address = text("ipv4_address")
        .map(str::to_owned)
        .or_else(|| v6.clone());
    let pxe_enabled = boot_mac == Some(mac.as_str());
    let local = name == "lo"
        || address
            .as_deref()
            .and_then(|a| a.parse::<std::net::IpAddr>().ok())
            .is_some_and(|a| a.is_loopback());
    let wanted = match add_ports {
        AddPorts::Pxe => boot_mac.is_none() || pxe_enabled,
        AddPorts::Active => address.is_some(),
        AddPorts::All | AddPorts::Disabled => true,
    };
    let mut kept = reported.as_object()?.clone();
    kept.insert("pxe_enabled".into(), Value::Bool(pxe_enabled));
    kept.insert("ipv6_address".into(), v6.map_or(Value::Null, Value::String));
    Some(NetworkInterface {
        name,
        mac,
        pxe_enabled,
        client_id: text("client_id").map(str::to_owned),
        valid: !local && wanted,
        reported: kept,
    })
}

/// The MAC address the machine booted from: plain, or as PXELINUX writes it (`01-aa-bb-...`).
fn pxe_mac(inventory: &Object) -> Option<String> {
    let text = inventory.member("boot")?.get("pxe_interface")?.as_str()?;
    match text.split_once('-') {
        Some((_, rest)) => normalised(&rest.replace('-', ":")),
        None => normalised(text),
    }
}

fn normalised(mac: &str) -> Option<String> {
    let lower = mac.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split([':', '-']).collect();
    let well_formed = parts.len() == 6
        && parts
            .iter()
            .all(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_hexdigit()));
    well_formed.then(|| parts.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    fn node() -> Node {
        Node::new(Uuid::random(), "fake-hardware")
    }

    fn inventory(boot: &str) -> Object {
        Object::from_text(format!(
            r#"{{"interfaces": [
                {{"name": "lo", "mac_address": "00:00:00:00:00:00", "ipv4_address": "127.0.0.1"}},
                {{"name": "eth0", "mac_address": "52:54:00:AA:00:01", "ipv4_address": "192.0.2.7"}},
                {{"name": "eth1", "mac_address": "52:54:00:aa:00:02", "ipv6_address": "fe80::1%eth1"}},
                {{"name": "eth2", "mac_address": null}}],
              "boot": {{"pxe_interface": {boot}}}}}"#
        ))
    }

    fn valid(found: &Found) -> Vec<&str> {
        found.valid().map(|i| i.name.as_str()).collect()
    }

    #[test]
    fn only_the_boot_interface_becomes_a_port_when_it_is_known() {
        let found = validate(
            &node(),
            &inventory(r#""01-52-54-00-aa-00-01""#),
            AddPorts::Pxe,
        )
        .unwrap();
        assert_eq!(valid(&found), ["eth0"]);
        assert!(
            found
                .valid()
                .all(|i| i.pxe_enabled && i.mac == "52:54:00:aa:00:01")
        );
        assert_eq!(found.all().count(), 3);
    }

    #[test]
    fn every_interface_does_when_it_is_not() {
        let found = validate(&node(), &inventory("null"), AddPorts::Pxe).unwrap();
        assert_eq!(valid(&found), ["eth0", "eth1"]);
    }

    #[test]
    fn an_inventory_without_interfaces_is_refused() {
        assert!(validate(&node(), &Object::default(), AddPorts::Pxe).is_err());
        assert!(
            validate(
                &node(),
                &Object::from_text(r#"{"interfaces": []}"#),
                AddPorts::Pxe
            )
            .is_err()
        );
    }
}
