//! `/redfish` and `/redfish/v1`, sessions and accounts.

use serde_json::json;

use super::{Hardware, Model, Tree};

pub(super) const ROOT: &str = "/redfish/v1";

pub(super) fn add(tree: &mut Tree, model: &Model, hardware: &Hardware) {
    let link = |path: &str| model.link(&format!("{ROOT}/{path}"));
    let mut root = json!({
        "Id": "RootService",
        "Name": "Root Service",
        "RedfishVersion": model.redfish,
        "UUID": hardware.uuid(),
        "Product": model.bmc,
        "Systems": link("Systems"),
        "Chassis": link("Chassis"),
        "Managers": link("Managers"),
        "Tasks": link("TaskService"),
        "SessionService": link("SessionService"),
        "UpdateService": link("UpdateService"),
        "EventService": link("EventService"),
        "Registries": link("Registries"),
        "Links": {"Sessions": model.link(model.sessions)}
    });
    if let Some(vendor) = model.vendor {
        root["Vendor"] = json!(vendor);
        root["Oem"] = json!({ vendor: {} });
    }
    tree.put(model, ROOT, "ServiceRoot.v1_9_0.ServiceRoot", root);
    for (collection, kind, member) in [
        ("Systems", "ComputerSystemCollection", model.system()),
        ("Chassis", "ChassisCollection", model.chassis()),
        ("Managers", "ManagerCollection", model.manager()),
    ] {
        tree.put_collection(model, &format!("{ROOT}/{collection}"), kind, &[member]);
    }
    tree.put(
        model,
        &format!("{ROOT}/SessionService"),
        "SessionService.v1_1_8.SessionService",
        json!({
            "Id": "SessionService",
            "Name": "Session Service",
            "ServiceEnabled": true,
            "SessionTimeout": 1800,
            "Sessions": model.link(model.sessions)
        }),
    );
    tree.put_collection(model, model.sessions, "SessionCollection", &[]);
}
