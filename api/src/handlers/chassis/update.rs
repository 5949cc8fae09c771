//! `PATCH /v1/chassis/{chassis}`

use schemas_model::{Fault, Uuid};
use schemas_rest::patch::Patch;
use schemas_rest::types::chassis::ChassisResource;
use schemas_rest::types::document;
use schemas_rest::{Selection, validate};

use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::Call;

/// Changes a chassis.
pub async fn update(call: &Call) -> Answered {
    let patch = Patch::parse(&call.document)?;
    let access = call.authorise()?;
    patch.check_fields::<ChassisResource>()?;
    let uuid = Uuid::parse(call.path("chassis")).map_err(|_| {
        Fault::invalid_parameter(format!(
            "Expected UUID for chassis_uuid: {}",
            call.path("chassis")
        ))
    })?;
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
    let told = call.tell(Action::Update, &after, &[]);
    access.db().chassis_save(&before, &mut after).await?;
    told.end(&after, &[]);
    Ok(call.one(&Selection::<ChassisResource>::all(call.version), &&after))
}
