//! Finding the inspection rule of the path.

use schemas_model::{Fault, InspectionRule, Uuid};

use crate::request::{Access, Call};

/// Asks the rule of the policy, then finds the inspection rule.
///
/// # Errors
/// 400 for what is no UUID, 403, 404 when there is none.
pub async fn authorised(call: &Call) -> Result<Access<'_, InspectionRule>, Fault> {
    let given = call.path("rule");
    let uuid = Uuid::parse(given).map_err(|_| {
        Fault::invalid_parameter(format!("Schema error: '{given}' is not a 'uuid'"))
    })?;
    let access = call.authorise()?;
    let rule = access.db().inspection_rule_by_uuid(&uuid).await?;
    Ok(access.with(rule))
}
