//! A machine with a BMC for tests: a tree of JSON resources, changed by PATCH and by reset actions.
#![allow(dead_code, reason = "each test file uses a part")]

#[path = "../../../redfish-client/tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use support::{Act, FakeBmc, Seen};

pub const SYSTEM: &str = "/redfish/v1/Systems/1";

type Refusal = Box<dyn Fn(&str, &Value) -> Option<(u16, Value)> + Send + Sync>;

pub struct FakeMachine {
    pub bmc: FakeBmc,
    tree: Arc<Mutex<BTreeMap<String, Value>>>,
}

impl FakeMachine {
    /// A machine that is off, with what sushy-emulator shows of one.
    pub async fn start() -> Self {
        Self::refusing(|_, _| None).await
    }

    /// The same, refusing what `refuse` (called with `METHOD path` and body) has an answer for.
    pub async fn refusing(
        refuse: impl Fn(&str, &Value) -> Option<(u16, Value)> + Send + Sync + 'static,
    ) -> Self {
        let tree = Arc::new(Mutex::new(resources()));
        let (shared, refuse): (_, Refusal) = (Arc::clone(&tree), Box::new(refuse));
        let bmc = FakeBmc::start(move |seen, _| answer(&shared, &refuse, seen)).await;
        FakeMachine { bmc, tree }
    }

    /// A member of a resource, by JSON pointer.
    pub fn at(&self, path: &str, pointer: &str) -> Value {
        self.tree.lock().unwrap()[path]
            .pointer(pointer)
            .cloned()
            .unwrap_or_default()
    }

    /// Changes a resource behind the BMC's back.
    pub fn change(&self, path: &str, patch: Value) {
        merge(
            self.tree
                .lock()
                .unwrap()
                .entry(path.to_owned())
                .or_insert_with(|| json!({})),
            &patch,
        );
    }

    /// Takes a resource away.
    pub fn remove(&self, path: &str) {
        self.tree.lock().unwrap().remove(path);
    }

    /// Bodies of the requests `METHOD path`.
    pub fn bodies(&self, line: &str) -> Vec<Value> {
        let seen = self.bmc.seen();
        seen.iter()
            .filter(|seen| seen.line() == line)
            .map(|seen| serde_json::from_str(&seen.body).unwrap_or_default())
            .collect()
    }
}

fn answer(tree: &Mutex<BTreeMap<String, Value>>, refuse: &Refusal, seen: &Seen) -> Act {
    let body: Value = serde_json::from_str(&seen.body).unwrap_or_default();
    if let Some((status, body)) = refuse(&seen.line(), &body) {
        return support::json(status, body);
    }
    let mut tree = tree.lock().unwrap();
    match seen.method.as_str() {
        "GET" => match tree.get(&seen.path) {
            Some(resource) => support::json(200, resource.clone()),
            None => support::json(404, json!({"error": {"message": "no such resource"}})),
        },
        "PATCH" => match tree.get_mut(&seen.path) {
            Some(resource) => {
                merge(resource, &body);
                Act::Say(204, vec![], String::new())
            }
            None => support::json(404, json!({})),
        },
        "POST" => act(&mut tree, &seen.path, &body),
        "DELETE" if tree.remove(&seen.path).is_some() => {
            for resource in tree.values_mut() {
                if let Some(members) = resource.get_mut("Members").and_then(Value::as_array_mut) {
                    members.retain(|member| member["@odata.id"] != seen.path.as_str());
                }
            }
            Act::Say(204, vec![], String::new())
        }
        _ => support::json(405, json!({})),
    }
}

