//! Every type of record (IPMI 2.0 §43): sensors as [`SensorRecord`], the rest taken apart here.

use super::{SensorRecord, id_string};
use crate::wire::{Cursor, Malformed};

/// A record of any type.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// Types 01h and 02h: a sensor with readings.
    Sensor(Box<SensorRecord>),
    /// Type 03h: a sensor that only sends events.
    EventOnly(EventOnly),
    /// Types 08h and 09h: which entities another one contains.
    Association(Association),
    /// Type 10h: a device without a controller of its own.
    Device(DeviceLocator),
    /// Type 11h: where an inventory is.
    Fru(FruLocator),
    /// Type 12h: a management controller.
    Controller(ControllerLocator),
    /// Type 13h: a management controller as it was found.
    Confirmation(Confirmation),
    /// Type 14h: what the BMC's channels are; protocol number 0–15 by channel.
    Channels([u8; 8]),
    /// Type c0h: something of the manufacturer's.
    Oem {
        /// IANA number of who defines the data.
        manufacturer: u32,
        /// The data.
        data: Vec<u8>,
    },
    /// A type that the specification reserves.
    Unknown(u8),
}

/// See [`Record::EventOnly`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventOnly {
    /// The controller or software that sends them.
    pub owner: u8,
    /// Number at its owner.
    pub number: u8,
    /// What it belongs to.
    pub entity: Entity,
    /// Sensor type (IPMI 2.0 table 42-3).
    pub sensor_type: u8,
    /// Event/reading type.
    pub event_type: u8,
    /// Its name.
    pub name: String,
}

/// A physical or logical thing (IPMI 2.0 table 43-13) and which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entity {
    /// What.
    pub id: u8,
    /// Which, 0–127.
    pub instance: u8,
}

/// See [`Record::Association`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// The container.
    pub container: Entity,
    /// Whether `contained` are pairs of first and last instance.
    pub ranges: bool,
    /// What it contains; unused places are left out.
    pub contained: Vec<Entity>,
}

/// See [`Record::Device`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLocator {
    /// Address of the controller to reach it through.
    pub access: u8,
    /// Its own address.
    pub slave: u8,
    /// Kind of device (IPMI 2.0 table 43-12).
    pub device_type: u8,
    /// What it belongs to.
    pub entity: Entity,
    /// Its name.
    pub name: String,
}

/// See [`Record::Fru`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FruLocator {
    /// Address of the controller that has it.
    pub access: u8,
    /// Logical device number, or the address of an EEPROM.
    pub device: u8,
    /// Whether it is read with Read FRU Data.
    pub logical: bool,
    /// What it belongs to.
    pub entity: Entity,
    /// Its name.
    pub name: String,
}

/// See [`Record::Controller`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControllerLocator {
    /// Its address.
    pub slave: u8,
    /// Channel on which it is.
    pub channel: u8,
    /// What it supports: chassis, bridge, event generator and receiver, FRU, SEL, SDR, sensors.
    pub capabilities: u8,
    /// What it belongs to.
    pub entity: Entity,
    /// Its name.
    pub name: String,
}

/// See [`Record::Confirmation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation {
    /// Its address.
    pub slave: u8,
    /// Its device id.
    pub device_id: u8,
    /// IANA number of its manufacturer.
    pub manufacturer: u32,
    /// Product number.
    pub product: u16,
    /// Its GUID.
    pub guid: [u8; 16],
}

impl Entity {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Malformed> {
        let [id, instance] = cursor.array("entity")?;
        Ok(Entity {
            id,
            instance: instance & 0x7f,
        })
    }
}

impl Record {
    /// Reads a whole record including its header.
    ///
    /// # Errors
    /// A record that is shorter than its header or its type says.
    pub fn decode(record: &[u8]) -> Result<Self, Malformed> {
        let mut cursor = Cursor::new(record);
        let [_, _, _version, kind, length] = cursor.array("SDR header")?;
        let body = cursor.bytes(usize::from(length), "SDR shorter than its header says")?;
        let mut cursor = Cursor::new(body);
        match kind {
            0x01 | 0x02 => {
                let sensor = SensorRecord::decode(record)?;
                Ok(sensor.map_or(Record::Unknown(kind), |sensor| {
                    Record::Sensor(Box::new(sensor))
                }))
            }
            0x03 => event_only(&mut cursor).map(Record::EventOnly),
            0x08 => association(&mut cursor, 0).map(Record::Association),
            0x09 => association(&mut cursor, 2).map(Record::Association),
            0x10 => device(&mut cursor).map(Record::Device),
            0x11 => fru(&mut cursor).map(Record::Fru),
            0x12 => controller(&mut cursor).map(Record::Controller),
            0x13 => confirmation(&mut cursor).map(Record::Confirmation),
            0x14 => Ok(Record::Channels(
                cursor
                    .array::<8>("channel information")?
                    .map(|byte| byte & 0x0f),
            )),
            0xc0 => Ok(Record::Oem {
                manufacturer: cursor.u24("OEM manufacturer")?,
                data: cursor.rest().to_vec(),
            }),
            other => Ok(Record::Unknown(other)),
        }
    }
}

