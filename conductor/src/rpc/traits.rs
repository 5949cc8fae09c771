//! Traits of nodes.

use std::sync::Arc;

use schemas_model::Fault;
use schemas_rpc::RequestContext;
use schemas_rpc::methods::{AddNodeTraits, RemoveNodeTraits};

use crate::core::Core;

pub async fn add_node_traits(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: AddNodeTraits,
) -> Result<(), Fault> {
    let hold = core.hold(context, &request.node_id).await?;
    let node = hold.node().id;
    let added = async {
        if request.replace {
            return core.database.node_traits_set(node, &request.traits).await;
        }
        for name in &request.traits {
            core.database.node_trait_add(node, name).await?;
        }
        Ok(())
    }
    .await;
    hold.release().await;
    Ok(added?)
}

pub async fn remove_node_traits(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: RemoveNodeTraits,
) -> Result<(), Fault> {
    let hold = core.hold(context, &request.node_id).await?;
    let node = hold.node().id;
    let removed = async {
        let Some(traits) = &request.traits else {
            return core.database.node_traits_set(node, &[]).await;
        };
        for name in traits {
            core.database.node_trait_remove(node, name).await?;
        }
        Ok(())
    }
    .await;
    hold.release().await;
    Ok(removed?)
}
