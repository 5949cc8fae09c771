//! Sensor readings in the shape that ironic-prometheus-exporter knows (Ironic 39.0.0, observed).

use std::time::Duration;

use drivers_redfish_client::{
    Error,
    operation::sensor::Thermal,
    schema::{
        sensor::{Fan, PowerSupply, Temperature},
        status::Status,
        system::ComputerSystem,
    },
};
use schemas_model::{Fault, Object};
use serde_json::{Map, Value, json};

use crate::connection::NodeBmc;
use crate::number::whole as number;

type Group = Map<String, Value>;

/// Longest time that a round may take. BMCs with a resource for each sensor need some hundred requests.
const ROUND: Duration = Duration::from_secs(300);

/// Reads all sensors. What a BMC can't tell is left out.
pub(super) async fn collect(bmc: &NodeBmc) -> Result<Object, Fault> {
    let bmc = &bmc.within(ROUND);
    let system = bmc.system().await?;
    let failed = || bmc.failed("read the sensors");
    let mut groups = Groups::default();
    if let Err(error) = of_chassis(bmc, &system, &mut groups).await {
        missed::<()>(bmc, "chassis", error)?;
    }
    let drives = match of_simple_storage(bmc, &system).await {
        Err(error) if error.is_missing() => of_storage(bmc, &system).await,
        drives => drives,
    };
    let drives = match drives {
        Ok(drives) => drives,
        Err(error) => missed(bmc, "drives", error)?,
    };
    let extra = json!({
        "Manufacturer": system.manufacturer().map_err(failed())?,
        "Model": system.model().map_err(failed())?,
        "UUID": system.uuid().map_err(failed())?,
    });
    let data = [
        ("Extra", extra),
        ("Fan", Value::Object(groups.fans)),
        ("Temperature", Value::Object(groups.temperatures)),
        ("Power", Value::Object(groups.supplies)),
        ("Drive", Value::Object(drives)),
    ];
    Ok(data
        .into_iter()
        .map(|(name, group)| (name.to_owned(), group))
        .collect())
}

/// A group that can't be read does not hide the others, unless the time for all of them is over.
fn missed<T: Default>(bmc: &NodeBmc, what: &str, error: Error) -> Result<T, Fault> {
    if error.is_overdue() {
        return Err(bmc.failed("read the sensors")(error));
    }
    tracing::debug!(node.uuid = %bmc.node, %error, "not all sensors could be read: {what}");
    Ok(T::default())
}

#[derive(Default)]
struct Groups {
    fans: Group,
    temperatures: Group,
    supplies: Group,
}

/// The sensors of the first chassis.
async fn of_chassis(
    bmc: &NodeBmc,
    system: &ComputerSystem,
    groups: &mut Groups,
) -> Result<(), Error> {
    let Some(path) = system.chassis()?.into_iter().next() else {
        return Ok(());
    };
    let chassis = drivers_redfish_client::schema::chassis::Chassis::new(bmc.bmc.get(&path).await?);
    let place = chassis.id()?;
    let thermal = bmc.bmc.thermal(&chassis).await;
    let thermal = match thermal {
        Err(error) if !error.is_overdue() => {
            tracing::debug!(node.uuid = %bmc.node, %error, "no fans and temperatures could be read");
            Thermal::default()
        }
        thermal => thermal?,
    };
    for fan in &thermal.fans {
        groups.fans.insert(
            format!("{}@{place}", id(&fan.member_id)),
            with_status(of_fan(fan), &fan.status),
        );
    }
    for temperature in &thermal.temperatures {
        let name = format!("{}@{place}", id(&temperature.member_id));
        groups.temperatures.insert(
            name,
            with_status(of_temperature(temperature), &temperature.status),
        );
    }
    let power = bmc.bmc.power_sensors(&chassis).await?;
    for supply in &power.supplies {
        let name = format!("{}:{}@{place}", id(&supply.member_id), power.id);
        groups
            .supplies
            .insert(name, with_status(of_supply(supply), &supply.status));
    }
    Ok(())
}

async fn of_simple_storage(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Group, Error> {
    let mut drives = Group::new();
    for storage in bmc.bmc.simple_storage(system).await? {
        // Backplanes and enclosures have no capacity, and are no drives.
        for device in storage
            .devices()?
            .into_iter()
            .filter(|device| device.capacity_bytes.is_some_and(|bytes| bytes > 0))
        {
            let name = drive_name(device.name.as_deref(), storage.id()?, system);
            drives.insert(
                name,
                drive(
                    device.name.as_deref(),
                    device.model.as_deref(),
                    device.capacity_bytes,
                    &device.status,
                ),
            );
        }
    }
    Ok(drives)
}

async fn of_storage(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Group, Error> {
    let mut drives = Group::new();
    for storage in bmc.storage(system).await? {
        for found in bmc.bmc.drives(&storage).await? {
            let name = drive_name(found.name()?, storage.id()?, system);
            drives.insert(
                name,
                drive(
                    found.name()?,
                    found.model()?,
                    found.capacity_bytes()?,
                    &found.status()?,
                ),
            );
        }
    }
    Ok(drives)
}

fn drive_name(drive: Option<&str>, storage: &str, system: &ComputerSystem) -> String {
    format!(
        "{}:{storage}@{}",
        drive.unwrap_or("None"),
        system.document().path().last_segment()
    )
}

fn drive(
    name: Option<&str>,
    model: Option<&str>,
    capacity_bytes: Option<i64>,
    status: &Status,
) -> Value {
    let mut value = with_status(
        json!({"name": name, "model": model, "capacity_bytes": capacity_bytes}),
        status,
    );
    // HPE leaves the state out; a drive with a health is there.
    if status.state.is_none() && status.health.is_some() {
        value["state"] = json!("Enabled");
    }
    value
}

/// Python's text of a missing id.
fn id(member_id: &Option<String>) -> &str {
    member_id.as_deref().unwrap_or("None")
}

fn of_fan(fan: &Fan) -> Value {
    json!({
        "identity": fan.member_id,
        "max_reading_range": number(fan.max),
        "min_reading_range": number(fan.min),
        "reading": number(fan.reading),
        "reading_units": fan.units,
        "serial_number": fan.serial_number,
        "physical_context": fan.physical_context,
    })
}

fn of_temperature(temperature: &Temperature) -> Value {
    json!({
        "identity": temperature.member_id,
        "max_reading_range_temp": number(temperature.max),
        "min_reading_range_temp": number(temperature.min),
        "reading_celsius": number(temperature.celsius),
        "physical_context": temperature.physical_context,
        "sensor_number": temperature.number,
    })
}

fn of_supply(supply: &PowerSupply) -> Value {
    json!({
        "power_capacity_watts": number(supply.capacity_watts),
        "line_input_voltage": number(supply.line_input_voltage),
        "last_power_output_watts": number(supply.last_output_watts),
        "serial_number": supply.serial_number,
    })
}

fn with_status(mut sensor: Value, status: &Status) -> Value {
    sensor["state"] = json!(status.state);
    sensor["health"] = json!(status.health.map(|health| health.as_str()));
    sensor
}
