//! Volumes: planned from a request in the model's dialect, made, and removed.

use serde_json::{Value, json};

use super::error;
use super::http::Answer;
use super::machine::Machine;
use super::model::{StorageStyle, VolumeChange};
use super::resources::storage;
use super::task::{self, Effect, Pace};

/// A volume that can be made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    level: String,
    name: String,
    bytes: u64,
    disks: Vec<usize>,
    spans: u64,
}

/// A RAID level: name, fewest disks, and how many of so many are lost to redundancy.
type Level = (&'static str, usize, fn(u64) -> u64);

/// THE RAID levels.
const LEVELS: [Level; 8] = [
    ("RAID0", 1, |_| 0),
    ("RAID1", 2, |disks| disks - 1),
    ("RAID5", 3, |_| 1),
    ("RAID6", 4, |_| 2),
    ("RAID10", 4, |disks| disks / 2),
    ("RAID50", 6, |_| 2),
    ("RAID60", 8, |_| 4),
    ("JBOD", 1, |_| 0),
];

/// Takes a request for a volume.
pub(super) fn post(machine: &mut Machine, body: &Value) -> Answer {
    let plan = match machine.model.storage {
        StorageStyle::Standard => plan_standard(machine, body),
        StorageStyle::Huawei => plan_huawei(machine, body),
    };
    let plan = match plan {
        Ok(plan) => plan,
        Err(refusal) => return *refusal,
    };
    match machine.model.volumes {
        VolumeChange::AtOnce => {
            let path = create(machine, &plan);
            let resource = machine.tree.get(&path).cloned().unwrap_or_default();
            Answer::json(201, resource).with("Location", path)
        }
        VolumeChange::Task => {
            let polls = Pace::Polls(machine.timing.task_polls);
            task::start(machine, "Create volume", Effect::Create(plan), polls)
        }
        VolumeChange::OnReset => {
            task::start(machine, "Create volume", Effect::Create(plan), Pace::Start)
        }
    }
}

/// Takes a request to delete a volume.
pub(super) fn delete(machine: &mut Machine, path: &str) -> Answer {
    let effect = Effect::Delete(path.to_owned());
    match machine.model.volumes {
        VolumeChange::AtOnce => {
            remove(machine, path);
            Answer::empty(204)
        }
        VolumeChange::Task => {
            let polls = Pace::Polls(machine.timing.task_polls);
            task::start(machine, "Delete volume", effect, polls)
        }
        VolumeChange::OnReset => task::start(machine, "Delete volume", effect, Pace::Start),
    }
}

fn bad(property: &str, value: &Value) -> Box<Answer> {
    Box::new(error::bad_value(property, value))
}

fn plan_standard(machine: &Machine, body: &Value) -> Result<Plan, Box<Answer>> {
    let level = body["RAIDType"]
        .as_str()
        .ok_or_else(|| bad("RAIDType", &body["RAIDType"]))?;
    let links = body["Links"]["Drives"]
        .as_array()
        .or_else(|| body["Drives"].as_array());
    let disks = match links {
        None => None,
        Some(links) => {
            let mut disks = Vec::new();
            for link in links {
                let path = link["@odata.id"].as_str().unwrap_or_default();
                let number = (0..machine.hardware.disks.len()).find(|number| {
                    storage::disk(machine.model, *number) == path.trim_end_matches('/')
                });
                disks.push(number.ok_or_else(|| bad("Links/Drives", link))?);
            }
            Some(disks)
        }
    };
    let name = body["Name"]
        .as_str()
        .or_else(|| body["DisplayName"].as_str());
    plan(
        machine,
        level,
        name,
        body["CapacityBytes"].as_u64(),
        disks,
        1,
    )
}

fn plan_huawei(machine: &Machine, body: &Value) -> Result<Plan, Box<Answer>> {
    let oem = &body["Oem"]["Huawei"];
    let level = oem["VolumeRaidLevel"]
        .as_str()
        .ok_or_else(|| bad("Oem/Huawei/VolumeRaidLevel", &oem["VolumeRaidLevel"]))?;
    let wanted = oem["Drives"]
        .as_array()
        .ok_or_else(|| bad("Oem/Huawei/Drives", &oem["Drives"]))?;
    let mut disks = Vec::new();
    for id in wanted {
        let number = id.as_u64().and_then(|id| usize::try_from(id).ok());
        disks.push(number.ok_or_else(|| bad("Oem/Huawei/Drives", id))?);
    }
    plan(
        machine,
        level,
        oem["VolumeName"].as_str(),
        body["CapacityBytes"].as_u64(),
        Some(disks),
        oem["SpanNumber"].as_u64().unwrap_or(1).max(1),
    )
}

fn plan(
    machine: &Machine,
    level: &str,
    name: Option<&str>,
    bytes: Option<u64>,
    disks: Option<Vec<usize>>,
    spans: u64,
) -> Result<Plan, Box<Answer>> {
    let known = LEVELS
        .iter()
        .find(|row| row.0 == level && (level == "JBOD" || machine.model.raid.contains(&level)));
    let (_, fewest, lost) = known.ok_or_else(|| bad("RAIDType", &json!(level)))?;
    let free = |number: &usize| is_free(machine, *number);
    let disks = disks.unwrap_or_else(|| {
        let count = machine.hardware.disks.len();
        (0..count).filter(free).take(*fewest).collect()
    });
    if disks.len() < *fewest || !disks.iter().all(free) {
        return Err(bad("Drives", &json!(disks)));
    }
    let smallest = disks
        .iter()
        .filter_map(|number| machine.hardware.disks.get(*number))
        .map(|disk| disk.bytes)
        .min()
        .unwrap_or_default();
    let count = disks.len() as u64;
    let most = smallest * (count - lost(count).min(count));
    let bytes = bytes.unwrap_or(most);
    if bytes == 0 || bytes > most {
        return Err(bad("CapacityBytes", &json!(bytes)));
    }
    Ok(Plan {
        level: level.to_owned(),
        name: name.unwrap_or_default().to_owned(),
        bytes,
        disks,
        spans,
    })
}

fn is_free(machine: &Machine, number: usize) -> bool {
    machine
        .tree
        .get(&storage::disk(machine.model, number))
        .is_some_and(|disk| {
            disk["Links"]["Volumes"]
                .as_array()
                .is_some_and(Vec::is_empty)
        })
}

/// Makes a volume; returns its path.
pub(super) fn create(machine: &mut Machine, plan: &Plan) -> String {
    let model = machine.model;
    let number = machine.take_id();
    let id = match model.storage {
        StorageStyle::Standard => format!("Volume.{number}"),
        StorageStyle::Huawei => format!("LogicalDrive{number}"),
    };
    let collection = storage::volumes(model);
    let path = format!("{collection}/{id}");
    let disks: Vec<String> = plan
        .disks
        .iter()
        .map(|number| storage::disk(model, *number))
        .collect();
    let links: Vec<Value> = disks.iter().map(|disk| model.link(disk)).collect();
    let name = if plan.name.is_empty() {
        &id
    } else {
        &plan.name
    };
    let mut body = json!({
        "Id": id,
        "Name": name,
        "CapacityBytes": plan.bytes,
        "Status": {"State": "Enabled", "Health": "OK"},
        "Links": {"Drives": links}
    });
    match model.storage {
        StorageStyle::Standard => {
            body["RAIDType"] = json!(plan.level);
            body["DisplayName"] = json!(name);
        }
        StorageStyle::Huawei => {
            body["Oem"] = json!({"Huawei": {
                "VolumeName": name,
                "VolumeRaidLevel": plan.level,
                "RaidControllerID": 0,
                "SpanNumber": plan.spans,
                "BootEnable": false,
                "DriveCacheStrategy": "Unchanged"
            }});
        }
    }
    machine.tree.put(model, &path, "Volume.v1_4_1.Volume", body);
    machine.tree.join(model, &collection, &path);
    for disk in &disks {
        machine
            .tree
            .change(disk, &json!({"Links": {"Volumes": [model.link(&path)]}}));
        firmware_status(machine, disk, "Online");
    }
    path
}

/// Removes a volume and frees its disks.
pub(super) fn remove(machine: &mut Machine, path: &str) {
    let disks: Vec<String> = machine
        .tree
        .get(path)
        .and_then(|volume| volume["Links"]["Drives"].as_array())
        .into_iter()
        .flatten()
        .filter_map(|link| link["@odata.id"].as_str())
        .map(|link| link.trim_end_matches('/').to_owned())
        .collect();
    for disk in disks {
        machine
            .tree
            .change(&disk, &json!({"Links": {"Volumes": []}}));
        firmware_status(machine, &disk, "UnconfiguredGood");
    }
    machine.tree.remove(path);
}

fn firmware_status(machine: &mut Machine, disk: &str, status: &str) {
    if machine.model.storage == StorageStyle::Huawei {
        machine.tree.change(
            disk,
            &json!({"Oem": {"Huawei": {"FirmwareStatus": status}}}),
        );
    }
}
