//! The RAID controller, its disks and its volumes, in the model's dialect.

use serde_json::{Value, json};

use super::super::model::{StorageStyle, VolumeChange};
use super::super::tree::merge;
use super::{Hardware, Model, Tree, healthy};

/// Id of the controller.
fn controller_id(model: &Model) -> &'static str {
    match model.storage {
        StorageStyle::Standard => "RAID1",
        StorageStyle::Huawei => "RAIDStorage0",
    }
}

/// Path of the controller.
pub(in super::super) fn controller(model: &Model) -> String {
    format!("{}/{}", model.storages(), controller_id(model))
}

/// Path of its volumes.
pub(in super::super) fn volumes(model: &Model) -> String {
    format!("{}/Volumes", controller(model))
}

/// Path of a disk, counted from 0.
pub(in super::super) fn disk(model: &Model, number: usize) -> String {
    match model.storage {
        StorageStyle::Standard => format!("{}/Drives/Disk.{number}", controller(model)),
        StorageStyle::Huawei => format!("{}/Drives/HDDPlaneDisk{number}", model.chassis()),
    }
}

pub(super) fn add(tree: &mut Tree, model: &Model, hardware: &Hardware) {
    let path = controller(model);
    tree.put_collection(
        model,
        &model.storages(),
        "StorageCollection",
        std::slice::from_ref(&path),
    );
    let disks: Vec<String> = (0..hardware.disks.len())
        .map(|number| disk(model, number))
        .collect();
    let links: Vec<Value> = disks.iter().map(|path| model.link(path)).collect();
    tree.put(
        model,
        &path,
        "Storage.v1_8_0.Storage",
        json!({
            "Id": controller_id(model),
            "Name": "RAID Controller",
            "StorageControllers": [controller_of(model)],
            "Drives@odata.count": links.len(),
            "Drives": links,
            "Volumes": model.link(&volumes(model)),
            "Status": healthy()
        }),
    );
    for (number, path) in disks.iter().enumerate() {
        add_disk(tree, model, hardware, number, path);
    }
    tree.put_collection(model, &volumes(model), "VolumeCollection", &[]);
    let times: &[&str] = match model.volumes {
        VolumeChange::AtOnce | VolumeChange::Task => &["Immediate"],
        VolumeChange::OnReset => &["OnReset"],
    };
    if model.storage == StorageStyle::Standard {
        tree.change(
            &volumes(model),
            &json!({"@Redfish.OperationApplyTimeSupport": {
                "@odata.type": "#Settings.v1_3_0.OperationApplyTimeSupport", "SupportedValues": times}}),
        );
    }
}

fn controller_of(model: &Model) -> Value {
    let mut controller = json!({
        "@odata.id": format!("{}#/StorageControllers/0", self::controller(model)),
        "MemberId": "0",
        "Name": "RAID Controller",
        "Manufacturer": "Broadcom",
        "Model": "MegaRAID 9560-8i",
        "FirmwareVersion": "5.190",
        "SpeedGbps": 12,
        "SupportedControllerProtocols": ["PCIe"],
        "SupportedDeviceProtocols": ["SAS", "SATA"],
        "SupportedRAIDTypes": model.raid,
        "Status": healthy()
    });
    if model.storage == StorageStyle::Huawei {
        merge(
            &mut controller,
            &json!({"Oem": {"Huawei": {
                "AssociatedCard": {},
                "SupportedRAIDLevels": model.raid,
                "OOBSupport": true,
                "JBODState": false,
                "MaintainPDFailHistory": true,
                "CopyBackState": true,
                "SmarterCopyBackState": true
            }}}),
        );
    }
    controller
}

fn add_disk(tree: &mut Tree, model: &Model, hardware: &Hardware, number: usize, path: &str) {
    let Some(disk) = hardware.disks.get(number) else {
        return;
    };
    let id = path.rsplit('/').next().unwrap_or_default();
    let mut body = json!({
        "Id": id,
        "Name": format!("Disk {number}"),
        "Manufacturer": "Contoso",
        "Model": match disk.media { "SSD" => "MZ7LH480", _ => "ST1000NM" },
        "SerialNumber": format!("D{:06}{number:02}", hardware.number),
        "MediaType": disk.media,
        "Protocol": disk.protocol,
        "CapacityBytes": disk.bytes,
        "BlockSizeBytes": 512,
        "RotationSpeedRPM": match disk.media { "SSD" => 0, _ => 7200 },
        "HotspareType": "None",
        "IndicatorLED": "Off",
        "FailurePredicted": false,
        "Status": healthy(),
        "Links": {"Volumes": []}
    });
    if model.storage == StorageStyle::Huawei {
        merge(
            &mut body,
            &json!({"Oem": {"Huawei": {
                "DriveID": number,
                "FirmwareStatus": "UnconfiguredGood",
                "Position": "chassis",
                "HoursOfPoweredUp": 1
            }}}),
        );
    }
    tree.put(model, path, "Drive.v1_9_0.Drive", body);
}
