//! The switches that the machine's network adapters hear, in the words of the hook `parse-lldp`.

use drivers_redfish_client::{
    Error,
    schema::{port::Neighbour, system::ComputerSystem},
};
use serde_json::{Map, Value};

use crate::connection::NodeBmc;

/// Neighbours by the id of the port. Ports without one are left out.
pub(super) async fn neighbours(
    bmc: &NodeBmc,
    system: &ComputerSystem,
) -> Result<Map<String, Value>, Error> {
    let mut heard = Map::new();
    for port in bmc.bmc.adapter_ports(system).await? {
        let (Ok(id), Ok(neighbour)) = (port.id(), port.neighbour()) else {
            tracing::debug!(node.uuid = %bmc.node, port = %port.document().path(), "a network port is left out");
            continue;
        };
        let told = told(neighbour);
        if !told.is_empty() {
            heard.insert(id.to_owned(), Value::Object(told));
        }
    }
    Ok(heard)
}

fn told(neighbour: Neighbour) -> Map<String, Value> {
    let Neighbour {
        chassis_id,
        port_id,
        system_name,
        system_description,
        management_vlan,
    } = neighbour;
    let known = [
        ("switch_chassis_id", chassis_id.map(Value::from)),
        ("switch_port_id", port_id.map(Value::from)),
        ("switch_system_name", system_name.map(Value::from)),
        (
            "switch_system_description",
            system_description.map(Value::from),
        ),
        ("switch_vlan_id", management_vlan.map(Value::from)),
    ];
    known
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
