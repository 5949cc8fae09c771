//! `/v1/drivers/{driver}/vendor_passthru`

use schemas_rpc::methods::{DriverVendorPassthru, GetDriverVendorPassthruMethods};

use crate::driver_facts::Fact;
use crate::handlers::Answered;
use crate::handlers::node::vendor_passthru::{answer, info, method_name};
use crate::request::Call;

/// The vendor methods of a hardware type.
pub async fn methods(call: &Call) -> Answered {
    let access = call.authorise()?;
    let driver = call.path("driver");
    if let Some(known) = access.driver_facts().get(Fact::VendorMethods, driver) {
        return Ok(call.json(&known));
    }
    let to = access.ring().destination_of_driver(driver).await?;
    let request = GetDriverVendorPassthruMethods {
        driver_name: driver.to_owned(),
    };
    let methods = access.send(&to, request).await?;
    access
        .driver_facts()
        .put(Fact::VendorMethods, driver, &methods);
    Ok(call.json(&methods))
}

/// Calls a vendor method of a hardware type.
pub async fn call_method(call: &Call) -> Answered {
    let driver_method = method_name(call)?;
    let access = call.authorise()?;
    let driver = call.path("driver");
    let to = access.ring().destination_of_driver(driver).await?;
    let request = DriverVendorPassthru {
        driver_name: driver.to_owned(),
        driver_method,
        http_method: call.http_method.clone(),
        info: info(call),
    };
    let response = access.send(&to, request).await?;
    Ok(answer(call, &response))
}