fn act(tree: &mut BTreeMap<String, Value>, path: &str, body: &Value) -> Act {
    let done = Act::Say(204, vec![], String::new());
    match path.rsplit_once("/Actions/") {
        Some((system, "ComputerSystem.Reset")) => {
            let state = match body["ResetType"].as_str().unwrap_or_default() {
                "ForceOff" | "GracefulShutdown" => "Off",
                "Nmi" => return done,
                _ => "On",
            };
            merge(
                tree.get_mut(system).unwrap(),
                &json!({ "PowerState": state }),
            );
            // Pending BIOS settings take effect.
            if let Some(pending) = tree.remove("/redfish/v1/Systems/1/Bios/Settings") {
                merge(
                    tree.get_mut("/redfish/v1/Systems/1/Bios").unwrap(),
                    &json!({"Attributes": pending["Attributes"]}),
                );
                tree.insert(
                    "/redfish/v1/Systems/1/Bios/Settings".to_owned(),
                    json!({"Attributes": {}}),
                );
            }
            done
        }
        Some((drive, "VirtualMedia.InsertMedia")) => {
            merge(
                tree.get_mut(drive).unwrap(),
                &json!({"Inserted": true, "Image": body["Image"]}),
            );
            done
        }
        Some((drive, "VirtualMedia.EjectMedia")) => {
            merge(
                tree.get_mut(drive).unwrap(),
                &json!({"Inserted": false, "Image": ""}),
            );
            done
        }
        Some(_) => done,
        None if path.ends_with("/Volumes") => {
            let count = tree[path]["Members"].as_array().unwrap().len();
            let location = format!("{path}/v{count}");
            let mut made = body.clone();
            made["Id"] = json!(format!("v{count}"));
            tree.insert(location.clone(), made);
            let members = tree.get_mut(path).unwrap()["Members"]
                .as_array_mut()
                .unwrap();
            members.push(link(&location));
            Act::Say(201, vec![("Location", location)], String::new())
        }
        None if path.ends_with("/Subscriptions") => {
            let mut made = body.clone();
            made["Id"] = json!("7");
            let location = format!("{path}/7");
            tree.insert(location.clone(), made);
            Act::Say(201, vec![("Location", location)], String::new())
        }
        None => support::json(405, json!({})),
    }
}

/// JSON merge patch, without removal.
fn merge(into: &mut Value, patch: &Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, patch) => *into = patch.clone(),
    }
}

fn link(path: &str) -> Value {
    json!({ "@odata.id": path })
}

fn resources() -> BTreeMap<String, Value> {
    let at = |tail: &str| format!("{SYSTEM}{tail}");
    let drive = |name: &str, types: Value| {
        json!({"Id": name, "Name": name, "MediaTypes": types, "Inserted": false, "Image": "", "Actions": {
            "#VirtualMedia.InsertMedia": {"target": format!("{SYSTEM}/VirtualMedia/{name}/Actions/VirtualMedia.InsertMedia")},
            "#VirtualMedia.EjectMedia": {"target": format!("{SYSTEM}/VirtualMedia/{name}/Actions/VirtualMedia.EjectMedia")}}})
    };
    let rows: Vec<(String, Value)> = vec![
        (
            "/redfish/v1/".into(),
            json!({"Systems": link("/redfish/v1/Systems"), "EventService": link("/redfish/v1/EventService"), "Registries": link("/redfish/v1/Registries")}),
        ),
        (
            "/redfish/v1/Systems".into(),
            json!({"Members": [link(SYSTEM)]}),
        ),
        (SYSTEM.into(), system()),
        (
            at("/Bios"),
            json!({"Id": "BIOS", "AttributeRegistry": "BiosAttributeRegistryP89.v1_0_0",
            "Attributes": {"BootMode": "Uefi", "NumCores": 10, "QuietBoot": "true"},
            "@Redfish.Settings": {"SettingsObject": link(&at("/Bios/Settings"))},
            "Actions": {"#Bios.ResetBios": {"target": at("/Bios/Actions/Bios.ResetBios")}}}),
        ),
        (at("/Bios/Settings"), json!({"Attributes": {}})),
        (
            "/redfish/v1/Registries".into(),
            json!({"Members": [link("/redfish/v1/Registries/Messages"), link("/redfish/v1/Registries/BiosAttributeRegistry.v1_0_0")]}),
        ),
        (
            "/redfish/v1/Registries/Messages".into(),
            json!({"Registry": "Base.1.0"}),
        ),
        (
            "/redfish/v1/Registries/BiosAttributeRegistry.v1_0_0".into(),
            json!({"Registry": "BiosAttributeRegistry1.0",
            "Location": [{"Language": "en", "Uri": "/redfish/v1/Registries/Bios"}]}),
        ),
        (
            "/redfish/v1/Registries/Bios".into(),
            json!({"Id": "BiosAttributeRegistryP89.v1_0_0", "RegistryEntries": {"Attributes": [
            {"AttributeName": "NumCores", "Type": "Integer", "LowerBound": 1, "UpperBound": 10, "ReadOnly": false}]}}),
        ),
        (
            at("/SecureBoot"),
            json!({"Id": "SecureBoot", "SecureBootEnable": false}),
        ),
        (
            at("/VirtualMedia"),
            json!({"Members": [link(&at("/VirtualMedia/Cd")), link(&at("/VirtualMedia/Floppy"))]}),
        ),
        (at("/VirtualMedia/Cd"), drive("Cd", json!(["CD", "DVD"]))),
        (
            at("/VirtualMedia/Floppy"),
            drive("Floppy", json!(["Floppy", "USBStick"])),
        ),
        (
            at("/EthernetInterfaces"),
            json!({"Members": [link(&at("/EthernetInterfaces/1")), link(&at("/EthernetInterfaces/2"))]}),
        ),
        (
            at("/EthernetInterfaces/1"),
            json!({"Id": "1", "MACAddress": "52:54:00:77:00:AA", "Status": {"State": "Enabled"}, "SpeedMbps": 10000}),
        ),
        (
            at("/EthernetInterfaces/2"),
            json!({"Id": "2", "MACAddress": "52:54:00:77:00:bb", "Status": {"State": "Disabled"}}),
        ),
        (
            at("/Processors"),
            json!({"Members": [link(&at("/Processors/1"))]}),
        ),
        (
            at("/Processors/1"),
            json!({"Id": "1", "InstructionSet": "x86-64", "TotalThreads": 16, "Model": "CPU", "MaxSpeedMHz": 3700}),
        ),
        (
            at("/Storage"),
            json!({"Members": [link(&at("/Storage/1"))]}),
        ),
        (
            at("/Storage/1"),
            json!({"Id": "1", "Name": "Controller", "Drives": [link(&at("/Storage/1/Drives/a"))]}),
        ),
        (
            at("/Storage/1/Drives/a"),
            json!({"Id": "a", "Name": "Drive a", "CapacityBytes": 107_374_182_400_i64, "MediaType": "SSD", "Model": "M",
            "IndicatorLED": "Off", "Status": {"Health": "OK"}}),
        ),
        (
            "/redfish/v1/Chassis/1".into(),
            json!({"Id": "1", "UUID": "c-uuid", "IndicatorLED": "Lit", "Thermal": link("/redfish/v1/Chassis/1/Thermal"), "Power": link("/redfish/v1/Chassis/1/Power")}),
        ),
        (
            "/redfish/v1/Chassis/1/Thermal".into(),
            json!({"Fans": [{"MemberId": "0", "Reading": 2100, "ReadingUnits": "RPM", "Status": {"State": "Enabled", "Health": "OK"}}],
            "Temperatures": [{"MemberId": "0", "ReadingCelsius": 41.5, "SensorNumber": 3}, {"MemberId": "1", "ReadingCelsius": {"odd": 1}}]}),
        ),
        (
            "/redfish/v1/Chassis/1/Power".into(),
            json!({"Id": "Power", "PowerSupplies": [{"MemberId": "0", "PowerCapacityWatts": 800}]}),
        ),
        (
            "/redfish/v1/Managers/1".into(),
            json!({"Id": "1", "FirmwareVersion": "1.00", "Model": "BMC 200", "DateTime": "2020-01-01T00:00:00+00:00", "DateTimeLocalOffset": "+00:00"}),
        ),
        (
            "/redfish/v1/EventService".into(),
            json!({"EventTypesForSubscription": ["Alert", "StatusChange"], "Subscriptions": link("/redfish/v1/EventService/Subscriptions")}),
        ),
        (
            "/redfish/v1/EventService/Subscriptions".into(),
            json!({"Members": []}),
        ),
    ];
    rows.into_iter().collect()
}

