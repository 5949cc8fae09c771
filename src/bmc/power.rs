//! `power`: whether the machine is on.

use drivers_ipmi_client::command::chassis::GetChassisStatus;
use drivers_ipmi_client::{Error, Operation};
use serde_json::json;

use super::report::Report;
use crate::terminal;

/// Asks for the power state and for what is wrong with the chassis.
pub(super) async fn status(bmc: &mut Operation) -> Result<Report, Error> {
    let status = bmc.run(&GetChassisStatus).await?;
    let power = if status.power_on {
        "power on"
    } else {
        "power off"
    };
    let faults: Vec<&str> = [
        (status.power_overload, "power overload"),
        (status.interlock, "interlock"),
        (status.power_fault, "power fault"),
        (status.power_control_fault, "power control fault"),
        (status.intrusion, "chassis open"),
        (status.drive_fault, "drive fault"),
        (status.cooling_fault, "cooling fault"),
    ]
    .into_iter()
    .filter_map(|(is_so, name)| is_so.then_some(name))
    .collect();
    let shown = if faults.is_empty() {
        "none".to_owned()
    } else {
        faults.join(", ")
    };
    Ok(Report {
        lines: terminal::table(["Power state", "Faults"], &[[power.to_owned(), shown]]),
        json: json!({"power_state": power, "faults": faults}),
    })
}
