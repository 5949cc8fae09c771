//! Hooks that tell ports what they are connected to.

use std::net::IpAddr;

use drivers_interface::{Task, TaskPort};
use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value};

use super::lldp;
use crate::inspect::interfaces::{Found, NetworkInterface};

/// Most interfaces whose LLDP data are looked at.
const MAX_INTERFACES: usize = 64;

/// The port of an interface.
fn port_of(task: &dyn Task, interface: &NetworkInterface) -> Option<TaskPort> {
    let mut ports = task.ports().iter();
    ports.find(|port| port.address == interface.mac).cloned()
}

/// LLDP data of an interface, raw: from the ramdisk's collector, or with the interface.
fn raw<'a>(
    plugin_data: &'a Map<String, Value>,
    name: &str,
    reported: &'a Map<String, Value>,
) -> Option<&'a Value> {
    let collected = plugin_data.get("lldp_raw").and_then(|all| all.get(name));
    collected
        .filter(|tlvs| tlvs.as_array().is_some_and(|tlvs| !tlvs.is_empty()))
        .or_else(|| reported.get("lldp"))
        .filter(|tlvs| !tlvs.is_null())
}

/// Fills in what is missing of the ports' `local_link_connection`.
pub(super) async fn local_link_connection(
    task: &mut dyn Task,
    found: &Found,
    plugin_data: &Map<String, Value>,
) -> Result<(), Fault> {
    for interface in found.all() {
        let Some(mut port) = port_of(task, interface) else {
            continue;
        };
        let Some(tlvs) = raw(plugin_data, &interface.name, interface.reported()) else {
            continue;
        };
        let mut changed = false;
        for (name, value) in lldp::local_link(tlvs) {
            if port.local_link_connection.member(&name).is_none() {
                port.local_link_connection.set(&name, value);
                changed = true;
            }
        }
        if changed {
            task.port_save(port).await?;
        }
    }
    Ok(())
}

/// Adds `parsed_lldp` to the plugin data, by interface.
pub(super) fn parse_lldp(inventory: &Object, plugin_data: &mut Map<String, Value>) {
    let interfaces = inventory.member("interfaces").and_then(Value::as_array);
    let mut parsed = Map::new();
    for interface in interfaces.into_iter().flatten().take(MAX_INTERFACES) {
        let reported = interface.as_object();
        let name = reported.and_then(|reported| reported.get("name")?.as_str());
        let (Some(reported), Some(name)) = (reported, name) else {
            continue;
        };
        let told = raw(plugin_data, name, reported).map(lldp::parsed);
        if let Some(told) = told.filter(|told| !told.is_empty()) {
            parsed.insert(name.to_owned(), Value::Object(told));
        }
    }
    if parsed.is_empty() {
        return;
    }
    match plugin_data
        .get_mut("parsed_lldp")
        .and_then(Value::as_object_mut)
    {
        Some(known) => known.extend(parsed),
        None => drop(plugin_data.insert("parsed_lldp".to_owned(), Value::Object(parsed))),
    }
}

/// Sets the ports' `physical_network` as `[inspector]physical_network_cidr_map` says.
pub(super) async fn physical_network(task: &mut dyn Task, found: &Found) -> Result<(), Fault> {
    let networks: Vec<Network> = task
        .config()
        .inspector
        .physical_network_cidr_map
        .iter()
        .map(|text| Network::parse(text))
        .collect::<Result<_, _>>()?;
    for interface in found.all() {
        let Some(mut port) = port_of(task, interface) else {
            continue;
        };
        let Some(name) = network_of(interface.reported(), &networks) else {
            continue;
        };
        if port.physical_network.as_deref() != Some(name) {
            port.physical_network = Some(name.to_owned());
            task.port_save(port).await?;
        }
    }
    Ok(())
}

fn network_of<'a>(reported: &Map<String, Value>, networks: &'a [Network]) -> Option<&'a str> {
    let addresses = ["ipv4_address", "ipv6_address"].into_iter();
    addresses
        .filter_map(|key| reported.get(key)?.as_str()?.parse().ok())
        .find_map(|address| networks.iter().find(|network| network.has(address)))
        .map(|network| network.name.as_str())
}

/// One `[inspector]physical_network_cidr_map`.
#[derive(Debug)]
struct Network {
    first: IpAddr,
    length: u32,
    name: String,
}

impl Network {
    fn parse(text: &str) -> Result<Self, Fault> {
        let read = || {
            let (cidr, name) = text.rsplit_once(':')?;
            let (address, length) = match cidr.split_once('/') {
                Some((address, length)) => (address, Some(length.parse().ok()?)),
                None => (cidr, None),
            };
            let first: IpAddr = address.parse().ok()?;
            let length = length.unwrap_or_else(|| bits(first));
            let network = Network {
                first,
                length,
                name: name.to_owned(),
            };
            (length <= bits(first)).then_some(network)
        };
        read().ok_or_else(|| {
            Fault::new(
                Class::HardwareInspectionFailure,
                format!("[inspector]physical_network_cidr_map has '{text}', which is not of the form network/length:name."),
            )
        })
    }

    fn has(&self, address: IpAddr) -> bool {
        let value = |address: IpAddr| match address {
            IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
            IpAddr::V6(address) => u128::from(address),
        };
        let same_family = self.first.is_ipv4() == address.is_ipv4();
        let mask = u128::MAX.checked_shl(128 - self.length).unwrap_or(0);
        same_family && value(self.first) & mask == value(address) & mask
    }
}

const fn bits(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_is_in_the_first_network_that_has_it() {
        let networks: Vec<Network> = ["192.0.2.0/25:lab", "192.0.2.0/24:all", "2001:db8::/32:six"]
            .iter()
            .map(|text| Network::parse(text).unwrap())
            .collect();
        let of = |reported: Value| {
            network_of(reported.as_object().unwrap(), &networks).map(str::to_owned)
        };
        assert_eq!(
            of(json!({"ipv4_address": "192.0.2.7"})).as_deref(),
            Some("lab")
        );
        assert_eq!(
            of(json!({"ipv4_address": "192.0.2.200"})).as_deref(),
            Some("all")
        );
        let six = json!({"ipv4_address": "198.51.100.1", "ipv6_address": "2001:db8::1"});
        assert_eq!(of(six).as_deref(), Some("six"));
        assert_eq!(of(json!({"ipv4_address": null})), None);
        assert!(Network::parse("192.0.2.0/33:x").is_err());
        assert!(Network::parse("nonsense").is_err());
        assert!(
            Network::parse("0.0.0.0/0:all")
                .unwrap()
                .has("198.51.100.1".parse().unwrap())
        );
    }

    #[test]
    fn lldp_data_join_what_is_known_already() {
        let inventory = Object::from_text(
            r#"{"interfaces": [{"name": "eth0", "lldp": [[5, "7377"]]}, {"name": "eth1"}]}"#,
        );
        let mut plugin_data = Map::from_iter([("parsed_lldp".to_owned(), json!({"Port1": {}}))]);
        parse_lldp(&inventory, &mut plugin_data);
        assert_eq!(
            plugin_data["parsed_lldp"],
            json!({"Port1": {}, "eth0": {"switch_system_name": "sw"}})
        );
    }
}
