//! `POST /v1/chassis`

use schemas_model::ids::ChassisId;
use schemas_model::{Chassis, Object, Uuid};
use schemas_rest::types::chassis::ChassisResource;
use schemas_rest::validate;

use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::Call;

/// Creates a chassis.
pub async fn create(call: &Call) -> Answered {
    let members = validate::create::<ChassisResource>(call.document.clone())?;
    let access = call.authorise()?;
    let mut chassis = Chassis {
        id: ChassisId(0),
        uuid: Uuid::random(),
        description: None,
        extra: Object::default(),
        created_at: None,
        updated_at: None,
    };
    validate::store::<ChassisResource>(&members, &mut chassis);
    let told = call.tell(Action::Create, &chassis, &[]);
    let created = access.db().chassis_insert(&chassis).await?;
    told.end(&created, &[]);
    Ok(call.created::<ChassisResource>(&&created, created.uuid.as_str()))
}
