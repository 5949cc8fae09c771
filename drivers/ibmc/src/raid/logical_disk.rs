//! Logical disks as people ask for them.

use schemas_model::{Class, Fault, Uuid};
use serde_json::Value;

use super::level::{JBOD, Level};

/// A wanted volume.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LogicalDisk {
    /// Ironic's name of the level.
    pub raid_level: String,
    /// GiB; the word `MAX` is all there is.
    pub size_gb: Value,
    /// Whether the machine boots from it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_root_volume: bool,
    /// Its name; the controller gives it one otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_name: Option<String>,
    /// Whether other volumes may use its disks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub share_physical_disks: bool,
    /// `hdd`, `ssd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_type: Option<String>,
    /// `sata`, `sas`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface_type: Option<String>,
    /// How many disks it is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_of_physical_disks: Option<usize>,
    /// Id or name of the controller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controller: Option<String>,
    /// Ids, names, serial numbers or iBMC's numbers of its disks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub physical_disks: Option<Vec<String>>,
}

impl LogicalDisk {
    /// Wanted bytes; `None` is all there is.
    pub fn bytes(&self) -> Option<i64> {
        self.size_gb.as_i64().map(|gib| gib.saturating_mul(1 << 30))
    }

    /// Its level; [`parse`] has seen to it that there is one.
    pub fn level(&self) -> Level {
        Level::named(&self.raid_level).unwrap_or(JBOD)
    }

    /// The disks it names.
    pub fn named_disks(&self) -> &[String] {
        self.physical_disks.as_deref().unwrap_or_default()
    }
}

/// The logical disks of a configuration, without those that are not wanted now.
///
/// # Errors
/// `InvalidParameterValue` with the reason; `MissingParameterValue` if none is left.
pub fn parse(
    node: &Uuid,
    config: &Value,
    root: bool,
    others: bool,
) -> Result<Vec<LogicalDisk>, Fault> {
    let invalid = |why: String| {
        Fault::invalid_parameter(format!(
            "The RAID configuration of node {node} cannot be used: {why}."
        ))
    };
    let disks = config.get("logical_disks").cloned().unwrap_or_default();
    let mut disks: Vec<LogicalDisk> = match disks {
        Value::Null => Vec::new(),
        disks => serde_json::from_value(disks).map_err(|why| invalid(why.to_string()))?,
    };
    disks.retain(|disk| if disk.is_root_volume { root } else { others });
    if disks.is_empty() {
        return Err(Fault::new(
            Class::MissingParameterValue,
            format!("Node {node} has no logical disks to be created in its RAID configuration."),
        ));
    }
    for disk in &disks {
        let Some(level) = Level::named(&disk.raid_level) else {
            return Err(invalid(format!(
                "RAID level {} is not supported; supported are {}",
                disk.raid_level,
                Level::names()
            )));
        };
        let sized = disk.size_gb == "MAX" || disk.size_gb.as_i64().is_some_and(|size| size > 0);
        if !sized {
            return Err(invalid("size_gb must be positive or 'MAX'".to_owned()));
        }
        if let Some(count) = disk.number_of_physical_disks
            && count < level.min_disks()
        {
            return Err(invalid(format!(
                "number_of_physical_disks is smaller than {}, the least that RAID level {} takes",
                level.min_disks(),
                level.name
            )));
        }
    }
    Ok(disks)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wanted_now() {
        let config = json!({"logical_disks": [
            {"raid_level": "1", "size_gb": 100, "is_root_volume": true}, {"raid_level": "JBOD", "size_gb": "MAX"}]});
        let levels = |root, others| {
            let disks = parse(&Uuid::random(), &config, root, others).unwrap();
            disks
                .iter()
                .map(|disk| disk.level().name)
                .collect::<Vec<_>>()
        };
        assert_eq!(levels(true, true), ["1", "JBOD"]);
        assert_eq!(levels(true, false), ["1"]);
        let nothing = parse(&Uuid::random(), &config, false, false).unwrap_err();
        assert_eq!(nothing.class, Class::MissingParameterValue);
        for bad in [
            json!({"raid_level": "7", "size_gb": 1}),
            json!({"raid_level": "1", "size_gb": 0}),
            json!({"raid_level": "1", "size_gb": "ALL"}),
            json!({"raid_level": "5", "size_gb": 1, "number_of_physical_disks": 2}),
            json!({"size_gb": 1}),
        ] {
            let config = json!({"logical_disks": [bad.clone()]});
            assert!(
                parse(&Uuid::random(), &config, true, true).is_err(),
                "{bad}"
            );
        }
    }
}
