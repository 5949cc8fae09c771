//! A volume as it is ordered from the BMC, and as it is kept with the node while it has to wait for
//! another one (Ironic 39.0.0's shape).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::level::Level;
use super::plan::{PhysicalDisk, Planned};

/// Orders by the id of their storage.
pub(super) type Orders = BTreeMap<String, Vec<Order>>;

/// One volume.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Order {
    /// Id of the storage.
    pub(super) controller: String,
    /// Ids of its drives.
    pub(super) physical_disks: Vec<String>,
    /// Ironic's name of the level.
    pub(super) raid_level: String,
    /// Bytes; the word `MAX` lets the controller take all there is.
    size_bytes: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) volume_name: Option<String>,
    /// What else a Python conductor keeps.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl Order {
    fn of(planned: &Planned, disks: &[PhysicalDisk]) -> Option<Self> {
        let of_volume = || planned.disks.iter().filter_map(|index| disks.get(*index));
        Some(Order {
            controller: of_volume().next()?.storage.clone(),
            physical_disks: of_volume().map(|disk| disk.id.clone()).collect(),
            raid_level: planned.level.name.to_owned(),
            size_bytes: planned.bytes.map_or_else(|| "MAX".into(), Value::from),
            volume_name: planned.name.clone(),
            rest: Map::new(),
        })
    }

    /// Bytes; `None` is all there is.
    pub(super) fn bytes(&self) -> Option<i64> {
        self.size_bytes.as_i64()
    }

    /// Its level, if this release knows it.
    pub(super) fn level(&self) -> Option<Level> {
        Level::named(&self.raid_level)
    }
}

/// What is to be ordered from each storage.
pub(super) fn orders(planned: &[Planned], disks: &[PhysicalDisk]) -> Orders {
    let mut orders = Orders::new();
    for order in planned
        .iter()
        .filter_map(|planned| Order::of(planned, disks))
    {
        orders
            .entry(order.controller.clone())
            .or_default()
            .push(order);
    }
    orders
}
