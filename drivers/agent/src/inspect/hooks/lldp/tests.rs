//! A switch's TLVs with what Ironic 39.0.0 makes of them, and random ones.

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn a_switch_introduces_itself() {
    let reported = json!([
        [1, "04112233aabbcc"],
        [2, "07737730703131"],
        [3, "0078"],
        [4, "457468657231"],
        [5, "737769746368"],
        [7, "00140014"],
        [8, "0501c000020102000000"],
        [127, "0080c2010066"],
        [127, "0080c2020600c8"],
        [127, "0080c203006505766c616e31"],
        [127, "0080c204020806"],
        [127, "0080c207010000007b"],
        [127, "00120f01036c110010"],
        [127, "00120f0405dc"],
        [0, ""]
    ]);
    let told = json!({
        "switch_chassis_id": "11:22:33:aa:bb:cc",
        "switch_port_id": "sw0p11",
        "switch_port_description": "Ether1",
        "switch_system_name": "switch",
        "switch_capabilities_support": ["Bridge", "Router"],
        "switch_capabilities_enabled": ["Bridge", "Router"],
        "switch_mgmt_addresses": ["192.0.2.1"],
        "switch_port_untagged_vlan_id": 102,
        "switch_port_protocol_vlan_enabled": true,
        "switch_port_protocol_vlan_support": true,
        "switch_port_protocol_vlan_ids": [200],
        "switch_port_vlans": [{"name": "vlan1", "id": 101}],
        "switch_protocol_identities": ["0806"],
        "switch_port_link_aggregation_enabled": false,
        "switch_port_link_aggregation_support": true,
        "switch_port_link_aggregation_id": 123,
        "switch_port_autonegotiation_enabled": true,
        "switch_port_autonegotiation_support": true,
        "switch_port_physical_capabilities": [
            "1000BASE-T fdx", "100BASE-TX fdx", "100BASE-TX hdx", "10BASE-T fdx", "10BASE-T hdx",
            "Asym and Sym PAUSE fdx"],
        "switch_port_mau_type": "100BASE-TX full duplex",
        "switch_port_mtu": 1500
    });
    assert_eq!(Value::Object(parsed(&reported)), told);
    assert_eq!(
        Value::Object(local_link(&reported)),
        json!({"switch_id": "11:22:33:aa:bb:cc", "port_id": "sw0p11", "switch_info": "switch"})
    );
}

#[test]
fn a_switch_without_a_mac_address_has_no_id() {
    let reported = json!([[1, "0774657374"], [2, "03112233aabbcc"]]);
    assert_eq!(
        Value::Object(local_link(&reported)),
        json!({"port_id": "11:22:33:aa:bb:cc"})
    );
    assert_eq!(parsed(&reported)["switch_chassis_id"], "test");
}

proptest! {
    /// Whatever a switch sends, it is decoded or left out.
    #[test]
    fn nothing_upsets_the_decoder(kind in 0_u64..140, value in "([0-9a-f]{2}){0,40}|(0080c2|00120f)0[0-9]([0-9a-f]{2}){0,8}|.{0,8}") {
        let reported = json!([[kind, value], [kind], value, null]);
        let _ = (parsed(&reported), local_link(&reported));
    }
}
