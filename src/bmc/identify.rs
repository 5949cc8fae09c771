//! `identify`: the light that shows which machine this is.

use drivers_ipmi_client::command::chassis::ChassisIdentify;
use drivers_ipmi_client::{Error, Operation};
use serde_json::json;

use super::report::Report;

/// Switches the light.
pub(super) async fn set(bmc: &mut Operation, light: ChassisIdentify) -> Result<Report, Error> {
    bmc.run(&light).await?;
    let state = match light {
        ChassisIdentify::Forever => "on".to_owned(),
        ChassisIdentify::Seconds(0) => "off".to_owned(),
        ChassisIdentify::Seconds(seconds) => format!("on for {seconds} s"),
    };
    Ok(Report {
        lines: vec![format!("the identify light is {state}")],
        json: json!({"identify": state}),
    })
}
