//! What the simulator's repository and inventories hold, as this crate reads them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use drivers_ipmi_client::fru::Inventory;
use drivers_ipmi_client::sdr::Record;
use drivers_sim::ipmi::Controller;

#[test]
fn records_of_every_type_are_understood() {
    let controller = Controller::default();
    let mut sensors = 0;
    let mut named = Vec::new();
    for record in controller.records.iter() {
        match Record::decode(record).unwrap() {
            Record::Sensor(_) => sensors += 1,
            Record::EventOnly(sensor) => named.push(sensor.name),
            Record::Device(device) => named.push(device.name),
            Record::Fru(fru) => named.push(fru.name),
            Record::Controller(controller) => named.push(controller.name),
            Record::Association(association) => assert!(!association.contained.is_empty()),
            Record::Confirmation(found) => assert_eq!(found.manufacturer, 0x157),
            Record::Channels(protocols) => assert_eq!(protocols[0], 1),
            Record::Oem { manufacturer, data } => {
                assert_eq!((manufacturer, data.len()), (0x157, 3))
            }
            Record::Unknown(kind) => panic!("type {kind:#x}"),
        }
    }
    assert_eq!(sensors, 11);
    assert_eq!(
        named,
        ["System Event", "EEPROM", "Mainboard", "PSU 1", "BMC"]
    );
}

#[test]
fn inventories_are_understood() {
    let controller = Controller::default();
    let main = Inventory::decode(&controller.inventories[&0]).unwrap();
    let (chassis, board, product) = (
        main.chassis.unwrap(),
        main.board.unwrap(),
        main.product.unwrap(),
    );
    assert_eq!((chassis.kind, &*chassis.serial_number), (0x17, "CH0001"));
    assert_eq!(
        (&*board.manufacturer, &*board.part_number),
        ("Contoso", "MB-100")
    );
    assert_eq!((&*product.name, &*product.asset_tag), ("3500RX", "rack 1"));
    let supply = Inventory::decode(&controller.inventories[&1]).unwrap();
    assert_eq!(supply.board.unwrap().product, "Power Supply");
    assert!(supply.chassis.is_none() && supply.product.is_none());
}
