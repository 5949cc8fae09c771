//! `info`: what the BMC is.

use drivers_ipmi_client::command::device_id::GetDeviceId;
use drivers_ipmi_client::{Error, Operation};
use serde_json::json;

use super::report::Report;
use crate::terminal;

/// Asks for the device id.
pub(super) async fn read(bmc: &mut Operation) -> Result<Report, Error> {
    let device = bmc.run(&GetDeviceId).await?;
    let manufacturer = drivers_ipmi::manufacturer(device.manufacturer_id);
    let firmware = format!(
        "{}.{:02}",
        device.major_fw_revision, device.minor_fw_revision
    );
    let ipmi = format!("{}.{}", device.major_version, device.minor_version);
    let support: Vec<&str> = [
        (device.sensor_device_support, "sensors"),
        (device.sdr_repository_support, "SDR"),
        (device.sel_device_support, "SEL"),
        (device.fru_inventory_support, "FRU"),
        (device.ipmb_event_receiver_support, "event receiver"),
        (device.ipmb_event_generator_support, "event generator"),
        (device.bridge_support, "bridge"),
        (device.chassis_support, "chassis"),
    ]
    .into_iter()
    .filter_map(|(has, name)| has.then_some(name))
    .collect();
    let maker = match manufacturer {
        Some(name) => format!("{name} ({})", device.manufacturer_id),
        None => device.manufacturer_id.to_string(),
    };
    let rows = [
        ("Device id", device.device_id.to_string()),
        ("Device revision", device.device_revision.to_string()),
        ("Manufacturer", maker),
        ("Product", device.product_id.to_string()),
        ("Firmware", firmware.clone()),
        ("IPMI", ipmi.clone()),
        (
            "Available",
            if device.device_available {
                "yes".to_owned()
            } else {
                "no, it starts or updates its firmware".to_owned()
            },
        ),
        ("Supports", support.join(", ")),
    ]
    .map(|(field, value)| [field.to_owned(), value]);
    Ok(Report {
        lines: terminal::table(["Field", "Value"], &rows),
        json: json!({
            "device_id": device.device_id,
            "device_revision": device.device_revision,
            "manufacturer_id": device.manufacturer_id,
            "manufacturer": manufacturer,
            "product_id": device.product_id,
            "firmware": firmware,
            "ipmi": ipmi,
            "available": device.device_available,
            "supports": support,
        }),
    })
}
