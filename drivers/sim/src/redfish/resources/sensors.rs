//! Readings: `Thermal` and `Power`, and the `Sensors` that replace them.

use serde_json::{Value, json};

use super::super::model::SensorStyle;
use super::{Hardware, Model, Tree, healthy};

/// A sensor: id, name, type, unit, reading, physical context, upper critical threshold.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    f64,
    &'static str,
    Option<f64>,
);

/// THE sensors of a machine; both styles are made of them.
const SENSORS: [Row; 7] = [
    (
        "CPU1Temp",
        "CPU1 Temp",
        "Temperature",
        "Cel",
        41.5,
        "CPU",
        Some(90.0),
    ),
    (
        "InletTemp",
        "Inlet Temp",
        "Temperature",
        "Cel",
        22.0,
        "Intake",
        Some(47.0),
    ),
    (
        "Fan1",
        "Fan 1",
        "Rotational",
        "RPM",
        6120.0,
        "Chassis",
        None,
    ),
    (
        "Fan2",
        "Fan 2",
        "Rotational",
        "RPM",
        6000.0,
        "Chassis",
        None,
    ),
    (
        "P12V",
        "12V",
        "Voltage",
        "V",
        12.1,
        "SystemBoard",
        Some(13.2),
    ),
    (
        "P3V3",
        "3.3V",
        "Voltage",
        "V",
        3.31,
        "SystemBoard",
        Some(3.6),
    ),
    (
        "TotalPower",
        "Total Power",
        "Power",
        "W",
        224.0,
        "Chassis",
        None,
    ),
];

/// Power supplies: id and capacity in watts.
const SUPPLIES: [(&str, u32); 2] = [("PSU1", 800), ("PSU2", 800)];
/// What each of them takes in, in volts.
const LINE_VOLTAGE: u32 = 230;
/// What each of them gives, in watts.
const OUTPUT: u32 = 112;
/// Speed of the fans, in percent of the fastest.
const FAN_PERCENT: u32 = 38;
/// Range of a fan's speed, in revolutions a minute.
const FAN_RANGE: [u32; 2] = [0, 16_000];
/// Range of a temperature, in degrees Celsius.
const TEMPERATURE_RANGE: [u32; 2] = [0, 200];

pub(super) fn add(tree: &mut Tree, model: &Model, _: &Hardware) {
    if model.sensors != SensorStyle::Sensors {
        thermal(tree, model);
        power(tree, model);
    }
    if model.sensors != SensorStyle::ThermalPower {
        sensors(tree, model);
        thermal_subsystem(tree, model);
        power_subsystem(tree, model);
        environment(tree, model);
    }
}

fn of(kind: &'static str) -> impl Iterator<Item = (usize, &'static Row)> {
    SENSORS.iter().filter(move |row| row.2 == kind).enumerate()
}

fn thermal(tree: &mut Tree, model: &Model) {
    let path = format!("{}/Thermal", model.chassis());
    let temperatures: Vec<Value> = of("Temperature")
        .map(|(index, row)| {
            json!({
                "@odata.id": format!("{path}#/Temperatures/{index}"),
                "MemberId": index.to_string(),
                "Name": row.1,
                "SensorNumber": index + 1,
                "ReadingCelsius": row.4,
                "UpperThresholdCritical": row.6,
                "MinReadingRangeTemp": TEMPERATURE_RANGE[0],
                "MaxReadingRangeTemp": TEMPERATURE_RANGE[1],
                "PhysicalContext": row.5,
                "Status": healthy()
            })
        })
        .collect();
    let fans: Vec<Value> = of("Rotational")
        .map(|(index, row)| {
            json!({
                "@odata.id": format!("{path}#/Fans/{index}"),
                "MemberId": index.to_string(),
                "Name": row.1,
                "Reading": row.4,
                "ReadingUnits": "RPM",
                "MinReadingRange": FAN_RANGE[0],
                "MaxReadingRange": FAN_RANGE[1],
                "PhysicalContext": row.5,
                "SerialNumber": format!("FAN{index}"),
                "Status": healthy()
            })
        })
        .collect();
    tree.put(
        model,
        &path,
        "Thermal.v1_6_0.Thermal",
        json!({"Id": "Thermal", "Name": "Thermal", "Temperatures": temperatures, "Fans": fans}),
    );
}

