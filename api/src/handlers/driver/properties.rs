//! `GET /v1/drivers/{driver}/properties`

use schemas_rpc::methods::GetDriverProperties;

use crate::driver_facts::Fact;
use crate::handlers::Answered;
use crate::request::Call;

/// The properties of a hardware type, with descriptions.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise()?;
    let driver = call.path("driver");
    if let Some(known) = access.driver_facts().get(Fact::Properties, driver) {
        return Ok(call.json(&known));
    }
    let to = access.ring().destination_of_driver(driver).await?;
    let request = GetDriverProperties {
        driver_name: driver.to_owned(),
    };
    let properties = access.send(&to, request).await?;
    access
        .driver_facts()
        .put(Fact::Properties, driver, &properties);
    Ok(call.json(&properties))
}
