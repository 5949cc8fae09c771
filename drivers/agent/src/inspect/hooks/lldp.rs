//! LLDP: what a switch says of itself, as type, length, value (IEEE 802.1AB, with the additions of
//! 802.1Q annex D and 802.3 clause 79).
//!
//! Pure. Input is hostile: whatever does not decode is left out.

mod tables;

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Map, Value, json};

use tables::{CAPABILITIES, MAU_TYPES, MEDIA};

/// Longest value of a TLV (its length has nine bits).
const MAX_LENGTH: usize = 511;
/// Most TLVs of one interface that are looked at.
const MAX_TLVS: usize = 256;

/// Types of TLVs.
const CHASSIS_ID: u64 = 1;
const PORT_ID: u64 = 2;
const PORT_DESCRIPTION: u64 = 4;
const SYSTEM_NAME: u64 = 5;
const SYSTEM_DESCRIPTION: u64 = 6;
const SYSTEM_CAPABILITIES: u64 = 7;
const MANAGEMENT_ADDRESS: u64 = 8;
const ORGANISATION: u64 = 127;

const DOT1: [u8; 3] = [0x00, 0x80, 0xc2];
const DOT3: [u8; 3] = [0x00, 0x12, 0x0f];

/// One TLV as a ramdisk reports it: a type, and its value in hexadecimal digits.
fn tlvs(reported: &Value) -> impl Iterator<Item = (u64, Vec<u8>)> + '_ {
    let list = reported.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().take(MAX_TLVS).filter_map(|tlv| {
        let [kind, value] = tlv.as_array()?.as_slice() else {
            return None;
        };
        let value = bytes(value.as_str()?).filter(|value| value.len() <= MAX_LENGTH)?;
        Some((kind.as_u64()?, value))
    })
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    if !digits.len().is_multiple_of(2) || digits.len() > 2 * MAX_LENGTH {
        return None;
    }
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        &[high, low] => u8::try_from(nibble(high)? << 4 | nibble(low)?).ok(),
        _ => None,
    };
    digits.chunks_exact(2).map(pair).collect()
}

fn text(bytes: &[u8]) -> Option<Value> {
    std::str::from_utf8(bytes).ok().map(Value::from)
}

fn mac(bytes: &[u8]) -> Option<Value> {
    let octets = bytes.get(..6)?;
    let octets: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    Some(Value::from(octets.join(":")))
}

/// An address after the number of its family.
fn address(bytes: &[u8]) -> Option<Value> {
    let (family, rest) = bytes.split_first()?;
    match family {
        1 => <[u8; 4]>::try_from(rest.get(..4)?)
            .ok()
            .map(|octets| Value::from(Ipv4Addr::from(octets).to_string())),
        2 => <[u8; 16]>::try_from(rest.get(..16)?)
            .ok()
            .map(|octets| Value::from(Ipv6Addr::from(octets).to_string())),
        6 => mac(rest),
        _ => None,
    }
}

fn chassis_id(value: &[u8]) -> Option<Value> {
    match value.split_first()? {
        (1..=3 | 6 | 7, rest) => text(rest),
        (4, rest) => mac(rest),
        (5, rest) => address(rest),
        _ => None,
    }
}

fn port_id(value: &[u8]) -> Option<Value> {
    match value.split_first()? {
        (1 | 2 | 5 | 7, rest) => text(rest),
        (3, rest) => mac(rest),
        (4, rest) => address(rest),
        _ => None,
    }
}

/// What a port's `local_link_connection` needs; members that can't be told are left out. The switch
/// is named by its MAC address only.
pub(super) fn local_link(reported: &Value) -> Map<String, Value> {
    let mut link = Map::new();
    for (kind, value) in tlvs(reported) {
        let (name, told) = match kind {
            PORT_ID => ("port_id", port_id(&value)),
            CHASSIS_ID if value.first() == Some(&4) => ("switch_id", chassis_id(&value)),
            SYSTEM_NAME => ("switch_info", text(&value)),
            _ => continue,
        };
        if let Some(told) = told {
            link.insert(name.to_owned(), told);
        }
    }
    link
}

/// Everything that is understood, under Ironic's names.
pub(super) fn parsed(reported: &Value) -> Map<String, Value> {
    let mut told = Told::default();
    for (kind, value) in tlvs(reported) {
        match kind {
            CHASSIS_ID => told.set("switch_chassis_id", chassis_id(&value)),
            PORT_ID => told.set("switch_port_id", port_id(&value)),
            PORT_DESCRIPTION => told.set("switch_port_description", text(&value)),
            SYSTEM_NAME => told.set("switch_system_name", text(&value)),
            SYSTEM_DESCRIPTION => told.set("switch_system_description", text(&value)),
            SYSTEM_CAPABILITIES => told.capabilities(&value),
            MANAGEMENT_ADDRESS => {
                let address = value.get(1..).and_then(address);
                told.append("switch_mgmt_addresses", address);
            }
            ORGANISATION => told.organisation(&value),
            _ => {}
        }
    }
    told.0
}

