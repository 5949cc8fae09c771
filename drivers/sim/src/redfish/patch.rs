//! PATCH: what can be written, with the rules of the model.

use serde_json::{Map, Value, json};

use super::error;
use super::http::{Answer, Request};
use super::machine::Machine;
use super::model::{BootRule, ETags, IfMatch, MediaBy};
use super::tree::merge;

/// A rule checks a PATCH before it is merged.
type Rule = fn(&mut Machine, &str, &Map<String, Value>) -> Result<(), Answer>;

/// THE table of what can be written: schema, members, further rules.
const WRITABLE: [(&str, &[&str], Rule); 10] = [
    (
        "ComputerSystem",
        &[
            "Boot",
            "IndicatorLED",
            "LocationIndicatorActive",
            "AssetTag",
            "HostName",
            "Oem",
        ],
        system,
    ),
    ("Bios", &["Attributes", "@Redfish.SettingsApplyTime"], bios),
    ("SecureBoot", &["SecureBootEnable"], secure_boot),
    (
        "Manager",
        &["DateTime", "DateTimeLocalOffset", "SerialConsole"],
        manager,
    ),
    (
        "ManagerNetworkProtocol",
        &["NTP", "IPMI", "SSH", "HTTPS", "HostName"],
        anything,
    ),
    (
        "Chassis",
        &["IndicatorLED", "LocationIndicatorActive", "AssetTag"],
        indicator,
    ),
    ("Drive", &["IndicatorLED", "HotspareType", "Oem"], indicator),
    ("Volume", &["Name", "DisplayName", "Oem"], anything),
    ("Storage", &["StorageControllers", "Oem"], anything),
    (
        "VirtualMedia",
        &[
            "Image",
            "Inserted",
            "WriteProtected",
            "UserName",
            "Password",
            "TransferProtocolType",
        ],
        medium,
    ),
];

pub(super) fn patch(machine: &mut Machine, request: &Request) -> Answer {
    let path = request.path().to_owned();
    let Some(resource) = machine.tree.get(&path) else {
        return error::missing(&path);
    };
    let kind = resource["@odata.type"].as_str().unwrap_or_default();
    let kind = kind
        .trim_start_matches('#')
        .split('.')
        .next()
        .unwrap_or_default();
    let Some((_, members, rule)) = WRITABLE.iter().find(|row| row.0 == kind) else {
        return error::not_allowed("PATCH");
    };
    if let Some(refusal) = precondition(machine, request, &path) {
        return refusal;
    }
    let Value::Object(body) = request.json() else {
        return error::refuse(
            400,
            "MalformedJSON",
            "The request body is not a JSON object.",
        );
    };
    if let Some(unknown) = body.keys().find(|key| !members.contains(&key.as_str())) {
        return error::unknown_property(unknown);
    }
    if let Err(refusal) = rule(machine, &path, &body) {
        return refusal;
    }
    write(machine, &path, body);
    let resource = machine.tree.get(&path).cloned().unwrap_or_default();
    let answer = Answer::json(200, resource);
    match machine.tree.etag(machine.model, &path) {
        Some(tag) => answer.with("ETag", tag),
        None => answer,
    }
}

