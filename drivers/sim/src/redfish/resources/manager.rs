//! The `Manager` (the BMC itself) and its network protocols.

use serde_json::json;

use super::super::model::{LogAt, MediaAt};
use super::{Hardware, Model, Tree, action, healthy};

pub(super) fn add(tree: &mut Tree, model: &Model, hardware: &Hardware) {
    let path = model.manager();
    let mut manager = json!({
        "Id": model.ids[1],
        "Name": "Manager",
        "ManagerType": "BMC",
        "UUID": format!("b{}", &hardware.uuid()[1..]),
        "Manufacturer": model.manufacturer,
        "Model": model.bmc,
        "FirmwareVersion": "1.00",
        "DateTime": "2026-01-01T00:00:00+00:00",
        "DateTimeLocalOffset": "+00:00",
        "PowerState": "On",
        "Status": healthy(),
        "SerialConsole": {"ServiceEnabled": true, "MaxConcurrentSessions": 1, "ConnectTypesSupported": model.console},
        "GraphicalConsole": {"ServiceEnabled": true, "MaxConcurrentSessions": 4, "ConnectTypesSupported": ["KVMIP"]},
        "NetworkProtocol": model.link(&format!("{path}/NetworkProtocol")),
        "Links": {"ManagerForServers": [model.link(&model.system())], "ManagerForChassis": [model.link(&model.chassis())]},
        "Actions": action(&path, "Manager.Reset", Some(("ResetType", model.bmc_resets)))
    });
    if model.log_at == LogAt::Manager {
        manager["LogServices"] = super::log::link(model);
    }
    if model.media_at == MediaAt::Manager {
        manager["VirtualMedia"] = model.link(&model.virtual_media());
    }
    tree.put(model, &path, "Manager.v1_9_0.Manager", manager);
    let protocol = |port: u16| json!({"ProtocolEnabled": true, "Port": port});
    tree.put(
        model,
        &format!("{path}/NetworkProtocol"),
        "ManagerNetworkProtocol.v1_5_0.ManagerNetworkProtocol",
        json!({
            "Id": "NetworkProtocol",
            "Name": "Manager Network Protocol",
            "HostName": "bmc",
            "HTTPS": protocol(443),
            "SSH": protocol(22),
            "IPMI": protocol(623),
            "NTP": {"ProtocolEnabled": false, "Port": 123, "NTPServers": []},
            "Status": healthy()
        }),
    );
}
