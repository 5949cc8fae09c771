//! POST and DELETE: actions, and members of collections.

use serde_json::{Value, json};

use super::bug::Bug;
use super::error;
use super::http::{Answer, Request};
use super::machine::Machine;
use super::resources::events::{EVENT_TYPES, SUBSCRIPTIONS};
use super::resources::{log, secure_boot, storage, update};
use super::task::{self, Effect, Pace};
use super::volume;

/// An action: the resource it is on, and its parameters.
type Act = fn(&mut Machine, &str, &Value) -> Answer;

/// THE table of actions.
const ACTIONS: [(&str, Act); 11] = [
    ("ComputerSystem.Reset", reset),
    ("Manager.Reset", reset_manager),
    ("Bios.ResetBios", reset_bios),
    ("Bios.ChangePassword", done),
    ("SecureBoot.ResetKeys", reset_keys),
    ("SecureBootDatabase.ResetKeys", reset_database),
    ("VirtualMedia.InsertMedia", insert),
    ("VirtualMedia.EjectMedia", eject),
    ("UpdateService.SimpleUpdate", simple_update),
    ("EventService.SubmitTestEvent", done),
    ("LogService.ClearLog", clear_log),
];

pub(super) fn post(machine: &mut Machine, request: &Request) -> Answer {
    let (path, body) = (request.path().to_owned(), request.json());
    if let Some((resource, name)) = path.split_once("/Actions/") {
        return act(machine, resource, name, &body);
    }
    if path == storage::volumes(machine.model) {
        return volume::post(machine, &body);
    }
    if path == SUBSCRIPTIONS {
        return subscribe(machine, &body);
    }
    match machine.tree.get(&path) {
        None => error::missing(&path),
        Some(_) => error::not_allowed("POST"),
    }
}

fn act(machine: &mut Machine, resource: &str, name: &str, body: &Value) -> Answer {
    let offered = machine
        .tree
        .get(resource)
        .and_then(|resource| resource["Actions"].get(format!("#{name}")));
    let Some(offered) = offered else {
        return error::missing(&format!("{resource}/Actions/{name}"));
    };
    for (parameter, value) in body.as_object().into_iter().flatten() {
        let values = &offered[format!("{parameter}@Redfish.AllowableValues")];
        if let Some(values) = values.as_array()
            && !values.contains(value)
        {
            return error::refuse_with(
                400,
                "ActionParameterNotSupported",
                format!(
                    "The value {value} for the parameter {parameter} of the action {name} is not supported."
                ),
                &[parameter, name],
            );
        }
    }
    match ACTIONS.iter().find(|row| row.0 == name) {
        Some((_, act)) => act(machine, resource, body),
        None => error::missing(&format!("{resource}/Actions/{name}")),
    }
}

fn done(_: &mut Machine, _: &str, _: &Value) -> Answer {
    Answer::empty(204)
}

fn clear_log(machine: &mut Machine, log: &str, _: &Value) -> Answer {
    log::empty(&mut machine.tree, machine.model, log);
    Answer::empty(204)
}

fn reset(machine: &mut Machine, _: &str, body: &Value) -> Answer {
    let Some(kind) = body["ResetType"].as_str().map(str::to_owned) else {
        return error::refuse(
            400,
            "ActionParameterMissing",
            "The parameter ResetType is missing.",
        );
    };
    let on = machine.is_on();
    machine.resets.push(kind.clone());
    match kind.as_str() {
        "On" | "ForceOn" if !on => machine.go(true, true),
        "ForceOff" | "GracefulShutdown" => machine.go(false, false),
        "PushPowerButton" => machine.go(!on, !on),
        "Nmi" | "On" | "ForceOn" => {}
        // Restarts of a machine that is off are taken and do nothing on some, start it on others.
        _ => machine.go(true, true),
    }
    Answer::empty(204)
}

fn reset_manager(machine: &mut Machine, _: &str, _: &Value) -> Answer {
    machine.restart_bmc(false);
    Answer::empty(204)
}

fn reset_bios(machine: &mut Machine, _: &str, _: &Value) -> Answer {
    machine.reset_bios();
    Answer::empty(200)
}

fn reset_keys(machine: &mut Machine, _: &str, body: &Value) -> Answer {
    let (tree, model) = (&mut machine.tree, machine.model);
    match body["ResetKeysType"].as_str() {
        Some("ResetAllKeysToDefault") => secure_boot::restore(tree, model),
        Some("DeletePK") => secure_boot::fill(tree, model, "PK", 0),
        Some("DeleteAllKeys") => {
            for (name, _) in secure_boot::DATABASES {
                secure_boot::fill(tree, model, name, 0);
            }
        }
        _ => {
            return error::refuse(
                400,
                "ActionParameterMissing",
                "The parameter ResetKeysType is missing.",
            );
        }
    }
    let setup = body["ResetKeysType"] != "ResetAllKeysToDefault";
    let mode = if setup { "SetupMode" } else { "UserMode" };
    machine.tree.change(
        &format!("{}/SecureBoot", model.system()),
        &json!({ "SecureBootMode": mode }),
    );
    Answer::empty(204)
}

fn reset_database(machine: &mut Machine, path: &str, body: &Value) -> Answer {
    let name = path.rsplit('/').next().unwrap_or_default();
    let row = secure_boot::DATABASES.iter().find(|row| row.0 == name);
    let count = match (body["ResetKeysType"].as_str(), row) {
        (Some("ResetAllKeysToDefault"), Some((_, count))) => *count,
        _ => 0,
    };
    secure_boot::fill(&mut machine.tree, machine.model, name, count);
    Answer::empty(204)
}

