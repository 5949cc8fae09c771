//! What a hardware type can do, asked of a conductor once and kept for the life of the process, as
//! in Ironic: properties, RAID properties, vendor methods.

use std::collections::HashMap;
use std::sync::RwLock;

use serde_json::{Map, Value};

/// Which fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// Properties and their descriptions.
    Properties,
    /// Properties of logical disks.
    RaidProperties,
    /// Vendor methods of the hardware type.
    VendorMethods,
    /// Vendor methods of its nodes.
    NodeVendorMethods,
}

/// The facts known so far. Bounded by the number of hardware types some conductor has.
#[derive(Default)]
pub struct DriverFacts(RwLock<HashMap<(Fact, String), Map<String, Value>>>);

impl DriverFacts {
    /// A fact, if it is known.
    pub fn get(&self, fact: Fact, driver: &str) -> Option<Map<String, Value>> {
        let known = self.0.read().ok()?;
        known.get(&(fact, driver.to_owned())).cloned()
    }

    /// Remembers a fact.
    pub fn put(&self, fact: Fact, driver: &str, value: &Map<String, Value>) {
        if let Ok(mut known) = self.0.write() {
            known.insert((fact, driver.to_owned()), value.clone());
        }
    }
}