fn system() -> Value {
    let mut system = json!({
        "Id": "1", "UUID": "s-uuid", "Manufacturer": "Sushy Emulator", "Model": "M1", "PowerState": "Off", "IndicatorLED": "Off", "BiosVersion": "1.0.0",
        "Status": {"State": "Enabled", "Health": "OK"},
        "MemorySummary": {"TotalSystemMemoryGiB": 96},
        "Boot": {"BootSourceOverrideEnabled": "Continuous", "BootSourceOverrideTarget": "Hdd", "BootSourceOverrideMode": "UEFI",
            "BootSourceOverrideTarget@Redfish.AllowableValues": ["Pxe", "Cd", "Hdd"]},
        "Links": {"Chassis": [link("/redfish/v1/Chassis/1")], "ManagedBy": [link("/redfish/v1/Managers/1")]},
        "Actions": {"#ComputerSystem.Reset": {"target": format!("{SYSTEM}/Actions/ComputerSystem.Reset"),
            "ResetType@Redfish.AllowableValues": ["On", "ForceOff", "GracefulShutdown", "GracefulRestart", "ForceRestart", "Nmi"]}}});
    let links: Map<String, Value> = [
        "Bios",
        "SecureBoot",
        "VirtualMedia",
        "EthernetInterfaces",
        "Processors",
        "Storage",
    ]
    .into_iter()
    .map(|name| (name.to_owned(), link(&format!("{SYSTEM}/{name}"))))
    .collect();
    merge(&mut system, &Value::Object(links));
    system
}
