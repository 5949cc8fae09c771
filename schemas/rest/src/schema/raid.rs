//! The RAID configuration of a node: THE table of properties of a logical disk. What they may be (as
//! JSON Schema) and how operators are told about them are derived from it.
//!
//! Source: Ironic 39.0.0, `GET /v1/drivers/{driver}/raid/logical_disk_properties` and what
//! `PUT /v1/nodes/{node}/states/raid` takes, observed.

use serde_json::{Map, Value, json};

/// A row: a property, what it may be, what operators are told.
struct Property {
    name: &'static str,
    schema: fn() -> Value,
    description: &'static str,
}

fn words(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn flag() -> Value {
    json!({"type": "boolean"})
}

const PROPERTIES: &[Property] = &[
    Property {
        name: "raid_level",
        schema: || words(&["JBOD", "0", "1", "2", "5", "6", "1+0", "5+0", "6+0"]),
        description: "RAID level for the logical disk. Valid values are 'JBOD', '0', '1', '2', '5', '6', '1+0', '5+0' and '6+0'. Required.",
    },
    Property {
        name: "size_gb",
        schema: || json!({"anyOf": [{"type": "integer", "minimum": 0}, words(&["MAX"])]}),
        description: "Size in GiB (Integer) for the logical disk. Use 'MAX' as size_gb if this logical disk is supposed to use the rest of the space available. Required.",
    },
    Property {
        name: "volume_name",
        schema: text,
        description: "Name of the volume to be created. If this is not specified, it will be auto-generated. Optional.",
    },
    Property {
        name: "is_root_volume",
        schema: flag,
        description: "Specifies whether this disk is a root volume. By default, this is False. Optional.",
    },
    Property {
        name: "share_physical_disks",
        schema: flag,
        description: "Specifies whether other logical disks can share physical disks with this logical disk. By default, this is False. Optional.",
    },
    Property {
        name: "disk_type",
        schema: || words(&["hdd", "ssd"]),
        description: "The type of disk preferred. Valid values are 'hdd' and 'ssd'. If this is not specified, disk type will not be a selection criterion for choosing backing physical disks. Optional.",
    },
    Property {
        name: "interface_type",
        schema: || words(&["sata", "scsi", "sas"]),
        description: "The interface type of disk. Valid values are 'sata', 'scsi' and 'sas'. If this is not specified, interface type will not be a selection criterion for choosing backing physical disks. Optional.",
    },
    Property {
        name: "number_of_physical_disks",
        schema: || json!({"type": "integer", "exclusiveMinimum": 0}),
        description: "Number of physical disks to use for this logical disk. By default, the driver uses the minimum number of disks required for that RAID level. Optional.",
    },
    Property {
        name: "controller",
        schema: text,
        description: "Controller to use for this logical disk. If not specified, the driver will choose a suitable RAID controller on the bare metal node. Optional.",
    },
    Property {
        name: "physical_disks",
        schema: || {
            json!({"anyOf": [
                {"type": "array", "items": {"type": "string"}},
                {"type": "array", "items": {"type": "object"}, "minItems": 2},
            ]})
        },
        description: "The physical disks to use for this logical disk. If not specified, the driver will choose suitable physical disks to use. Optional.",
    },
];

/// The properties and their descriptions.
pub fn logical_disk_properties() -> Map<String, Value> {
    PROPERTIES
        .iter()
        .map(|property| (property.name.to_owned(), property.description.into()))
        .collect()
}

/// The JSON Schema of a configuration.
pub(super) fn schema() -> Value {
    let properties: Map<String, Value> = PROPERTIES
        .iter()
        .map(|property| (property.name.to_owned(), (property.schema)()))
        .collect();
    json!({
        "type": "object",
        "properties": {
            "logical_disks": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": properties,
                    "required": ["raid_level", "size_gb"],
                    "dependentRequired": {"physical_disks": ["controller"]},
                    "additionalProperties": false,
                },
            },
        },
        "required": ["logical_disks"],
        "additionalProperties": false,
    })
}

/// Whether more than one logical disk is the root volume, which a schema can't tell.
pub(super) fn has_two_roots(config: &Value) -> bool {
    let disks = config.get("logical_disks").and_then(Value::as_array);
    let roots = disks
        .into_iter()
        .flatten()
        .filter(|disk| disk.get("is_root_volume") == Some(&Value::Bool(true)));
    roots.count() > 1
}
