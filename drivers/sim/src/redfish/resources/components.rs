//! Processors, memory modules and Ethernet ports of the system.

use serde_json::json;

use super::{Hardware, Model, Tree, healthy};

pub(super) fn add(tree: &mut Tree, model: &Model, hardware: &Hardware) {
    processors(tree, model, hardware);
    memory(tree, model, hardware);
    add_ethernet(tree, model, hardware);
}

fn members(collection: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    names.map(|name| format!("{collection}/{name}")).collect()
}

fn processors(tree: &mut Tree, model: &Model, hardware: &Hardware) {
    let collection = format!("{}/Processors", model.system());
    let paths = members(
        &collection,
        (1..=hardware.processors).map(|n| n.to_string()),
    );
    tree.put_collection(model, &collection, "ProcessorCollection", &paths);
    for (number, path) in (1..).zip(&paths) {
        tree.put(
            model,
            path,
            "Processor.v1_5_0.Processor",
            json!({
                "Id": number.to_string(),
                "Name": format!("CPU {number}"),
                "Socket": format!("CPU {number}"),
                "ProcessorType": "CPU",
                "ProcessorArchitecture": "x86",
                "InstructionSet": "x86-64",
                "Manufacturer": "Intel(R) Corporation",
                "Model": "Multi-Core Intel(R) Xeon(R) processor 7xxx Series",
                "MaxSpeedMHz": 3700,
                "TotalCores": 16,
                "TotalThreads": 32,
                "Status": healthy()
            }),
        );
    }
}

fn memory(tree: &mut Tree, model: &Model, hardware: &Hardware) {
    let collection = format!("{}/Memory", model.system());
    let paths = members(
        &collection,
        (1..=hardware.modules).map(|n| format!("DIMM{n}")),
    );
    tree.put_collection(model, &collection, "MemoryCollection", &paths);
    for (number, path) in (1..).zip(&paths) {
        tree.put(
            model,
            path,
            "Memory.v1_8_0.Memory",
            json!({
                "Id": format!("DIMM{number}"),
                "Name": format!("DIMM Slot {number}"),
                "CapacityMiB": 32768,
                "MemoryDeviceType": "DDR4",
                "OperatingSpeedMhz": 3200,
                "Manufacturer": "Contoso",
                "PartNumber": "M393A4K40DB3",
                "SerialNumber": format!("S{:06}{number:02}", hardware.number),
                "Status": healthy()
            }),
        );
    }
}

/// The Ethernet ports alone.
pub(super) fn add_ethernet(tree: &mut Tree, model: &Model, hardware: &Hardware) {
    let collection = format!("{}/EthernetInterfaces", model.system());
    let paths = members(&collection, (1..=hardware.ports).map(|n| format!("NIC{n}")));
    tree.put_collection(model, &collection, "EthernetInterfaceCollection", &paths);
    for (port, path) in (0..).zip(&paths) {
        let mac = hardware.mac(port);
        tree.put(
            model,
            path,
            "EthernetInterface.v1_6_0.EthernetInterface",
            json!({
                "Id": format!("NIC{}", port + 1),
                "Name": format!("Ethernet Interface {}", port + 1),
                "MACAddress": mac.to_uppercase(),
                "PermanentMACAddress": mac.to_uppercase(),
                "SpeedMbps": 10000,
                "InterfaceEnabled": true,
                "LinkStatus": "LinkUp",
                "Status": healthy()
            }),
        );
    }
}
