//! Port groups.

use std::sync::Arc;

use drivers_interface::Task;
use schemas_db::{Page, PortFilter};
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Portgroup};
use schemas_rpc::methods::{DestroyPortgroup, UpdatePortgroup, UpdatePortgroupPhysicalNetwork};
use schemas_rpc::{NodeRef, RequestContext, Versioned};

use super::changes::overlay;
use super::port::ALLOWED;
use crate::core::Core;
use crate::task::{NodeTask, Patience};

fn node_of(group: &Portgroup) -> Result<NodeRef, Fault> {
    group.node_id.map(NodeRef::Id).ok_or_else(|| {
        Fault::invalid_parameter(format!("Port group {} belongs to no node.", group.uuid))
    })
}

pub async fn update_portgroup(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: UpdatePortgroup,
) -> Result<Box<Versioned<Portgroup>>, Fault> {
    let given = *request.portgroup_obj;
    let mut task = core
        .exclusive(context, &node_of(&given.object)?, Patience::Usual)
        .await?;
    let updated = update(core, &mut task, &given).await;
    let answer = updated.map(|group| {
        let mut reply = Versioned::from(group);
        reply.beside = given.beside.clone();
        Box::new(reply.with_node_uuid(Some(&task.node().uuid)))
    });
    task.finish(answer).await
}

async fn update(
    core: &Core,
    task: &mut NodeTask,
    given: &Versioned<Portgroup>,
) -> Result<Portgroup, Fault> {
    let changed: Vec<_> = given.changed_fields().collect();
    let node = task.node();
    if changed.contains(&"node_id") {
        if !ALLOWED.contains(&node.provision_state) && !node.maintenance {
            return Err(Fault::new(
                Class::InvalidState,
                format!(
                    "Portgroup {} can not be associated to node {} unless the node is in a {} state or \
                     in maintenance mode. Current state is '{}'.",
                    given.object.uuid,
                    node.uuid,
                    ALLOWED.map(State::as_str).join(", "),
                    node.provision_state
                ),
            ));
        }
        let filter = PortFilter {
            portgroup_id: Some(given.object.id),
            ..PortFilter::default()
        };
        if !core
            .database
            .port_list(&filter, &Page::all())
            .await?
            .is_empty()
        {
            return Err(Fault::new(
                Class::PortgroupNotEmpty,
                format!(
                    "Portgroup {} can not be associated with node {} because there are ports associated \
                     with this portgroup.",
                    given.object.uuid, node.uuid
                ),
            ));
        }
    }
    let before = core.database.portgroup_by_id(given.object.id).await?;
    let mut after = overlay(before.clone(), given, &changed)?;
    let network = task.interfaces().network.clone();
    network.validate(task).await?;
    network.portgroup_changed(task, &after).await?;
    core.database.portgroup_save(&before, &mut after).await?;
    Ok(after)
}

pub async fn update_portgroup_physical_network(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: UpdatePortgroupPhysicalNetwork,
) -> Result<(), Fault> {
    let group = request.portgroup.object;
    let task = core
        .exclusive(context, &node_of(&group)?, Patience::Usual)
        .await?;
    let updated = async {
        let network = request.new_physical_network;
        let before = core.database.portgroup_by_id(group.id).await?;
        let mut after = before.clone();
        after.physical_network.clone_from(&network);
        core.database.portgroup_save(&before, &mut after).await?;
        let filter = PortFilter {
            portgroup_id: Some(group.id),
            ..PortFilter::default()
        };
        for before in core.database.port_list(&filter, &Page::all()).await? {
            let mut after = before.clone();
            after.physical_network.clone_from(&network);
            core.database.port_save(&before, &mut after).await?;
        }
        Ok(())
    }
    .await;
    task.finish(updated).await
}

pub async fn destroy_portgroup(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DestroyPortgroup,
) -> Result<(), Fault> {
    let group = request.portgroup.object;
    let task = core
        .exclusive(context, &node_of(&group)?, Patience::Usual)
        .await?;
    let destroyed = core.database.portgroup_destroy(&group.uuid).await;
    task.finish(destroyed.map_err(Fault::from)).await
}
