//! RAID configurations: THE table of properties of a logical disk, what they may be, and how they are
//! described to operators.
//!
//! Source: Ironic 39.0.0, `GET /v1/drivers/{driver}/raid/logical_disk_properties`, observed.

use schemas_model::Fault;
use serde_json::{Map, Value};

/// What a property may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Flag,
    OneOf(&'static [&'static str]),
    /// A number of GiB, or `MAX`.
    Size,
    /// At least 1.
    Count,
    /// Names of disks, or at least two hints.
    Disks,
}

/// A row: a property, what it may be, what operators are told.
struct Property {
    name: &'static str,
    kind: Kind,
    description: &'static str,
}

const PROPERTIES: &[Property] = &[
    Property {
        name: "raid_level",
        kind: Kind::OneOf(&["JBOD", "0", "1", "2", "5", "6", "1+0", "5+0", "6+0"]),
        description: "RAID level for the logical disk. Valid values are 'JBOD', '0', '1', '2', '5', '6', '1+0', '5+0' and '6+0'. Required.",
    },
    Property {
        name: "size_gb",
        kind: Kind::Size,
        description: "Size in GiB (Integer) for the logical disk. Use 'MAX' as size_gb if this logical disk is supposed to use the rest of the space available. Required.",
    },
    Property {
        name: "volume_name",
        kind: Kind::Text,
        description: "Name of the volume to be created. If this is not specified, it will be auto-generated. Optional.",
    },
    Property {
        name: "is_root_volume",
        kind: Kind::Flag,
        description: "Specifies whether this disk is a root volume. By default, this is False. Optional.",
    },
    Property {
        name: "share_physical_disks",
        kind: Kind::Flag,
        description: "Specifies whether other logical disks can share physical disks with this logical disk. By default, this is False. Optional.",
    },
    Property {
        name: "disk_type",
        kind: Kind::OneOf(&["hdd", "ssd"]),
        description: "The type of disk preferred. Valid values are 'hdd' and 'ssd'. If this is not specified, disk type will not be a selection criterion for choosing backing physical disks. Optional.",
    },
    Property {
        name: "interface_type",
        kind: Kind::OneOf(&["sata", "scsi", "sas"]),
        description: "The interface type of disk. Valid values are 'sata', 'scsi' and 'sas'. If this is not specified, interface type will not be a selection criterion for choosing backing physical disks. Optional.",
    },
    Property {
        name: "number_of_physical_disks",
        kind: Kind::Count,
        description: "Number of physical disks to use for this logical disk. By default, the driver uses the minimum number of disks required for that RAID level. Optional.",
    },
    Property {
        name: "controller",
        kind: Kind::Text,
        description: "Controller to use for this logical disk. If not specified, the driver will choose a suitable RAID controller on the bare metal node. Optional.",
    },
    Property {
        name: "physical_disks",
        kind: Kind::Disks,
        description: "The physical disks to use for this logical disk. If not specified, the driver will choose suitable physical disks to use. Optional.",
    },
];

const REQUIRED: [&str; 2] = ["raid_level", "size_gb"];

/// The properties and their descriptions.
pub fn properties() -> Map<String, Value> {
    PROPERTIES
        .iter()
        .map(|property| (property.name.to_owned(), property.description.into()))
        .collect()
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        match self {
            Kind::Text => value.is_string(),
            Kind::Flag => value.is_boolean(),
            Kind::OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
            Kind::Size => value.is_u64() || value == "MAX",
            Kind::Count => value.as_u64().is_some_and(|count| count > 0),
            Kind::Disks => value.as_array().is_some_and(|disks| {
                disks.iter().all(Value::is_string)
                    || (disks.len() >= 2 && disks.iter().all(Value::is_object))
            }),
        }
    }
}

/// Checks a target configuration.
///
/// # Errors
/// `InvalidParameterValue` with the first thing that does not fit.
pub fn check(config: &Map<String, Value>) -> Result<(), Fault> {
    check_all(config)
        .map_err(|why| Fault::invalid_parameter(format!("RAID config validation error: {why}")))
}

fn check_all(config: &Map<String, Value>) -> Result<(), String> {
    if let Some(unknown) = config.keys().find(|key| *key != "logical_disks") {
        return Err(format!(
            "'{unknown}' is not a property of a RAID configuration"
        ));
    }
    let disks = config
        .get("logical_disks")
        .ok_or("'logical_disks' is a required property")?
        .as_array()
        .ok_or("'logical_disks' is not a list")?;
    if disks.is_empty() {
        return Err("'logical_disks' is empty".to_owned());
    }
    for disk in disks {
        check_disk(disk.as_object().ok_or("a logical disk is not an object")?)?;
    }
    let roots = disks
        .iter()
        .filter(|disk| disk.get("is_root_volume") == Some(&Value::Bool(true)));
    if roots.count() > 1 {
        return Err("Raid config cannot have more than one root volume".to_owned());
    }
    Ok(())
}

fn check_disk(disk: &Map<String, Value>) -> Result<(), String> {
    for required in REQUIRED {
        if !disk.contains_key(required) {
            return Err(format!(
                "'{required}' is a required property of a logical disk"
            ));
        }
    }
    for (name, value) in disk {
        let property = PROPERTIES
            .iter()
            .find(|property| property.name == name)
            .ok_or_else(|| format!("'{name}' is not a property of a logical disk"))?;
        if !property.kind.fits(value) {
            return Err(format!("{value} is no value for '{name}'"));
        }
    }
    if disk.contains_key("physical_disks") && !disk.contains_key("controller") {
        return Err("'physical_disks' needs 'controller'".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn checked(config: Value) -> Result<(), String> {
        check_all(config.as_object().unwrap())
    }

    #[test]
    fn good_and_bad_configurations() {
        let good = json!({"logical_disks": [
            {"raid_level": "1", "size_gb": "MAX", "is_root_volume": true},
            {"raid_level": "5", "size_gb": 100, "controller": "c", "physical_disks": ["a", "b"]},
        ]});
        assert_eq!(checked(good), Ok(()));
        for bad in [
            json!({}),
            json!({"logical_disks": []}),
            json!({"logical_disks": [{"raid_level": "1"}]}),
            json!({"logical_disks": [{"raid_level": "9", "size_gb": 1}]}),
            json!({"logical_disks": [{"raid_level": "1", "size_gb": -1}]}),
            json!({"logical_disks": [{"raid_level": "1", "size_gb": 1, "x": 1}]}),
            json!({"logical_disks": [{"raid_level": "1", "size_gb": 1, "physical_disks": []}]}),
            json!({"logical_disks": [{"raid_level": "1", "size_gb": 1, "number_of_physical_disks": 0}]}),
            json!({"logical_disks": [
                {"raid_level": "1", "size_gb": 1, "is_root_volume": true},
                {"raid_level": "1", "size_gb": 1, "is_root_volume": true}]}),
            json!({"foo": 1}),
        ] {
            assert!(checked(bad.clone()).is_err(), "{bad}");
        }
    }
}