/// Merges; members of lists are merged by their place where the request is a list of objects.
fn write(machine: &mut Machine, path: &str, body: Map<String, Value>) {
    let mut body = Value::Object(body);
    if let (Some(Value::Array(patches)), Some(resource)) = (
        body.get("StorageControllers").cloned(),
        machine.tree.get(path),
    ) {
        let mut items = resource["StorageControllers"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for (item, patch) in items.iter_mut().zip(&patches) {
            merge(item, patch);
        }
        body["StorageControllers"] = json!(items);
    }
    machine.tree.change(path, &body);
}

fn precondition(machine: &Machine, request: &Request, path: &str) -> Option<Answer> {
    let tag = machine.tree.etag(machine.model, path)?;
    let weak = |tag: &str| tag.trim_start_matches("W/").to_owned();
    match request.header("if-match") {
        None if machine.model.if_match == IfMatch::Required => Some(error::refuse(
            428,
            "PreconditionRequired",
            "A precondition header or annotation is required to change this resource.",
        )),
        None | Some("*") => None,
        Some(given) if given == tag => None,
        Some(given) if machine.model.etags == ETags::Weak && weak(given) == weak(&tag) => None,
        Some(_) => Some(changed()),
    }
}

/// The resource has changed in between.
pub(super) fn changed() -> Answer {
    error::refuse(
        412,
        "PreconditionFailed",
        "The ETag supplied did not match the ETag required to change this resource.",
    )
}

fn anything(_: &mut Machine, _: &str, _: &Map<String, Value>) -> Result<(), Answer> {
    Ok(())
}

fn one_of(property: &str, value: &Value, values: &[&str]) -> Result<(), Answer> {
    match value.as_str() {
        Some(text) if values.contains(&text) => Ok(()),
        _ => Err(error::bad_value(property, value)),
    }
}

fn indicator(machine: &mut Machine, path: &str, body: &Map<String, Value>) -> Result<(), Answer> {
    let has = |name: &str| {
        machine
            .tree
            .get(path)
            .is_some_and(|resource| resource.get(name).is_some())
    };
    for (name, value) in body {
        match name.as_str() {
            "IndicatorLED" | "LocationIndicatorActive" if !has(name) => {
                return Err(error::unknown_property(name));
            }
            "IndicatorLED" => one_of(name, value, &["Lit", "Blinking", "Off"])?,
            "LocationIndicatorActive" if !value.is_boolean() => {
                return Err(error::bad_value(name, value));
            }
            _ => {}
        }
    }
    Ok(())
}

fn system(machine: &mut Machine, path: &str, body: &Map<String, Value>) -> Result<(), Answer> {
    indicator(machine, path, body)?;
    let Some(boot) = body.get("Boot") else {
        return Ok(());
    };
    let Some(boot) = boot.as_object() else {
        return Err(error::bad_value("Boot", boot));
    };
    let model = machine.model;
    let has = |name: &str| boot.contains_key(name);
    let target = has("BootSourceOverrideTarget");
    let (enabled, mode) = (
        has("BootSourceOverrideEnabled"),
        has("BootSourceOverrideMode"),
    );
    let complete = match model.boot_rule {
        BootRule::Any => true,
        BootRule::EnabledWithTarget => !target || enabled,
        BootRule::Whole => !(target || enabled || mode) || (target && enabled && mode),
    };
    if !complete {
        return Err(error::refuse(
            400,
            "PropertyMissing",
            "The members BootSourceOverrideEnabled, BootSourceOverrideMode and BootSourceOverrideTarget belong together.",
        ));
    }
    for (name, value) in boot {
        match name.as_str() {
            "BootSourceOverrideTarget" => one_of(name, value, model.boot_targets)?,
            "BootSourceOverrideEnabled" => one_of(name, value, model.boot_enabled)?,
            "BootSourceOverrideMode" => one_of(name, value, &["UEFI", "Legacy"])?,
            "HttpBootUri" if model.boot_targets.contains(&"UefiHttp") => {}
            "BootOrder" | "UefiTargetBootSourceOverride" | "BootNext" => {}
            other => return Err(error::unknown_property(other)),
        }
    }
    Ok(())
}

fn bios(machine: &mut Machine, path: &str, body: &Map<String, Value>) -> Result<(), Answer> {
    if path != machine.model.bios_settings() {
        return Err(error::not_allowed("PATCH"));
    }
    let attributes = body.get("Attributes").and_then(Value::as_object);
    for (name, value) in attributes.into_iter().flatten() {
        let known = machine
            .model
            .attributes
            .iter()
            .find(|row| row.name == *name);
        let attribute = known.ok_or_else(|| error::unknown_property(name))?;
        if attribute.read_only {
            return Err(error::refuse_with(
                400,
                "PropertyNotWritable",
                format!(
                    "The property {name} is a read only property and cannot be assigned a value."
                ),
                &[name],
            ));
        }
        if !attribute.default.takes(value) {
            return Err(error::bad_value(name, value));
        }
    }
    Ok(())
}

fn secure_boot(_: &mut Machine, _: &str, body: &Map<String, Value>) -> Result<(), Answer> {
    match body.get("SecureBootEnable") {
        Some(value) if !value.is_boolean() => Err(error::bad_value("SecureBootEnable", value)),
        _ => Ok(()),
    }
}

fn manager(_: &mut Machine, _: &str, body: &Map<String, Value>) -> Result<(), Answer> {
    match body.get("DateTime") {
        Some(value) => match value.as_str().map(chrono::DateTime::parse_from_rfc3339) {
            Some(Ok(_)) => Ok(()),
            _ => Err(error::bad_value("DateTime", value)),
        },
        None => Ok(()),
    }
}

fn medium(machine: &mut Machine, path: &str, body: &Map<String, Value>) -> Result<(), Answer> {
    if machine.model.media_by != MediaBy::Patch {
        return Err(error::not_allowed("PATCH"));
    }
    let inserted = body.get("Image").is_some_and(Value::is_string);
    let connected = if inserted { "URI" } else { "NotConnected" };
    machine.tree.change(
        path,
        &json!({"Inserted": inserted, "ConnectedVia": connected}),
    );
    Ok(())
}
