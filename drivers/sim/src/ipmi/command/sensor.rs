//! Sensors (IPMI 2.0 §35).

use std::sync::Arc;

use super::{Answer, Call, code};
use crate::ipmi::controller::Controller;
use crate::ipmi::sdr::SensorState;

/// Linearizations from here on have factors of their own for each reading (IPMI 2.0 table 43-1).
const NON_LINEAR: u8 = 0x70;

fn state(controller: &Controller, call: &Call<'_>) -> Result<SensorState, u8> {
    let number = call.data.first().ok_or(code::LENGTH)?;
    controller.sensors.get(number).copied().ok_or(code::ABSENT)
}

fn record(controller: &Controller, number: u8) -> Option<&Vec<u8>> {
    controller
        .records
        .iter()
        .find(|record| matches!(record.get(3), Some(1 | 2)) && record.get(7) == Some(&number))
}

/// Whether the sensor has thresholds.
fn has_thresholds(controller: &Controller, number: u8) -> bool {
    record(controller, number).is_some_and(|record| record.get(13) == Some(&0x01))
}

pub(super) fn reading(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let state = state(controller, call)?;
    let flags = 0x80 | u8::from(state.scanning) << 6 | u8::from(!state.available) << 5;
    let more = if has_thresholds(controller, call.data[0]) {
        vec![0xc0 | state.states]
    } else {
        vec![state.states, 0x80 | state.more]
    };
    Ok([&[state.raw, flags], &*more].concat())
}

/// The factors of the record; of a sensor that is not linear, a multiplier for each reading.
pub(super) fn factors(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let [number, reading] = call.data else {
        return Err(code::LENGTH);
    };
    let record = record(controller, *number).ok_or(code::ABSENT)?;
    let mut factors = record.get(24..30).ok_or(code::ABSENT)?.to_vec();
    let linearization = record.get(23).ok_or(code::ABSENT)?;
    if linearization & 0x7f >= NON_LINEAR {
        factors[0] = reading & 0x0f;
    }
    Ok([&[0xff], &*factors].concat())
}

pub(super) fn hysteresis(controller: &mut Controller, call: &Call<'_>) -> Answer {
    state(controller, call).map(|state| state.hysteresis.to_vec())
}

pub(super) fn thresholds(controller: &mut Controller, call: &Call<'_>) -> Answer {
    state(controller, call).map(|state| state.thresholds.to_vec())
}

pub(super) fn set_thresholds(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let mut state = state(controller, call)?;
    let [number, mask, values @ ..] = call.data else {
        return Err(code::LENGTH);
    };
    if values.len() != 6 {
        return Err(code::LENGTH);
    }
    for (bit, value) in values.iter().enumerate() {
        if mask >> bit & 1 == 1 {
            state.thresholds[bit + 1] = *value;
        }
    }
    Arc::make_mut(&mut controller.sensors).insert(*number, state);
    Ok(vec![])
}

pub(super) fn acknowledge(controller: &mut Controller, call: &Call<'_>) -> Answer {
    state(controller, call).map(|_| vec![])
}

pub(super) fn event_enable(controller: &mut Controller, call: &Call<'_>) -> Answer {
    state(controller, call).map(|state| state.enabled.to_vec())
}

pub(super) fn event_status(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let state = state(controller, call)?;
    if let Some(status) = state.status {
        return Ok(status.to_vec());
    }
    let thresholds = has_thresholds(controller, call.data[0]);
    let asserted = if thresholds { 0 } else { state.states };
    Ok(vec![0xc0, asserted, 0, 0, 0])
}
