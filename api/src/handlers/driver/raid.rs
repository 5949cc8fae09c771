//! `GET /v1/drivers/{driver}/raid/logical_disk_properties`

use schemas_rpc::methods::GetRaidLogicalDiskProperties;

use crate::driver_facts::Fact;
use crate::handlers::Answered;
use crate::handlers::node::raid::unsupported_is_404;
use crate::request::Call;

/// The properties of logical disks a hardware type knows, with descriptions.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise()?;
    let driver = call.path("driver");
    if let Some(known) = access.driver_facts().get(Fact::RaidProperties, driver) {
        return Ok(call.json(&known));
    }
    let to = access.ring().destination_of_driver(driver).await?;
    let request = GetRaidLogicalDiskProperties {
        driver_name: driver.to_owned(),
    };
    let properties = access
        .send(&to, request)
        .await
        .map_err(unsupported_is_404)?;
    access
        .driver_facts()
        .put(Fact::RaidProperties, driver, &properties);
    Ok(call.json(&properties))
}
