//! Sensors of every kind, as Debian's `ipmitool` shows them and Ironic 39.0.0 reads that.
//!
//! `cargo test -p drivers-ipmi --test ipmitool -- --ignored`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ironic_sensors;
mod node;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use drivers_interface::Management;
use drivers_ipmi::{Bmcs, IpmitoolManagement};
use drivers_sim::ipmi::{Bmc, IpmiBmc, SensorState};
use node::TestTask;
use serde_json::json;

/// SplitMix64: the same sensors in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_in(&mut self, some: u64) -> bool {
        self.below(some) == 0
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// A sensor record of any content that the specification allows, and of some that it does not.
fn record(numbers: &mut Numbers, number: u8) -> Vec<u8> {
    let full = numbers.below(3) > 0;
    let event_type = match numbers.below(10) {
        0..5 => 0x01,
        5..7 => 0x6f,
        7..9 => numbers.pick(&[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        _ => numbers.byte() & 0x7f,
    };
    let sensor_type = match numbers.one_in(8) {
        true => numbers.byte(),
        false => numbers.pick(&[
            1, 2, 3, 4, 5, 8, 9, 0x0b, 0x0c, 0x0d, 0x0f, 0x1b, 0x28, 0x2c,
        ]),
    };
    let mut body = vec![0x20, 0, number];
    body.extend([
        numbers.byte(),
        numbers.byte(),
        numbers.byte(),
        numbers.byte(),
    ]);
    body.extend([sensor_type, event_type]);
    // Masks.
    body.extend((0..6).map(|_| numbers.byte()));
    let units = match numbers.one_in(3) {
        true => numbers.byte(),
        false => numbers.pick(&[0x00, 0x40, 0x80]),
    };
    let base = u8::try_from(numbers.below(100)).unwrap();
    body.extend([units, base, numbers.pick(&[0, 20, 22, 200])]);
    if full {
        let linearization = match numbers.below(4) {
            0 => numbers.pick(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
            1 => numbers.pick(&[0x70, 0x71, 0x7f, 0x0c]),
            _ => 0,
        };
        body.push(linearization);
        // Factors, ranges, thresholds.
        let exponents = numbers.pick(&[0x00, 0xf0, 0xe0, 0xd0, 0x0f, 0x1e, 0xd2]);
        body.extend((0..5).map(|_| numbers.byte()));
        body.push(exponents);
        body.extend((0..12).map(|_| numbers.byte()));
    } else {
        body.extend([1, 0]);
    }
    for _ in 0..2 {
        let hysteresis = match numbers.one_in(2) {
            true => numbers.byte(),
            false => numbers.pick(&[0, 0xff, 2]),
        };
        body.push(hysteresis);
    }
    body.extend(vec![0; if full { 2 } else { 3 }]);
    body.push(numbers.byte());
    let name = format!(
        "Sensor{number} {}",
        "long name"[..usize::from(number % 10)].trim()
    );
    body.push(0xc0 | u8::try_from(name.len()).unwrap());
    body.extend(name.bytes());
    let mut record = u16::from(number).to_le_bytes().to_vec();
    record.extend([0x51, if full { 1 } else { 2 }]);
    record.push(u8::try_from(body.len()).unwrap());
    record.extend(body);
    record
}

fn state(numbers: &mut Numbers) -> SensorState {
    let mut flags = |usual: u8| match numbers.one_in(4) {
        true => numbers.byte(),
        false => usual,
    };
    let (enabled, status) = (flags(0xc0), flags(0xc0));
    let mut events = |flags: u8| {
        let mut events = [flags, 0, 0, 0, 0];
        for byte in &mut events[1..] {
            *byte = numbers.pick(&[0, 0, 1, 0x15, 0x0a, 0x80, 0xff]);
        }
        events
    };
    let (enabled, status) = (events(enabled), events(status));
    SensorState {
        raw: numbers.byte(),
        available: !numbers.one_in(8),
        scanning: !numbers.one_in(8),
        states: numbers.pick(&[0, 0, 1, 8, 0x38, 0xff]),
        more: numbers.pick(&[0, 0, 1, 0x7f]),
        enabled,
        status: Some(status),
        ..SensorState::analog(0)
    }
}

/// Sensors of one BMC.
const SENSORS: u8 = 60;

/// What both say of the BMC with these random sensors.
async fn both(seed: u64) -> [serde_json::Map<String, serde_json::Value>; 2] {
    let mut numbers = Numbers(seed);
    let mut bmc = Bmc::default();
    let records: Vec<_> = (1..=SENSORS)
        .map(|number| record(&mut numbers, number))
        .collect();
    let states: HashMap<_, _> = (1..=SENSORS)
        .map(|number| (number, state(&mut numbers)))
        .collect();
    bmc.controller.records = records.into();
    bmc.controller.sensors = Arc::new(states);
    let bmc = IpmiBmc::start(bmc).await.unwrap();
    let port = bmc.address().port();
    let mut task = TestTask::new(json!({
        "ipmi_address": "127.0.0.1", "ipmi_port": port,
        "ipmi_username": "admin", "ipmi_password": "password"}));
    let bmcs = Bmcs::default();
    let management = IpmitoolManagement::new(bmcs.clone());
    let ours = management.sensors_data(&mut task).await.unwrap();
    bmcs.shutdown().await;
    let output = tokio::process::Command::new("ipmitool")
        .args(["-I", "lanplus", "-C", "3", "-U", "admin", "-P", "password"])
        .args(["-H", "127.0.0.1", "-p", &port.to_string(), "sdr", "-v"])
        .output()
        .await
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    [ours.get().clone(), ironic_sensors::read(&text)]
}

#[tokio::test]
#[ignore = "needs ipmitool"]
async fn sensors_of_every_kind_are_those_that_ironic_reports() {
    let mut differences = vec![];
    for seed in 1..=5 {
        let [ours, theirs] = both(seed).await;
        differences.extend(compare(&ours, &theirs).map(|text| format!("seed {seed}: {text}")));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// What is not the same: group, sensor, field, ours and theirs.
fn compare(
    ours: &serde_json::Map<String, serde_json::Value>,
    theirs: &serde_json::Map<String, serde_json::Value>,
) -> impl Iterator<Item = String> {
    let (ours, theirs) = (flat(ours), flat(theirs));
    let names: BTreeSet<_> = ours.keys().chain(theirs.keys()).cloned().collect();
    names.into_iter().filter_map(move |name| {
        let (ours, theirs) = (ours.get(&name), theirs.get(&name));
        (ours != theirs).then(|| format!("{name}: {ours:?} {theirs:?}"))
    })
}

fn flat(all: &serde_json::Map<String, serde_json::Value>) -> BTreeMap<String, String> {
    let mut flat = BTreeMap::new();
    for (group, sensors) in all {
        for (id, fields) in sensors.as_object().unwrap() {
            for (field, value) in fields.as_object().unwrap() {
                let value = value.as_str().unwrap().to_owned();
                flat.insert(format!("{group} / {id} / {field}"), value);
            }
        }
    }
    flat
}
