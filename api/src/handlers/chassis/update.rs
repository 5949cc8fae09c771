//! `PATCH /v1/chassis/{chassis}`

use schemas_model::{Fault, Uuid};
use schemas_rest::patch::Patch;
use schemas_rest::types::chassis::ChassisResource;
use schemas_rest::types::document;
use schemas_rest::{Selection, validate};

use crate::handlers::Answered;
use crate::request::Call;

/// Changes a chassis.
pub async fn update(call: &Call) -> Answered {
    let patch = Patch::parse(&call.document)?;
    let access = call.authorise()?;
    patch.check_fields::<ChassisResource>()?;
    let uuid = Uuid::from_stored(call.path("chassis").to_owned());
    let before = access.db().chassis_by_uuid(&uuid).await?;
    let original = document::<ChassisResource>(&&before);
    let patched = validate::patched::<ChassisResource>(patch.apply(original.clone())?)?;
    let mut after = before.clone();
    if patched.get("uuid") != original.get("uuid") {
        return Err(Fault::invalid_parameter(
            "Cannot overwrite UUID for an existing Chassis.",
        ));
    }
    validate::store_changes::<ChassisResource>(&original, &patched, &mut after);
    access.db().chassis_save(&before, &mut after).await?;
    Ok(call.one(&Selection::<ChassisResource>::all(call.version), &&after))
}