fn power(tree: &mut Tree, model: &Model) {
    let path = format!("{}/Power", model.chassis());
    let voltages: Vec<Value> = of("Voltage")
        .map(|(index, row)| {
            json!({
                "@odata.id": format!("{path}#/Voltages/{index}"),
                "MemberId": index.to_string(),
                "Name": row.1,
                "ReadingVolts": row.4,
                "UpperThresholdCritical": row.6,
                "Status": healthy()
            })
        })
        .collect();
    let control: Vec<Value> = of("Power")
        .map(|(index, row)| {
            json!({
                "@odata.id": format!("{path}#/PowerControl/{index}"),
                "MemberId": index.to_string(),
                "Name": row.1,
                "PowerConsumedWatts": row.4,
                "PowerCapacityWatts": 1600
            })
        })
        .collect();
    let supplies: Vec<Value> = SUPPLIES
        .iter()
        .enumerate()
        .map(|(index, (name, watts))| {
            json!({
                "@odata.id": format!("{path}#/PowerSupplies/{index}"),
                "MemberId": index.to_string(),
                "Name": name,
                "PowerSupplyType": "AC",
                "PowerCapacityWatts": watts,
                "LastPowerOutputWatts": OUTPUT,
                "LineInputVoltage": LINE_VOLTAGE,
                "SerialNumber": format!("{name}-SIM"),
                "Status": healthy()
            })
        })
        .collect();
    tree.put(
        model,
        &path,
        "Power.v1_6_0.Power",
        json!({"Id": "Power", "Name": "Power", "PowerControl": control, "Voltages": voltages, "PowerSupplies": supplies}),
    );
}

fn sensors(tree: &mut Tree, model: &Model) {
    let collection = format!("{}/Sensors", model.chassis());
    let members: Vec<String> = SENSORS
        .iter()
        .map(|row| format!("{collection}/{}", row.0))
        .collect();
    tree.put_collection(model, &collection, "SensorCollection", &members);
    for (row, path) in SENSORS.iter().zip(&members) {
        let (id, name, kind, unit, reading, context, critical) = *row;
        let mut sensor = json!({
            "Id": id,
            "Name": name,
            "ReadingType": kind,
            "ReadingUnits": unit,
            "Reading": reading,
            "PhysicalContext": context,
            "Status": healthy()
        });
        let range = match kind {
            "Rotational" => Some(FAN_RANGE),
            "Temperature" => Some(TEMPERATURE_RANGE),
            _ => None,
        };
        if let Some([low, high]) = range {
            sensor["ReadingRangeMin"] = json!(low);
            sensor["ReadingRangeMax"] = json!(high);
        }
        if let Some(critical) = critical {
            sensor["Thresholds"] = json!({"UpperCritical": {"Reading": critical}});
        }
        tree.put(model, path, "Sensor.v1_2_0.Sensor", sensor);
    }
}

/// Path of a sensor.
fn sensor(model: &Model, id: &str) -> String {
    format!("{}/Sensors/{id}", model.chassis())
}

