//! `GET /v1/nodes/{node}/inventory`

use schemas_config::section::inventory::InventoryBackend;
use schemas_model::{Class, Fault};

use crate::handlers::Answered;
use crate::request::Call;

/// What an inspection found in a node.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    if call.config().inventory.data_backend != InventoryBackend::Database {
        return Err(Fault::new(
            Class::NodeInventoryNotFound,
            format!(
                "Node inventory record for node {} could not be found.",
                node.uuid
            ),
        ));
    }
    let found = access.db().node_inventory(node.id).await?;
    let mut out = call.out();
    out.object(|out| {
        out.key("inventory").doc(&found.inventory_data);
        out.key("plugin_data").doc(&found.plugin_data);
    });
    Ok(call.answer(out.finish()))
}
