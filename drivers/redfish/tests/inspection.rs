//! What an inspection out of band finds, in the agent's words, and what hooks make of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
mod node;

use machine::{FakeMachine, SYSTEM};
use node::TestTask;
use schemas_model::Fault;
use serde_json::{Value, json};

fn link(path: &str) -> Value {
    json!({ "@odata.id": path })
}

async fn inspected(machine: &FakeMachine, hooks: &str) -> (TestTask, Result<(), Fault>) {
    let mut task = TestTask::new(&machine.bmc.origin);
    if !hooks.is_empty() {
        task.configure(|config| config.redfish.inspection_hooks = hooks.to_owned());
    }
    let inspect = task.set().inspect.clone();
    let result = inspect.inspect_hardware(&mut task).await.map(drop);
    (task, result)
}

#[tokio::test]
async fn pci_devices_are_listed_by_function() {
    let machine = FakeMachine::start().await;
    let device = |n: u8| format!("{SYSTEM}/PCIeDevices/{n}");
    machine.change(
        SYSTEM,
        json!({"PCIeDevices": [link(&device(1)), link(&device(2)), link(&device(3))]}),
    );
    let functions = format!("{}/PCIeFunctions", device(1));
    machine.change(
        &device(1),
        json!({"Id": "1", "PCIeFunctions": link(&functions)}),
    );
    // The second has no functions, the third is a dead link.
    machine.change(&device(2), json!({"Id": "2"}));
    machine.change(
        &functions,
        json!({"Members": [link(&format!("{functions}/0")), link(&format!("{functions}/1"))]}),
    );
    let whole = json!({"Id": "0", "DeviceClass": "NetworkController", "DeviceId": "0x16d7", "VendorId": "0x14e4",
        "SubsystemId": "0x1402", "SubsystemVendorId": "0x14e5", "RevisionId": "0x01"});
    machine.change(&format!("{functions}/0"), whole);
    machine.change(&format!("{functions}/1"), json!({"Id": "1"}));
    let (task, result) = inspected(&machine, "").await;
    result.unwrap();
    assert_eq!(
        task.inventory.to_value()["pci_devices"],
        json!([{"class": "NetworkController", "product_id": "0x16d7", "vendor_id": "0x14e4",
            "subsystem_id": "0x1402", "subsystem_vendor_id": "0x14e5", "revision": "0x01"}])
    );
}

#[tokio::test]
async fn neighbours_are_told_by_port() {
    let machine = FakeMachine::start().await;
    let adapters = "/redfish/v1/Chassis/1/NetworkAdapters";
    let (adapter, ports) = (format!("{adapters}/A"), format!("{adapters}/A/Ports"));
    machine.change(
        "/redfish/v1/Chassis/1",
        json!({"NetworkAdapters": link(adapters)}),
    );
    machine.change(adapters, json!({"Members": [link(&adapter)]}));
    machine.change(&adapter, json!({"Id": "A", "Ports": link(&ports)}));
    machine.change(
        &ports,
        json!({"Members": [link(&format!("{ports}/1")), link(&format!("{ports}/2"))]}),
    );
    let heard = json!({"ChassisId": "c4:7e:e0:e4:55:3f", "PortId": "Ethernet1/8", "SystemName": "sw1", "ManagementVlanId": 100});
    machine.change(
        &format!("{ports}/1"),
        json!({"Id": "1", "Ethernet": {"LLDPReceive": heard}}),
    );
    machine.change(
        &format!("{ports}/2"),
        json!({"Id": "2", "Ethernet": {"LLDPReceive": {"ChassisId": ""}}}),
    );
    let (task, result) = inspected(&machine, "").await;
    result.unwrap();
    assert_eq!(
        task.plugin_data.to_value()["parsed_lldp"],
        json!({"1": {"switch_chassis_id": "c4:7e:e0:e4:55:3f", "switch_port_id": "Ethernet1/8",
            "switch_system_name": "sw1", "switch_vlan_id": 100}})
    );
}

#[tokio::test]
async fn controllers_tell_what_they_can() {
    let machine = FakeMachine::start().await;
    let controller = json!({"MemberId": "0", "Name": "PERC", "SpeedGbps": 12.0, "SupportedRAIDTypes": ["RAID0", "RAID1"],
        "SupportedControllerProtocols": ["PCIe"], "SupportedDeviceProtocols": ["SAS", "SATA"], "Status": {"Health": "OK"}});
    machine.change(
        &format!("{SYSTEM}/Storage/1"),
        json!({"StorageControllers": [controller]}),
    );
    machine.change(
        &format!("{SYSTEM}/Storage/1/Drives/a"),
        json!({"Protocol": "SAS"}),
    );
    let (task, result) = inspected(&machine, "").await;
    result.unwrap();
    let shown = &task.inventory.to_value()["storage_controllers"][0];
    assert_eq!(
        shown["storage_controllers"],
        json!([{"member_id": "0", "name": "PERC", "raid_types": ["RAID0", "RAID1"], "speed_gbps": 12,
            "controller_protocols": ["PCIe"], "device_protocols": ["SAS", "SATA"], "status": {"health": "OK"}}])
    );
    assert_eq!(
        shown["drives"][0],
        json!({"id": "a", "name": "Drive a", "size": 107_374_182_400_i64, "media_type": "SSD", "serial_number": null,
            "manufacturer": null, "model": "M", "revision": null, "protocol": "SAS", "status": {"health": "OK"}})
    );
}

#[tokio::test]
async fn the_older_form_of_storage_counts_where_there_is_no_other() {
    let machine = FakeMachine::start().await;
    machine.change(
        SYSTEM,
        json!({"Storage": null, "SimpleStorage": link(&format!("{SYSTEM}/SimpleStorage"))}),
    );
    machine.change(
        &format!("{SYSTEM}/SimpleStorage"),
        json!({"Members": [link(&format!("{SYSTEM}/SimpleStorage/1"))]}),
    );
    let devices = json!([
        {"Name": "off", "CapacityBytes": 8_i64 << 30, "Status": {"State": "Absent"}},
        {"Name": "on", "CapacityBytes": 50_i64 << 30, "Status": {"State": "Enabled"}}]);
    machine.change(
        &format!("{SYSTEM}/SimpleStorage/1"),
        json!({"Id": "1", "Devices": devices}),
    );
    let (task, result) = inspected(&machine, "").await;
    result.unwrap();
    let inventory = task.inventory.to_value();
    assert_eq!(
        inventory["disks"],
        json!([{"name": "off", "size": 8_i64 << 30}, {"name": "on", "size": 50_i64 << 30}])
    );
    assert_eq!(inventory.get("storage_controllers"), None);
    assert_eq!(task.node.properties.to_value()["local_gb"], 49);
}

#[tokio::test]
async fn further_hooks_set_properties_and_capabilities() {
    let machine = FakeMachine::start().await;
    let hooks = "validate-interfaces,ports,architecture,memory,cpus,boot-mode,cpu-capabilities,pci-devices,\
        parse-lldp,local-link-connection,physical-network,extra-hardware";
    let (task, result) = inspected(&machine, hooks).await;
    result.unwrap();
    let properties = task.node.properties.to_value();
    assert_eq!(
        (&properties["cpus"], &properties["memory_mb"]),
        (&json!(16), &json!(98304))
    );
    assert_eq!(properties["capabilities"], "boot_mode:uefi");
    let (_, result) = inspected(&machine, "validate-interfaces,nonsense").await;
    assert!(result.unwrap_err().message.contains("nonsense"));
}
