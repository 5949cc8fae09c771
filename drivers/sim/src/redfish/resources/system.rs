//! The `ComputerSystem`.

use serde_json::{Value, json};

use super::super::model::{Indicator, StorageStyle};
use super::super::tree::merge;
use super::{Hardware, Model, Tree, action, healthy};

pub(super) fn add(tree: &mut Tree, model: &Model, hardware: &Hardware) {
    let path = model.system();
    let below = |name: &str| model.link(&format!("{path}/{name}"));
    let mut system = json!({
        "Id": model.ids[0],
        "Name": "System",
        "SystemType": "Physical",
        "UUID": hardware.uuid(),
        "Manufacturer": model.manufacturer,
        "Model": model.product,
        "SKU": "8675309",
        "SerialNumber": hardware.serial(),
        "PartNumber": "224071-J23",
        "AssetTag": "",
        "HostName": "",
        "PowerState": "Off",
        "BiosVersion": "1.0.0",
        "Status": {"State": "Enabled", "Health": "OK", "HealthRollup": "OK"},
        "ProcessorSummary": {"Count": hardware.processors, "Model": "Multi-Core Processor", "Status": healthy()},
        "MemorySummary": {"TotalSystemMemoryGiB": hardware.modules * 32, "Status": healthy()},
        "Boot": boot(model),
        "Processors": below("Processors"),
        "Memory": below("Memory"),
        "EthernetInterfaces": below("EthernetInterfaces"),
        "Bios": below("Bios"),
        "Links": {"Chassis": [model.link(&model.chassis())], "ManagedBy": [model.link(&model.manager())]},
        "Actions": action(&path, "ComputerSystem.Reset", Some(("ResetType", model.resets))),
        "SerialConsole": console(model)
    });
    match model.indicator {
        Indicator::Led => system["IndicatorLED"] = json!("Off"),
        Indicator::Active => system["LocationIndicatorActive"] = json!(false),
    }
    if model.log_at == super::super::model::LogAt::System {
        system["LogServices"] = super::log::link(model);
    }
    if model.secure_boot {
        system["SecureBoot"] = below("SecureBoot");
    }
    if model.media_at == super::super::model::MediaAt::System {
        system["VirtualMedia"] = below("VirtualMedia");
    }
    let storage = model.link(&model.storages());
    match model.storage {
        StorageStyle::Standard => system["Storage"] = storage,
        // The standard name leads to the other place.
        StorageStyle::Huawei => system["Storage"] = storage,
    }
    merge(&mut system, &oem(model));
    tree.put(
        model,
        &path,
        "ComputerSystem.v1_13_0.ComputerSystem",
        system,
    );
}

fn boot(model: &Model) -> Value {
    let mut boot = json!({
        "BootSourceOverrideTarget": "None",
        "BootSourceOverrideTarget@Redfish.AllowableValues": model.boot_targets,
        "BootSourceOverrideEnabled": "Disabled",
        "BootSourceOverrideEnabled@Redfish.AllowableValues": model.boot_enabled,
        "BootSourceOverrideMode": "UEFI",
        "BootSourceOverrideMode@Redfish.AllowableValues": ["UEFI", "Legacy"],
        "BootOrder": ["Boot0001", "Boot0002", "Boot0003"]
    });
    if model.boot_targets.contains(&"UefiHttp") {
        boot["HttpBootUri"] = json!("");
    }
    boot
}

fn console(model: &Model) -> Value {
    let mut console = json!({"MaxConcurrentSessions": 1});
    for name in model.console {
        console[*name] = match *name {
            "SSH" => json!({"ServiceEnabled": true, "Port": 22, "SharedWithManagerCLI": true,
                "ConsoleEntryCommand": "console com2", "HotKeySequenceDisplay": "^\\"}),
            "IPMI" => json!({"ServiceEnabled": true, "Port": 623}),
            _ => json!({"ServiceEnabled": true, "Interactive": true,
                "ConsoleURI": format!("{}/SerialConsole/WebSocket", model.system())}),
        };
    }
    console
}

/// What manufacturers add that drivers read.
fn oem(model: &Model) -> Value {
    match model.vendor {
        Some("Huawei") => json!({"Oem": {"Huawei": {
            "BootupSequence": ["HardDiskDrive", "DVDROMDrive", "PXE", "Others"],
            "BootModeConfigOverIpmiEnabled": true,
            "BootModeChangeEnabled": true,
            "StorageConfigReady": 1
        }}}),
        Some("Dell") => json!({"Oem": {"Dell": {"DellSystem": {
            "@odata.type": "#DellSystem.v1_3_0.DellSystem",
            "BIOSReleaseDate": "01/01/2024"
        }}}}),
        Some("Hpe") => json!({"Oem": {"Hpe": {"PostState": "PowerOff"}}}),
        Some(vendor) => json!({"Oem": { vendor: {} }}),
        None => json!({}),
    }
}
