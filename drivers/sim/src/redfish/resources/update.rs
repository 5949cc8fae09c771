//! `UpdateService` and the firmware inventory.

use serde_json::json;

use super::service_root::ROOT;
use super::{Hardware, Model, Tree, action, healthy};

/// The firmware that can be updated: id of the inventory entry, what it is, first version.
pub(in super::super) const FIRMWARE: [(&str, &str, &str); 3] = [
    ("BIOS", "BIOS", "1.0.0"),
    ("BMC", "BMC", "1.00"),
    ("NIC1", "Network Adapter 1", "20.5.13"),
];

/// Path of an inventory entry.
pub(in super::super) fn inventory(id: &str) -> String {
    format!("{ROOT}/UpdateService/FirmwareInventory/{id}")
}

pub(super) fn add(tree: &mut Tree, model: &Model, _: &Hardware) {
    let path = format!("{ROOT}/UpdateService");
    let collection = format!("{path}/FirmwareInventory");
    tree.put(
        model,
        &path,
        "UpdateService.v1_8_0.UpdateService",
        json!({
            "Id": "UpdateService",
            "Name": "Update Service",
            "ServiceEnabled": true,
            "HttpPushUri": format!("{path}/FirmwareInventory"),
            "FirmwareInventory": model.link(&collection),
            "Actions": action(&path, "UpdateService.SimpleUpdate", Some(("TransferProtocol", &["HTTP", "HTTPS", "NFS", "TFTP"]))),
            "Status": healthy()
        }),
    );
    let members: Vec<String> = FIRMWARE.iter().map(|row| inventory(row.0)).collect();
    tree.put_collection(model, &collection, "SoftwareInventoryCollection", &members);
    for ((id, name, version), path) in FIRMWARE.iter().zip(&members) {
        tree.put(
            model,
            path,
            "SoftwareInventory.v1_3_0.SoftwareInventory",
            json!({"Id": id, "Name": name, "Version": version, "Updateable": true, "SoftwareId": id, "Status": healthy()}),
        );
    }
    network_adapter(tree, model);
}

/// The network adapter whose firmware is in the inventory.
fn network_adapter(tree: &mut Tree, model: &Model) {
    let collection = format!("{}/NetworkAdapters", model.chassis());
    let adapter = format!("{collection}/NIC1");
    tree.put_collection(
        model,
        &collection,
        "NetworkAdapterCollection",
        std::slice::from_ref(&adapter),
    );
    tree.put(
        model,
        &adapter,
        "NetworkAdapter.v1_5_0.NetworkAdapter",
        json!({"Id": "NIC1", "Name": "Network Adapter 1", "Manufacturer": "Contoso", "Model": "XXV710",
            "Controllers": [{"FirmwarePackageVersion": FIRMWARE[2].2}], "Status": healthy()}),
    );
    tree.change(
        &model.chassis(),
        &json!({"NetworkAdapters": model.link(&collection)}),
    );
}
