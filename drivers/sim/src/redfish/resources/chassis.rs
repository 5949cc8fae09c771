//! The `Chassis`.

use serde_json::json;

use super::super::model::{Indicator, SensorStyle};
use super::{Hardware, Model, Tree, healthy};

pub(super) fn add(tree: &mut Tree, model: &Model, hardware: &Hardware) {
    let path = model.chassis();
    let mut chassis = json!({
        "Id": model.ids[2],
        "Name": "Computer System Chassis",
        "ChassisType": "RackMount",
        "UUID": format!("c{}", &hardware.uuid()[1..]),
        "Manufacturer": model.manufacturer,
        "Model": model.product,
        "SerialNumber": hardware.serial(),
        "PowerState": "On",
        "PhysicalSecurity": {"IntrusionSensor": "Normal"},
        "Assembly": model.link(&format!("{path}/Assembly")),
        "Status": healthy(),
        "Links": {"ComputerSystems": [model.link(&model.system())], "ManagedBy": [model.link(&model.manager())]}
    });
    match model.indicator {
        Indicator::Led => chassis["IndicatorLED"] = json!("Off"),
        Indicator::Active => chassis["LocationIndicatorActive"] = json!(false),
    }
    let styles: &[&str] = match model.sensors {
        SensorStyle::ThermalPower => &["Thermal", "Power"],
        SensorStyle::Sensors => &[
            "Sensors",
            "ThermalSubsystem",
            "PowerSubsystem",
            "EnvironmentMetrics",
        ],
        SensorStyle::Both => &[
            "Thermal",
            "Power",
            "Sensors",
            "ThermalSubsystem",
            "PowerSubsystem",
            "EnvironmentMetrics",
        ],
    };
    for name in styles {
        chassis[*name] = model.link(&format!("{path}/{name}"));
    }
    tree.put(model, &path, "Chassis.v1_14_0.Chassis", chassis);
    let part = |name: &str, number: &str| {
        json!({
            "MemberId": number,
            "Name": name,
            "Producer": model.manufacturer,
            "PartNumber": format!("{number}Y7Y9"),
            "SerialNumber": format!("{}-{number}", hardware.serial()),
            "ProductionDate": "2025-06-01T00:00:00Z"
        })
    };
    tree.put(
        model,
        &format!("{path}/Assembly"),
        "Assembly.v1_3_0.Assembly",
        json!({
            "Id": "Assembly",
            "Name": "Assemblies",
            "Assemblies": [part("System Board", "08"), part("PCIe Riser", "09")]
        }),
    );
}