#[derive(Default)]
struct Told(Map<String, Value>);

impl Told {
    /// What was told first counts.
    fn set(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.entry(name.to_owned()).or_insert(value);
        }
    }

    fn append(&mut self, name: &str, value: Option<Value>) {
        let Some(value) = value else { return };
        let list = self.0.entry(name.to_owned()).or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(value);
        }
    }

    fn capabilities(&mut self, value: &[u8]) {
        let &[a, b, c, d] = value else { return };
        let listed = |bits: u16| {
            let known = CAPABILITIES.iter().filter(|(bit, _)| bits & bit != 0);
            known.map(|(_, name)| Value::from(*name)).collect()
        };
        let (system, enabled) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        self.set("switch_capabilities_support", Some(listed(system)));
        self.set("switch_capabilities_enabled", Some(listed(enabled)));
    }

    fn organisation(&mut self, value: &[u8]) {
        let [o1, o2, o3, subtype, data @ ..] = value else {
            return;
        };
        match ([*o1, *o2, *o3], *subtype) {
            (DOT1, 1) => self.set("switch_port_untagged_vlan_id", number(data)),
            (DOT1, 2) => self.protocol_vlan(data),
            (DOT1, 3) => self.append("switch_port_vlans", vlan(data)),
            (DOT1, 4) => self.append("switch_protocol_identities", identity(data)),
            (DOT1, 6) => self.set("switch_port_management_vlan_id", number(data)),
            (DOT1, 7) | (DOT3, 3) => self.link_aggregation(data),
            (DOT3, 1) => self.physical(data),
            (DOT3, 4) => self.set("switch_port_mtu", number(data)),
            _ => {}
        }
    }

    fn protocol_vlan(&mut self, data: &[u8]) {
        let &[flags, a, b] = data else { return };
        let flag = |bit: u8| Some(Value::from(flags & bit != 0));
        self.set("switch_port_protocol_vlan_enabled", flag(4));
        self.set("switch_port_protocol_vlan_support", flag(2));
        let id = Some(Value::from(u16::from_be_bytes([a, b])));
        self.append("switch_port_protocol_vlan_ids", id);
    }

    fn link_aggregation(&mut self, data: &[u8]) {
        let &[status, a, b, c, d] = data else { return };
        let flag = |bit: u8| Some(Value::from(status & bit != 0));
        self.set("switch_port_link_aggregation_enabled", flag(2));
        self.set("switch_port_link_aggregation_support", flag(1));
        let id = Some(Value::from(u32::from_be_bytes([a, b, c, d])));
        self.set("switch_port_link_aggregation_id", id);
    }

    fn physical(&mut self, data: &[u8]) {
        let &[status, a, b, c, d] = data else { return };
        let Some(mau) = MAU_TYPES.get(usize::from(u16::from_be_bytes([c, d]))) else {
            return;
        };
        let flag = |bit: u8| Some(Value::from(status & bit != 0));
        let bits = u16::from_be_bytes([a, b]);
        let media = MEDIA.iter().filter(|(bit, _)| bits & bit != 0);
        let mut media: Vec<&str> = media.map(|(_, name)| *name).collect();
        media.sort_unstable();
        self.set("switch_port_autonegotiation_enabled", flag(2));
        self.set("switch_port_autonegotiation_support", flag(1));
        self.set("switch_port_physical_capabilities", Some(json!(media)));
        self.set("switch_port_mau_type", Some(Value::from(*mau)));
    }
}

fn number(data: &[u8]) -> Option<Value> {
    let &[a, b, ..] = data else { return None };
    Some(Value::from(u16::from_be_bytes([a, b])))
}

fn vlan(data: &[u8]) -> Option<Value> {
    let [a, b, length, rest @ ..] = data else {
        return None;
    };
    let name = std::str::from_utf8(rest.get(..usize::from(*length))?).ok()?;
    let name = name.trim_end_matches('\0');
    Some(json!({"name": name, "id": u16::from_be_bytes([*a, *b])}))
}

fn identity(data: &[u8]) -> Option<Value> {
    let (length, rest) = data.split_first()?;
    let digits = rest.get(..usize::from(*length))?;
    let digits: String = digits.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(Value::from(digits))
}

#[cfg(test)]
mod tests;
