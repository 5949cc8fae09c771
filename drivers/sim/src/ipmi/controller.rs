//! What a management controller has, be it the BMC or one behind it: identity, sensors, records,
//! inventory, event log.

use std::collections::HashMap;
use std::sync::Arc;

use super::fru;
use super::sdr::{self, SensorState};

/// A management controller.
#[derive(Debug, Clone)]
pub struct Controller {
    /// Answer of Get Device ID, without the completion code.
    pub device_id: Vec<u8>,
    /// The SDR repository, whole records in order.
    pub records: Arc<[Vec<u8>]>,
    /// What its sensors read, by number.
    pub sensors: Arc<HashMap<u8, SensorState>>,
    /// Inventories by device id.
    pub inventories: Arc<HashMap<u8, Vec<u8>>>,
    /// The event log.
    pub log: EventLog,
    /// Bytes of a record it can return at once.
    pub sdr_part_max: u8,
    /// Every so many reads somebody else takes the reservation; 0 never.
    pub reservation_lost_every: u32,
    /// Number of the reservation of the repository.
    pub(super) reservation: u16,
    pub(super) sdr_reads: u32,
}

impl Default for Controller {
    fn default() -> Self {
        Controller {
            device_id: device_id(0x20, 0x0157, 0x0042),
            records: sdr::example(),
            sensors: sdr::example_states(),
            inventories: fru::examples(),
            log: EventLog::default(),
            sdr_part_max: 64,
            reservation_lost_every: 0,
            reservation: 1,
            sdr_reads: 0,
        }
    }
}

impl Controller {
    /// A controller with an identity and nothing else.
    pub fn bare(id: u8, manufacturer: u32, product: u16) -> Self {
        Controller {
            device_id: device_id(id, manufacturer, product),
            records: Arc::new([]),
            sensors: Arc::default(),
            inventories: Arc::default(),
            ..Controller::default()
        }
    }

    /// Changes what a sensor reads.
    pub fn set_sensor(&mut self, number: u8, state: SensorState) {
        Arc::make_mut(&mut self.sensors).insert(number, state);
    }
}

/// The answer of Get Device ID: IPMI 2.0, firmware 2.10, every kind of device support.
fn device_id(id: u8, manufacturer: u32, product: u16) -> Vec<u8> {
    let [a, b, c, _] = manufacturer.to_le_bytes();
    let [low, high] = product.to_le_bytes();
    vec![
        id, 0x81, 0x02, 0x10, 0x02, 0xbf, a, b, c, low, high, 0, 0, 0, 0,
    ]
}

/// The system event log.
#[derive(Debug, Clone)]
pub struct EventLog {
    /// Entries of 16 bytes with their numbers.
    pub entries: Vec<[u8; 16]>,
    /// Most entries kept.
    pub capacity: usize,
    /// Number of the reservation.
    pub(super) reservation: u16,
    /// How often an erasure is found still under way.
    pub erase_polls: u32,
    pub(super) erasing: u32,
    pub(super) last_id: u16,
    /// What the log's clock is ahead of the machine's, in seconds.
    pub(super) clock_offset: i64,
}

impl Default for EventLog {
    /// Three events: a temperature above its limit, the same back to normal, a lost power supply.
    fn default() -> Self {
        let mut log = EventLog {
            entries: Vec::new(),
            capacity: 512,
            reservation: 1,
            erase_polls: 0,
            erasing: 0,
            last_id: 0,
            clock_offset: 0,
        };
        log.add(&event(0x6500_0000, 0x01, 0x01, 0x01, [0x59, 0x5f, 0x5a]));
        log.add(&event(0x6500_0010, 0x01, 0x01, 0x81, [0x59, 0x50, 0x5a]));
        log.add(&event(0x6500_0020, 0x08, 0x08, 0x6f, [0x03, 0xff, 0xff]));
        log
    }
}

/// A system event of the BMC: time, sensor type and number, direction and type, data.
pub fn event(time: u32, kind: u8, number: u8, direction: u8, data: [u8; 3]) -> [u8; 16] {
    let [a, b, c, d] = time.to_le_bytes();
    [
        0, 0, 0x02, a, b, c, d, 0x20, 0x00, 0x04, kind, number, direction, data[0], data[1],
        data[2],
    ]
}

impl EventLog {
    /// Adds an entry, numbering it; 0 if the log is full.
    pub fn add(&mut self, entry: &[u8; 16]) -> u16 {
        if self.entries.len() >= self.capacity {
            return 0;
        }
        self.last_id = self.last_id.wrapping_add(1).clamp(1, 0xfffe);
        let mut entry = *entry;
        entry[..2].copy_from_slice(&self.last_id.to_le_bytes());
        self.entries.push(entry);
        self.last_id
    }

    /// An entry by number; 0 is the first, 0xffff the last.
    pub(super) fn position(&self, id: u16) -> Option<usize> {
        match id {
            0x0000 => (!self.entries.is_empty()).then_some(0),
            0xffff => self.entries.len().checked_sub(1),
            _ => self
                .entries
                .iter()
                .position(|entry| u16::from_le_bytes([entry[0], entry[1]]) == id),
        }
    }
}
