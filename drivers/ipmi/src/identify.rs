//! The identify light of the chassis as an indicator. Ironic 39.0.0 has no indicators over IPMI; the
//! light is what technicians look for, and the API has a place for it.

use std::collections::BTreeMap;

use drivers_interface::{IndicatorInfo, Indicators, Task};
use drivers_ipmi_client::command::chassis::{ChassisIdentify, GetChassisStatus, IdentifyState};
use schemas_model::{Class, Fault, Node};

use crate::bmcs::Bmcs;

const COMPONENT: &str = "chassis";
const INDICATOR: &str = "identify";

/// THE states that can be asked for, and how. "Blinking" is on for a while.
const STATES: [(&str, ChassisIdentify); 3] = [
    ("blinking", ChassisIdentify::Seconds(u8::MAX)),
    ("off", ChassisIdentify::Seconds(0)),
    ("on", ChassisIdentify::Forever),
];

/// The one indicator, unless another component is asked for.
pub(crate) fn supported(component: Option<&str>) -> Indicators {
    if component.is_some_and(|component| component != COMPONENT) {
        return Indicators::new();
    }
    let info = IndicatorInfo {
        readonly: false,
        states: STATES.iter().map(|row| row.0.to_owned()).collect(),
    };
    Indicators::from([(
        COMPONENT.to_owned(),
        BTreeMap::from([(INDICATOR.to_owned(), info)]),
    )])
}

/// Whether this is the one indicator.
///
/// # Errors
/// `MissingParameterValue` if it is not.
pub(crate) fn check(node: &Node, component: &str, indicator: &str) -> Result<(), Fault> {
    if (component, indicator) == (COMPONENT, INDICATOR) {
        return Ok(());
    }
    Err(Fault::missing_parameter(format!(
        "Unknown indicator {indicator} for component {component} of node {}. Over IPMI there is only \
         '{INDICATOR}' of the {COMPONENT}.",
        node.uuid
    )))
}

/// The state of the light.
pub(crate) async fn state(bmcs: &Bmcs, task: &dyn Task) -> Result<String, Fault> {
    let status = bmcs
        .run(task, "chassis status", |bmc| {
            Box::pin(bmc.run(&GetChassisStatus))
        })
        .await?;
    let state = match status.identify {
        Some(IdentifyState::Off) => "off",
        Some(IdentifyState::Temporary) => "blinking",
        Some(IdentifyState::On) => "on",
        None => "unknown",
    };
    Ok(state.to_owned())
}

/// Switches the light.
///
/// # Errors
/// `InvalidParameterValue` for another state, and the BMC's refusal.
pub(crate) async fn set(bmcs: &Bmcs, task: &dyn Task, state: &str) -> Result<(), Fault> {
    let row = STATES.iter().find(|row| row.0.eq_ignore_ascii_case(state));
    let Some((_, command)) = row else {
        let known = STATES.map(|row| row.0).join(", ");
        return Err(Fault::new(
            Class::InvalidParameterValue,
            format!(
                "Node {}: '{state}' is not a state of an indicator; use one of {known}.",
                task.node().uuid
            ),
        ));
    };
    bmcs.run(task, "chassis identify", |bmc| Box::pin(bmc.run(command)))
        .await
}
