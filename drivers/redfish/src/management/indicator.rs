//! Lights of the system, its chassis and its drives.

use drivers_redfish_client::{
    Document, Error,
    schema::{status::IndicatorLed, system::ComputerSystem},
};
use schemas_model::Fault;

use crate::connection::NodeBmc;

/// States that can be asked for, as Ironic lists them.
pub(super) const STATES: &[&str] = &["blinking", "off", "on"];

/// States and their names in Redfish.
const LEDS: &[(&str, IndicatorLed)] = &[
    ("on", IndicatorLed::Lit),
    ("off", IndicatorLed::Off),
    ("blinking", IndicatorLed::Blinking),
    ("unknown", IndicatorLed::Unknown),
];

const CHASSIS: &str = "chassis";
const SYSTEM: &str = "system";
const DISK: &str = "disk";

/// A light that was found.
pub(super) struct Light {
    pub(super) component: &'static str,
    pub(super) id: String,
    led: IndicatorLed,
    /// It can only be on or off (`LocationIndicatorActive`).
    plain: bool,
    document: Document,
}

/// The lights of one component, or all. What a BMC can't tell is left out.
pub(super) async fn all(bmc: &NodeBmc, component: Option<&str>) -> Result<Vec<Light>, Fault> {
    let system = bmc.system().await?;
    let mut lights = Vec::new();
    for name in [CHASSIS, SYSTEM, DISK] {
        if component.is_some_and(|component| component != name) {
            continue;
        }
        match of_component(bmc, &system, name).await {
            Ok(found) => lights.extend(found),
            Err(error) if error.is_overdue() => {
                return Err(bmc.failed("list the indicators")(error));
            }
            Err(error) => {
                tracing::debug!(node.uuid = %bmc.node, component = name, %error, "no indicators");
            }
        }
    }
    Ok(lights)
}

/// The lights of a component; none if it is not known.
async fn of_component(
    bmc: &NodeBmc,
    system: &ComputerSystem,
    component: &str,
) -> Result<Vec<Light>, Error> {
    match component {
        CHASSIS => chassis(bmc, system).await,
        SYSTEM => of_system(system),
        DISK => disks(bmc, system).await,
        _ => Ok(Vec::new()),
    }
}

/// The light of a resource: `IndicatorLED`, or what replaced it in the schemas of 2019.4.
fn light(
    component: &'static str,
    id: Option<String>,
    led: Option<IndicatorLed>,
    document: &Document,
) -> Result<Option<Light>, Error> {
    let active = document.field("LocationIndicatorActive").boolean()?;
    let plain = led.is_none();
    let as_led = active.map(|active| match active {
        true => IndicatorLed::Lit,
        false => IndicatorLed::Off,
    });
    let (Some(id), Some(led)) = (id, led.or(as_led)) else {
        return Ok(None);
    };
    Ok(Some(Light {
        component,
        id,
        led,
        plain,
        document: document.clone(),
    }))
}

fn of_system(system: &ComputerSystem) -> Result<Vec<Light>, Error> {
    let id = system.uuid()?.map(str::to_owned);
    let light = light(SYSTEM, id, system.indicator_led()?, system.document())?;
    Ok(light.into_iter().collect())
}

async fn chassis(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Vec<Light>, Error> {
    let mut lights = Vec::new();
    for chassis in bmc.bmc.chassis(system).await? {
        let id = chassis.uuid()?.map(str::to_owned);
        let led = chassis.indicator_led()?;
        lights.extend(light(CHASSIS, id, led, chassis.document())?);
    }
    Ok(lights)
}

/// Drives have no UUID, and their ids are only unique within their storage.
async fn disks(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Vec<Light>, Error> {
    let mut lights = Vec::new();
    for storage in bmc.storage(system).await? {
        for drive in bmc.bmc.drives(&storage).await? {
            let id = format!("{}:{}", storage.id()?, drive.id()?);
            let led = drive.indicator_led()?;
            lights.extend(light(DISK, Some(id), led, drive.document())?);
        }
    }
    Ok(lights)
}

async fn find(bmc: &NodeBmc, component: &str, indicator: &str) -> Result<Light, Fault> {
    let system = bmc.system().await?;
    let what = format!("find the {component} indicator {indicator}");
    let lights = of_component(bmc, &system, component).await;
    let lights = match lights {
        Err(error) if error.is_missing() => Vec::new(),
        lights => lights.map_err(bmc.failed(&what))?,
    };
    lights.into_iter().find(|light| light.id == indicator).ok_or_else(|| {
        Fault::missing_parameter(format!("Unknown indicator {indicator} for component {component} of node {}. List the supported indicators first.", bmc.node))
    })
}

/// The state of a light.
pub(super) async fn state(
    bmc: &NodeBmc,
    component: &str,
    indicator: &str,
) -> Result<String, Fault> {
    let light = find(bmc, component, indicator).await?;
    let state = LEDS
        .iter()
        .find(|(_, led)| *led == light.led)
        .map_or("unknown", |(state, _)| state);
    Ok(state.to_owned())
}

/// Switches a light.
pub(super) async fn set(
    bmc: &NodeBmc,
    component: &str,
    indicator: &str,
    state: &str,
) -> Result<(), Fault> {
    let Some((_, led)) = LEDS
        .iter()
        .find(|(known, _)| *known == state.to_lowercase())
    else {
        return Err(Fault::invalid_parameter(format!(
            "Node {}: '{state}' is not a state of an indicator; use one of {}.",
            bmc.node,
            STATES.join(", ")
        )));
    };
    let light = find(bmc, component, indicator).await?;
    let what = format!("set the {component} indicator {indicator} to '{state}'");
    if !light.plain {
        let set = bmc.bmc.set_indicator_led(&light.document, *led).await;
        return set.map_err(bmc.failed(&what));
    }
    let active = match led {
        IndicatorLed::Lit => true,
        IndicatorLed::Off => false,
        _ => {
            return Err(Fault::invalid_parameter(format!(
                "Node {}: this indicator of BMC {} can only be 'on' or 'off'.",
                bmc.node,
                bmc.address()
            )));
        }
    };
    let set = bmc.bmc.set_location_indicator(&light.document, active);
    set.await.map_err(bmc.failed(&what))
}