fn name(cursor: &mut Cursor<'_>) -> Result<String, Malformed> {
    let type_length = cursor.u8("name length")?;
    Ok(id_string::decode(type_length, cursor.rest()))
}

fn event_only(cursor: &mut Cursor<'_>) -> Result<EventOnly, Malformed> {
    let [owner, _lun, number] = cursor.array("sensor key")?;
    let entity = Entity::read(cursor)?;
    let [sensor_type, event_type] = cursor.array("sensor type")?;
    // Record sharing, a reserved and an OEM byte.
    let _: [u8; 4] = cursor.array("record sharing")?;
    Ok(EventOnly {
        owner,
        number,
        entity,
        sensor_type,
        event_type: event_type & 0x7f,
        name: name(cursor)?,
    })
}

/// `device` bytes of address go before each contained entity in the device-relative form.
fn association(cursor: &mut Cursor<'_>, device: usize) -> Result<Association, Malformed> {
    let container = Entity::read(cursor)?;
    cursor.bytes(device, "container address")?;
    let flags = cursor.u8("association flags")?;
    let mut contained = Vec::new();
    for _ in 0..4 {
        cursor.bytes(device, "contained address")?;
        let entity = Entity::read(cursor)?;
        if entity.id != 0 {
            contained.push(entity);
        }
    }
    Ok(Association {
        container,
        ranges: flags & 0x80 != 0,
        contained,
    })
}

fn device(cursor: &mut Cursor<'_>) -> Result<DeviceLocator, Malformed> {
    let [
        access,
        slave,
        _channel,
        _span,
        _reserved,
        device_type,
        _modifier,
    ] = cursor.array("device locator")?;
    let entity = Entity::read(cursor)?;
    let _oem = cursor.u8("OEM byte")?;
    Ok(DeviceLocator {
        access: access & 0xfe,
        slave: slave & 0xfe,
        device_type,
        entity,
        name: name(cursor)?,
    })
}

fn fru(cursor: &mut Cursor<'_>) -> Result<FruLocator, Malformed> {
    let [access, device, flags, _channel, _reserved, _type, _modifier] =
        cursor.array("FRU locator")?;
    let entity = Entity::read(cursor)?;
    let _oem = cursor.u8("OEM byte")?;
    Ok(FruLocator {
        access: access & 0xfe,
        device,
        logical: flags & 0x80 != 0,
        entity,
        name: name(cursor)?,
    })
}

fn controller(cursor: &mut Cursor<'_>) -> Result<ControllerLocator, Malformed> {
    let [slave, channel, _power, capabilities, _, _, _] = cursor.array("controller locator")?;
    let entity = Entity::read(cursor)?;
    let _oem = cursor.u8("OEM byte")?;
    Ok(ControllerLocator {
        slave: slave & 0xfe,
        channel: channel & 0x0f,
        capabilities,
        entity,
        name: name(cursor)?,
    })
}

fn confirmation(cursor: &mut Cursor<'_>) -> Result<Confirmation, Malformed> {
    let [slave, device_id, _channel, _, _, _] = cursor.array("controller confirmation")?;
    Ok(Confirmation {
        slave: slave & 0xfe,
        device_id,
        manufacturer: cursor.u24("manufacturer")?,
        product: cursor.u16("product")?,
        guid: cursor.array("GUID")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut record = vec![1, 0, 0x51, kind, u8::try_from(body.len()).unwrap()];
        record.extend_from_slice(body);
        record
    }

    #[test]
    fn locators_name_what_they_locate() {
        let body = [
            0x20, 0x01, 0x80, 0, 0, 0x10, 0, 0x0a, 0x01, 0, 0xc3, b'P', b'S', b'U',
        ];
        let Record::Fru(fru) = Record::decode(&record(0x11, &body)).unwrap() else {
            panic!("an inventory");
        };
        assert_eq!((fru.device, fru.logical, &*fru.name), (1, true, "PSU"));
        assert_eq!(
            fru.entity,
            Entity {
                id: 0x0a,
                instance: 1
            }
        );
        let body = [
            0x30, 0x07, 0, 0xbf, 0, 0, 0, 0x06, 0x01, 0, 0xc2, b'M', b'C',
        ];
        let Record::Controller(controller) = Record::decode(&record(0x12, &body)).unwrap() else {
            panic!("a controller");
        };
        assert_eq!((controller.slave, controller.channel), (0x30, 7));
    }

    #[test]
    fn associations_leave_unused_places_out() {
        let body = [0x0b, 0x01, 0x80, 0x03, 0x01, 0x03, 0x04, 0, 0, 0, 0];
        let Record::Association(association) = Record::decode(&record(0x08, &body)).unwrap() else {
            panic!("an association");
        };
        assert!(association.ranges);
        assert_eq!(association.contained.len(), 2);
    }

    #[test]
    fn what_is_cut_off_is_an_error_and_what_is_unknown_is_not() {
        for kind in [
            0x01, 0x02, 0x03, 0x08, 0x09, 0x10, 0x11, 0x12, 0x13, 0x14, 0xc0,
        ] {
            assert!(Record::decode(&record(kind, &[0x20])).is_err(), "{kind:#x}");
        }
        assert_eq!(
            Record::decode(&record(0x77, &[])).unwrap(),
            Record::Unknown(0x77)
        );
    }
}
