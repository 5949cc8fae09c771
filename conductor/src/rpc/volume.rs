//! Volume connectors and targets: changed while the machine is off.

use std::sync::Arc;

use drivers_interface::Task;
use schemas_model::power::PowerState;
use schemas_model::{Class, Fault, Node, NodeId, VolumeConnector, VolumeTarget};
use schemas_rpc::methods::{
    DestroyVolumeConnector, DestroyVolumeTarget, UpdateVolumeConnector, UpdateVolumeTarget,
};
use schemas_rpc::{NodeRef, RequestContext, Versioned};

use super::changes::overlay;
use crate::core::Core;
use crate::task::{NodeTask, Patience};

async fn hold(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    node: Option<NodeId>,
) -> Result<NodeTask, Fault> {
    let node = node
        .map(NodeRef::Id)
        .ok_or_else(|| Fault::invalid_parameter("The volume belongs to no node."))?;
    core.exclusive(context, &node, Patience::Usual).await
}

fn refused(what: &str, node: &Node) -> Fault {
    Fault::new(
        Class::InvalidStateRequested,
        format!(
            "The requested action \"{what}\" can not be performed on node \"{}\" while it is in state \
             \"{}\".",
            node.uuid,
            node.power_state.map_or("None", PowerState::as_str)
        ),
    )
}

fn may_update(node: &Node, what: &str) -> Result<(), Fault> {
    if node.power_state == Some(PowerState::Off) {
        Ok(())
    } else {
        Err(refused(what, node))
    }
}

fn may_destroy(node: &Node, what: &str) -> Result<(), Fault> {
    if node.provision_state.delete_allowed() || node.power_state == Some(PowerState::Off) {
        Ok(())
    } else {
        Err(refused(what, node))
    }
}

pub async fn update_volume_connector(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: UpdateVolumeConnector,
) -> Result<Box<Versioned<VolumeConnector>>, Fault> {
    let given = *request.connector;
    let task = hold(core, context, given.object.node_id).await?;
    let updated = async {
        may_update(task.node(), "volume connector update")?;
        let changed: Vec<_> = given.changed_fields().collect();
        let before = core
            .database
            .volume_connector_by_id(given.object.id)
            .await?;
        let mut after = overlay(before.clone(), &given, &changed)?;
        core.database
            .volume_connector_save(&before, &mut after)
            .await?;
        Ok(Box::new(Versioned::from(after)))
    }
    .await;
    task.finish(updated).await
}

pub async fn destroy_volume_connector(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DestroyVolumeConnector,
) -> Result<(), Fault> {
    let connector = request.connector.object;
    let task = hold(core, context, connector.node_id).await?;
    let destroyed = async {
        may_destroy(task.node(), "volume connector deletion")?;
        Ok(core
            .database
            .volume_connector_destroy(&connector.uuid)
            .await?)
    }
    .await;
    task.finish(destroyed).await
}

pub async fn update_volume_target(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: UpdateVolumeTarget,
) -> Result<Box<Versioned<VolumeTarget>>, Fault> {
    let given = *request.target;
    let task = hold(core, context, given.object.node_id).await?;
    let updated = async {
        may_update(task.node(), "volume target update")?;
        let changed: Vec<_> = given.changed_fields().collect();
        let before = core.database.volume_target_by_id(given.object.id).await?;
        let mut after = overlay(before.clone(), &given, &changed)?;
        core.database
            .volume_target_save(&before, &mut after)
            .await?;
        Ok(Box::new(Versioned::from(after)))
    }
    .await;
    task.finish(updated).await
}

pub async fn destroy_volume_target(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DestroyVolumeTarget,
) -> Result<(), Fault> {
    let target = request.target.object;
    let task = hold(core, context, target.node_id).await?;
    let destroyed = async {
        may_destroy(task.node(), "volume target deletion")?;
        Ok(core.database.volume_target_destroy(&target.uuid).await?)
    }
    .await;
    task.finish(destroyed).await
}
