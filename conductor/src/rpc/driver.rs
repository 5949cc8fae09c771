//! Hardware types.

use std::sync::Arc;

use schemas_model::Fault;
use schemas_rpc::RequestContext;
use schemas_rpc::methods::GetDriverProperties;
use serde_json::{Map, Value};

use crate::core::Core;

pub async fn get_driver_properties(
    core: &Arc<Core>,
    _: &Arc<RequestContext>,
    request: GetDriverProperties,
) -> Result<Map<String, Value>, Fault> {
    let properties = core.registry.properties(&request.driver_name)?;
    Ok(properties
        .into_iter()
        .map(|property| (property.name.to_owned(), property.description.into()))
        .collect())
}
