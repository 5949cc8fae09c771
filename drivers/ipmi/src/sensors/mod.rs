//! Sensor data in the shape that Ironic reports: by sensor type, then by sensor, then a flat object
//! of texts with the field names of `ipmitool sdr -v`. Consumers of the notifications know those.

mod reading;
mod render;
mod states;
mod vocabulary;

use drivers_interface::Task;
use drivers_ipmi_client::procedure::Sensor;
use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value};

use crate::bmcs::Bmcs;

pub use reading::Reading;

/// Reads every sensor of the node.
///
/// # Errors
/// `FailedToGetSensorData` when the BMC cannot be read. One without sensors has none to report, and
/// that is no failure.
pub(crate) async fn read(bmcs: &Bmcs, task: &dyn Task) -> Result<Object, Fault> {
    let target = Bmcs::validate(task)?;
    let node = task.node();
    let sensors = bmcs
        .run_on(node, task.config(), &target, "sdr", |bmc| {
            Box::pin(bmc.sensors())
        })
        .await
        .map_err(|error| {
            Fault::new(
                Class::FailedToGetSensorData,
                format!(
                    "Failed to get sensor data for node {}. Error: {error}",
                    node.uuid
                ),
            )
        })?;
    Ok(by_type(&sensors).into())
}

/// Groups by the first word of the sensor type, as Ironic does.
fn by_type(sensors: &[Sensor]) -> Map<String, Value> {
    let mut grouped = Map::new();
    for sensor in sensors {
        let group = vocabulary::sensor_type(sensor.record.sensor_type)
            .split(' ')
            .next()
            .unwrap_or_default();
        let members = grouped
            .entry(group)
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(members) = members {
            members.insert(
                render::sensor_id(&sensor.record),
                Value::Object(render::fields(sensor)),
            );
        }
    }
    grouped
}
