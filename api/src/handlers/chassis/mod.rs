//! Chassis, a file a verb. The API process stores them itself; conductors do not care.

pub mod create;
pub mod delete;
pub mod list;
pub mod show;
pub mod update;

use schemas_model::{Fault, Uuid};

use crate::request::Call;

/// The UUID of the path.
///
/// # Errors
/// 400 when it is none.
pub fn uuid(call: &Call) -> Result<Uuid, Fault> {
    let text = call.path("chassis");
    Uuid::parse(text)
        .map_err(|_| Fault::invalid_parameter(format!("Expected UUID for chassis_uuid: {text}")))
}