fn insert(machine: &mut Machine, path: &str, body: &Value) -> Answer {
    let Some(image) = body["Image"].as_str() else {
        return error::refuse(
            400,
            "ActionParameterMissing",
            "The parameter Image is missing.",
        );
    };
    let occupied = machine
        .tree
        .get(path)
        .is_some_and(|drive| drive["Inserted"] == true);
    if occupied {
        return error::refuse(
            409,
            "ResourceInUse",
            "The virtual drive already holds a medium; eject it first.",
        );
    }
    let name = image.rsplit('/').next().unwrap_or(image);
    machine.tree.change(
        path,
        &json!({
            "Image": image,
            "ImageName": name,
            "Inserted": body.get("Inserted").and_then(Value::as_bool).unwrap_or(true),
            "WriteProtected": body.get("WriteProtected").and_then(Value::as_bool).unwrap_or(true),
            "ConnectedVia": "URI"
        }),
    );
    Answer::empty(204)
}

fn eject(machine: &mut Machine, path: &str, _: &Value) -> Answer {
    machine.tree.change(
        path,
        &json!({"Image": null, "ImageName": null, "Inserted": false, "ConnectedVia": "NotConnected"}),
    );
    Answer::empty(204)
}

fn simple_update(machine: &mut Machine, _: &str, body: &Value) -> Answer {
    let Some(image) = body["ImageURI"].as_str() else {
        return error::refuse(
            400,
            "ActionParameterMissing",
            "The parameter ImageURI is missing.",
        );
    };
    let id = component(image, &body["Targets"]);
    let effect = Effect::Install(id, version(image));
    let polls = Pace::Polls(machine.timing.task_polls);
    if machine.bugs.has(&Bug::RebootDuringUpdate) {
        let answer = task::start(machine, "Update", effect.clone(), polls);
        if let Effect::Install(id, version) = effect {
            machine.install(id, &version);
        }
        machine.restart_bmc(true);
        return answer;
    }
    task::start(machine, "Update", effect, polls)
}

/// Which firmware an image is for: the target's, or the one its name speaks of.
fn component(image: &str, targets: &Value) -> &'static str {
    let target = targets[0].as_str().unwrap_or_default();
    let name = image.rsplit('/').next().unwrap_or(image).to_lowercase();
    update::FIRMWARE
        .iter()
        .map(|row| row.0)
        .find(|id| target == update::inventory(id))
        .or_else(|| {
            let named = |row: &&(&str, &str, &str)| {
                name.contains(row.0.to_lowercase().trim_end_matches(char::is_numeric))
            };
            update::FIRMWARE.iter().find(named).map(|row| row.0)
        })
        .unwrap_or("BIOS")
}

/// The version in an image's name (`bios-2.0.1.bin`), or one that is newer than all.
fn version(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map(|part| part.trim_matches('.'))
        .find(|part| part.contains('.'))
        .unwrap_or("9.9.9")
        .to_owned()
}

fn subscribe(machine: &mut Machine, body: &Value) -> Answer {
    for required in ["Destination", "Protocol"] {
        if !body[required].is_string() {
            return error::refuse_with(
                400,
                "PropertyMissing",
                format!(
                    "The property {required} is a required property and must be included in the request."
                ),
                &[required],
            );
        }
    }
    for kind in body["EventTypes"].as_array().into_iter().flatten() {
        if !EVENT_TYPES.iter().any(|known| kind == known) {
            return error::bad_value("EventTypes", kind);
        }
    }
    let id = machine.take_id();
    let path = format!("{SUBSCRIPTIONS}/{id}");
    let mut resource = body.clone();
    resource["Id"] = json!(id.to_string());
    resource["Name"] = json!("Event Subscription");
    // Never told again, as the specification wants it.
    resource["HttpHeaders"] = json!([]);
    machine.tree.put(
        machine.model,
        &path,
        "EventDestination.v1_9_0.EventDestination",
        resource,
    );
    machine.tree.join(machine.model, SUBSCRIPTIONS, &path);
    let resource = machine.tree.get(&path).cloned().unwrap_or_default();
    Answer::json(201, resource).with("Location", path)
}

pub(super) fn delete(machine: &mut Machine, path: &str) -> Answer {
    if machine.tree.get(path).is_none() {
        return error::missing(path);
    }
    let below = |collection: &str| {
        path.strip_prefix(collection)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    if below(&storage::volumes(machine.model)) {
        return volume::delete(machine, path);
    }
    if below(machine.model.sessions) {
        machine.accounts.close(path);
    } else if !below(SUBSCRIPTIONS) && !path.contains("/Certificates/") {
        return error::not_allowed("DELETE");
    }
    machine.tree.remove(path);
    Answer::empty(204)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_for_its_target_or_what_its_name_says() {
        let none = Value::Null;
        assert_eq!(component("http://x/bmc-2.1.bin", &none), "BMC");
        assert_eq!(component("http://x/nic_20.6.bin", &none), "NIC1");
        assert_eq!(component("http://x/firmware.bin", &none), "BIOS");
        let target = json!(["/redfish/v1/UpdateService/FirmwareInventory/BMC"]);
        assert_eq!(component("http://x/firmware.bin", &target), "BMC");
        assert_eq!(version("http://10.0.0.1/bios-2.0.1.bin"), "2.0.1");
        assert_eq!(version("http://10.0.0.1/firmware.bin"), "9.9.9");
    }
}
