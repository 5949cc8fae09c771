//! `GET /v1/chassis/{chassis}`

use schemas_rest::types::chassis::ChassisResource;

use crate::handlers::Answered;
use crate::request::Call;

/// One chassis.
pub async fn show(call: &Call) -> Answered {
    let uuid = super::uuid(call)?;
    let access = call.authorise()?;
    let chassis = access.db().chassis_by_uuid(&uuid).await?;
    Ok(call.one(&call.one_selection::<ChassisResource>()?, &&chassis))
}
