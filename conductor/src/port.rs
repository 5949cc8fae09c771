//! Ports: blank ones, and which physical network the ports of a group are on.

use schemas_db::{Database, Page, PortFilter};
use schemas_model::ids::PortId;
use schemas_model::{Class, Fault, NodeId, Object, Port, Uuid};

/// A port with nothing but a node and an address.
pub fn blank(node: NodeId, address: &str, pxe_enabled: bool) -> Port {
    Port {
        id: PortId(0),
        uuid: Uuid::random(),
        node_id: Some(node),
        address: address.to_ascii_lowercase(),
        portgroup_id: None,
        pxe_enabled,
        local_link_connection: Object::default(),
        extra: Object::default(),
        internal_info: Object::default(),
        physical_network: None,
        is_smartnic: Some(false),
        name: None,
        description: None,
        vendor: None,
        category: None,
        available_for_dynamic_portgroup: true,
        created_at: None,
        updated_at: None,
    }
}

/// Checks that a port fits the physical network of the group it joins; a group without one takes
/// the port's.
///
/// # Errors
/// `Conflict`, `PortgroupPhysnetInconsistent`; those of the database.
pub async fn check_physical_network(database: &Database, port: &Port) -> Result<(), Fault> {
    let Some(group) = port.portgroup_id else {
        return Ok(());
    };
    let filter = PortFilter {
        portgroup_id: Some(group),
        ..PortFilter::default()
    };
    let members = database.port_list(&filter, &Page::all()).await?;
    let mut networks: Vec<Option<String>> = members
        .into_iter()
        .filter(|member| member.id != port.id)
        .map(|member| member.physical_network)
        .collect();
    networks.sort();
    networks.dedup();
    let before = database.portgroup_by_id(group).await?;
    let expected = match (networks.len(), networks.pop()) {
        (0, _) | (_, None) => match (&before.physical_network, &port.physical_network) {
            (Some(network), _) => Some(network.clone()),
            (None, Some(network)) => {
                let mut after = before.clone();
                after.physical_network = Some(network.clone());
                database.portgroup_save(&before, &mut after).await?;
                return Ok(());
            }
            (None, None) => return Ok(()),
        },
        (1, Some(network)) => network,
        _ => {
            return Err(Fault::new(
                Class::PortgroupPhysnetInconsistent,
                format!(
                    "Port group {} has member ports with inconsistent physical networks.",
                    before.uuid
                ),
            ));
        }
    };
    if port.physical_network == expected {
        return Ok(());
    }
    Err(Fault::conflict(format!(
        "Port with physical network {} cannot become a member of port group {} which has ports in \
         physical network {}.",
        port.physical_network.as_deref().unwrap_or("None"),
        before.uuid,
        expected.as_deref().unwrap_or("None"),
    )))
}
