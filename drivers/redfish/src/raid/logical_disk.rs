//! Logical disks as people ask for them.

use schemas_model::{Fault, Uuid};
use serde_json::{Map, Value, json};

use super::level::Level;

/// A wanted volume.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct LogicalDisk {
    pub(super) raid_level: String,
    pub(super) size_gb: Size,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_root_volume: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) volume_name: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) share_physical_disks: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) disk_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) interface_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) number_of_physical_disks: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) controller: Option<String>,
    /// Ids of drives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) physical_disks: Option<Vec<String>>,
}

/// GiB, or all there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub(super) enum Size {
    Gib(i64),
    Max(Max),
}

/// The word for all there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) enum Max {
    #[serde(rename = "MAX")]
    Max,
}

impl LogicalDisk {
    /// Wanted bytes; `None` is all there is.
    pub(super) const fn bytes(&self) -> Option<i64> {
        match self.size_gb {
            Size::Gib(gib) => Some(gib.saturating_mul(1 << 30)),
            Size::Max(Max::Max) => None,
        }
    }

    /// Its level; [`parse`] has seen to it that there is one.
    pub(super) fn level(&self) -> Option<Level> {
        Level::named(&self.raid_level)
    }
}

/// Reads a RAID configuration.
///
/// # Errors
/// `InvalidParameterValue` with the reason.
pub(super) fn parse(node: &Uuid, config: &Value) -> Result<Vec<LogicalDisk>, Fault> {
    let invalid = |why: String| {
        Fault::invalid_parameter(format!(
            "The RAID configuration of node {node} cannot be used: {why}."
        ))
    };
    let disks = config
        .get("logical_disks")
        .cloned()
        .ok_or_else(|| invalid("it has no logical_disks".to_owned()))?;
    let disks: Vec<LogicalDisk> =
        serde_json::from_value(disks).map_err(|why| invalid(why.to_string()))?;
    for disk in &disks {
        if disk.level().is_none() {
            return Err(invalid(format!(
                "RAID level {} is not supported; supported are {}",
                disk.raid_level,
                Level::names()
            )));
        }
        if disk.bytes().is_none() && disk.physical_disks.is_none() {
            return Err(invalid("size_gb 'MAX' needs physical_disks".to_owned()));
        }
        if disk.bytes().is_some_and(|bytes| bytes <= 0) {
            return Err(invalid("size_gb must be positive or 'MAX'".to_owned()));
        }
    }
    Ok(disks)
}

/// The configuration again, for `target_raid_config`.
pub(super) fn as_config(disks: &[LogicalDisk]) -> Map<String, Value> {
    Map::from_iter([("logical_disks".to_owned(), json!(disks))])
}
