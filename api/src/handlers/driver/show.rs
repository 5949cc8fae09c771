//! `GET /v1/drivers/{driver}`

use schemas_rest::types::driver::DriverResource;

use super::known;
use crate::handlers::Answered;
use crate::request::Call;
use crate::ring::driver_not_found;

/// One hardware type with its interfaces.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise()?;
    let mut selection = call.one_selection::<DriverResource>();
    // Names in the path are looked at last.
    if !call.names_in_path {
        selection = Ok(selection?);
    }
    let name = call.path("driver");
    let drivers = known::all(&access).await?;
    let driver = drivers.get(name).ok_or_else(|| driver_not_found(name))?;
    Ok(call.one(&selection?, &driver.view(name)))
}
