//! Ports.

use std::sync::Arc;

use drivers_interface::Task;
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Node, Port, Uuid};
use schemas_rpc::methods::{CreatePort, DestroyPort, UpdatePort};
use schemas_rpc::{NodeRef, RequestContext, Versioned};

use super::changes::overlay;
use crate::core::Core;
use crate::port::check_physical_network;
use crate::task::{NodeTask, Patience};

/// States in which the connectivity of a node may be changed.
pub(super) const ALLOWED: [State; 4] = [
    State::Enroll,
    State::Inspecting,
    State::InspectWait,
    State::Manageable,
];

/// Fields that say where a port is plugged in.
const CONNECTIVITY: [&str; 4] = [
    "portgroup_id",
    "pxe_enabled",
    "local_link_connection",
    "physical_network",
];

fn node_of(port: &Port) -> Result<NodeRef, Fault> {
    port.node_id
        .map(NodeRef::Id)
        .ok_or_else(|| Fault::invalid_parameter(format!("Port {} belongs to no node.", port.uuid)))
}

fn reply(port: Port, given: &Versioned<Port>, node: &Node) -> Box<Versioned<Port>> {
    let mut reply = Versioned::from(port);
    reply.beside = given.beside.clone();
    Box::new(reply.with_node_uuid(Some(&node.uuid)))
}

pub async fn create_port(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: CreatePort,
) -> Result<Box<Versioned<Port>>, Fault> {
    let given = *request.port_obj;
    let task = core.shared(context, &node_of(&given.object)?).await?;
    let mut port = given.object.clone();
    if port.uuid.as_str().is_empty() {
        port.uuid = Uuid::random();
    }
    check_physical_network(&core.database, &port).await?;
    let port = core.database.port_insert(&port).await?;
    Ok(reply(port, &given, task.node()))
}

pub async fn update_port(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: UpdatePort,
) -> Result<Box<Versioned<Port>>, Fault> {
    let given = *request.port_obj;
    let mut task = core
        .exclusive(context, &node_of(&given.object)?, Patience::Usual)
        .await?;
    let updated = update(core, &mut task, &given).await;
    let answer = updated.map(|port| reply(port, &given, task.node()));
    task.finish(answer).await
}

async fn update(core: &Core, task: &mut NodeTask, given: &Versioned<Port>) -> Result<Port, Fault> {
    let changed: Vec<_> = given.changed_fields().collect();
    let node = task.node();
    let in_use = node.provision_state == State::Active || node.instance_uuid.is_some();
    if in_use && changed.contains(&"address") && !node.maintenance {
        return Err(Fault::new(
            Class::InvalidState,
            format!(
                "Cannot update hardware address for port {} as node {} is active or has instance UUID \
                 assigned",
                given.object.uuid, node.uuid
            ),
        ));
    }
    let connectivity = changed.iter().any(|field| CONNECTIVITY.contains(field));
    if connectivity && !ALLOWED.contains(&node.provision_state) && !node.maintenance {
        return Err(Fault::new(
            Class::InvalidState,
            format!(
                "Port {} can not have any connectivity attributes ({}) updated unless node {} is in a \
                 {} state or in maintenance mode. The current state is {}.",
                given.object.uuid,
                CONNECTIVITY.join(", "),
                node.uuid,
                ALLOWED.map(State::as_str).join(", "),
                node.provision_state
            ),
        ));
    }
    let before = core.database.port_by_id(given.object.id).await?;
    let mut after = overlay(before.clone(), given, &changed)?;
    if changed.contains(&"portgroup_id") || changed.contains(&"physical_network") {
        check_physical_network(&core.database, &after).await?;
    }
    let network = task.interfaces().network.clone();
    network.validate(task).await?;
    network.port_changed(task, &after).await?;
    core.database.port_save(&before, &mut after).await?;
    Ok(after)
}

pub async fn destroy_port(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DestroyPort,
) -> Result<(), Fault> {
    let port = request.port.object;
    let mut task = core
        .exclusive(context, &node_of(&port)?, Patience::Usual)
        .await?;
    let destroyed = async {
        let vif = current_vif(&port);
        if let Some(vif) = vif.filter(|_| !task.node().maintenance) {
            return Err(Fault::new(
                Class::InvalidState,
                format!(
                    "Cannot delete the port {} as it is bound to VIF {vif} for use.",
                    port.uuid
                ),
            ));
        }
        task.save().await?;
        Ok(core.database.port_destroy(&port.uuid).await?)
    }
    .await;
    task.finish(destroyed).await
}

/// The virtual interface a port carries (Ironic's keys, in order of precedence).
fn current_vif(port: &Port) -> Option<&str> {
    [
        "cleaning_vif_port_id",
        "provisioning_vif_port_id",
        "rescuing_vif_port_id",
        "inspection_vif_port_id",
        "servicing_vif_port_id",
        "tenant_vif_port_id",
    ]
    .iter()
    .find_map(|key| port.internal_info.text_member(key))
}