fn thermal_subsystem(tree: &mut Tree, model: &Model) {
    let path = format!("{}/ThermalSubsystem", model.chassis());
    let (fans, metrics) = (format!("{path}/Fans"), format!("{path}/ThermalMetrics"));
    tree.put(
        model,
        &path,
        "ThermalSubsystem.v1_0_0.ThermalSubsystem",
        json!({"Id": "ThermalSubsystem", "Name": "Thermal Subsystem", "Fans": model.link(&fans),
            "ThermalMetrics": model.link(&metrics), "Status": healthy()}),
    );
    let members: Vec<String> = of("Rotational")
        .map(|(_, row)| format!("{fans}/{}", row.0))
        .collect();
    tree.put_collection(model, &fans, "FanCollection", &members);
    for ((index, row), path) in of("Rotational").zip(&members) {
        tree.put(
            model,
            path,
            "Fan.v1_0_0.Fan",
            json!({"Id": row.0, "Name": row.1, "PhysicalContext": row.5, "Status": healthy(),
                "SerialNumber": format!("FAN{index}"),
                "SpeedPercent": {"DataSourceUri": sensor(model, row.0), "Reading": FAN_PERCENT, "SpeedRPM": row.4}}),
        );
    }
    let readings: Vec<Value> = of("Temperature")
        .map(|(_, row)| {
            json!({"DataSourceUri": sensor(model, row.0), "DeviceName": row.1, "PhysicalContext": row.5, "Reading": row.4})
        })
        .collect();
    tree.put(
        model,
        &metrics,
        "ThermalMetrics.v1_0_0.ThermalMetrics",
        json!({"Id": "ThermalMetrics", "Name": "Thermal Metrics", "TemperatureReadingsCelsius": readings}),
    );
}

fn power_subsystem(tree: &mut Tree, model: &Model) {
    let path = format!("{}/PowerSubsystem", model.chassis());
    let supplies = format!("{path}/PowerSupplies");
    tree.put(
        model,
        &path,
        "PowerSubsystem.v1_0_0.PowerSubsystem",
        json!({"Id": "PowerSubsystem", "Name": "Power Subsystem", "CapacityWatts": 1600,
            "PowerSupplies": model.link(&supplies), "Status": healthy()}),
    );
    let members: Vec<String> = SUPPLIES
        .iter()
        .map(|row| format!("{supplies}/{}", row.0))
        .collect();
    tree.put_collection(model, &supplies, "PowerSupplyCollection", &members);
    for ((id, watts), path) in SUPPLIES.iter().zip(&members) {
        let metrics = format!("{path}/Metrics");
        tree.put(
            model,
            path,
            "PowerSupply.v1_0_0.PowerSupply",
            json!({"Id": id, "Name": id, "PowerCapacityWatts": watts, "SerialNumber": format!("{id}-SIM"),
                "Metrics": model.link(&metrics), "Status": healthy()}),
        );
        tree.put(
            model,
            &metrics,
            "PowerSupplyMetrics.v1_0_0.PowerSupplyMetrics",
            json!({"Id": "Metrics", "Name": format!("Metrics of {id}"),
                "InputVoltage": {"Reading": LINE_VOLTAGE}, "OutputPowerWatts": {"Reading": OUTPUT}}),
        );
    }
}

fn environment(tree: &mut Tree, model: &Model) {
    let path = format!("{}/EnvironmentMetrics", model.chassis());
    let excerpt = |row: &Row| json!({"DataSourceUri": sensor(model, row.0), "DeviceName": row.1, "Reading": row.4});
    let fans: Vec<Value> = of("Rotational")
        .map(|(_, row)| {
            json!({"DataSourceUri": sensor(model, row.0), "DeviceName": row.1, "Reading": FAN_PERCENT, "SpeedRPM": row.4})
        })
        .collect();
    // The inlet is the temperature of a chassis.
    let last = |kind: &'static str| of(kind).last().map(|(_, row)| excerpt(row));
    tree.put(
        model,
        &path,
        "EnvironmentMetrics.v1_0_0.EnvironmentMetrics",
        json!({"Id": "EnvironmentMetrics", "Name": "Chassis Environment", "FanSpeedsPercent": fans,
            "TemperatureCelsius": last("Temperature"), "PowerWatts": last("Power")}),
    );
}
