//! The hardware types of the living conductors. Always out of the database.

use std::collections::BTreeMap;

use schemas_model::{ConductorInterface, Fault};
use schemas_rest::types::driver::DriverView;

use crate::request::Access;

/// A hardware type: where it runs, and with which interfaces.
#[derive(Debug, Default)]
pub struct Known {
    hosts: Vec<String>,
    interfaces: Vec<ConductorInterface>,
}

impl Known {
    /// The rows it is shown from.
    pub fn view<'a>(&'a self, name: &'a str) -> DriverView<'a> {
        DriverView {
            name,
            hosts: &self.hosts,
            interfaces: &self.interfaces,
        }
    }
}

/// Every hardware type, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn all<T>(access: &Access<'_, T>) -> Result<BTreeMap<String, Known>, Fault> {
    let presence = access.ring().presence;
    let offered = access.db().conductor_interface_list_alive(presence).await?;
    let mut drivers: BTreeMap<String, Known> = BTreeMap::new();
    for (conductor, interfaces) in offered {
        for interface in interfaces {
            let known = drivers.entry(interface.hardware_type.clone()).or_default();
            if !known.hosts.contains(&conductor.hostname) {
                known.hosts.push(conductor.hostname.clone());
            }
            known.interfaces.push(interface);
        }
    }
    Ok(drivers)
}
