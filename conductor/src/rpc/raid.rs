//! RAID configuration.

use std::sync::Arc;

use drivers_interface::Task;
use schemas_model::{Fault, Object};
use schemas_rest::schema;
use schemas_rpc::RequestContext;
use schemas_rpc::methods::{GetRaidLogicalDiskProperties, SetTargetRaidConfig};
use serde_json::{Map, Value};

use crate::core::Core;
use crate::task::Patience;

pub async fn set_target_raid_config(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: SetTargetRaidConfig,
) -> Result<(), Fault> {
    let mut task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    let config = Object::from(request.target_raid_config);
    let interface = task.interfaces().raid.clone();
    let done = async {
        if !config.is_empty() {
            // An interface without RAID says so, whatever is asked of it.
            interface.validate_raid_config(&task, &config).await?;
            schema::raid_config(&config.to_value())?;
        }
        task.node_mut().target_raid_config = config;
        task.save().await
    }
    .await;
    task.finish(done).await
}

pub async fn get_raid_logical_disk_properties(
    core: &Arc<Core>,
    _: &Arc<RequestContext>,
    request: GetRaidLogicalDiskProperties,
) -> Result<Map<String, Value>, Fault> {
    // Every RAID interface has the standard ones, `no-raid` as well.
    core.registry.default_raid(&request.driver_name)?;
    Ok(schema::logical_disk_properties())
}
