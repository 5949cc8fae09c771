//! Chassis: status, power, light (IPMI 2.0 §28).

use super::super::bug::Bug;
use super::{Answer, Bmc, Call, code};

pub(super) fn capabilities(_: &mut Bmc, _: &Call<'_>) -> Answer {
    // Intrusion, front panel lock-out and diagnostic interrupt; FRU, SDR, SEL and SM at the BMC.
    Ok(vec![0x07, 0x20, 0x20, 0x20, 0x20])
}

pub(super) fn status(bmc: &mut Bmc, _: &Call<'_>) -> Answer {
    if bmc.bugs.is(&Bug::AlternatingPower) {
        bmc.machine.on = !bmc.machine.on;
    }
    let machine = &bmc.machine;
    let power = u8::from(machine.on) | (machine.restore_policy & 0x03) << 5;
    // The light can be asked for; its state is off, timed or for ever.
    let light = match machine.identify {
        None => 0x40,
        Some(u8::MAX) => 0x60,
        Some(_) => 0x50,
    };
    Ok(vec![power, if machine.on { 0x10 } else { 0x00 }, light, 0])
}

pub(super) fn control(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [action] = call.data else {
        return Err(code::LENGTH);
    };
    if bmc.bugs.is(&Bug::DeafPower) {
        return Ok(vec![]);
    }
    let (timing, now) = (bmc.timing, call.now);
    let machine = &mut bmc.machine;
    match action & 0x0f {
        0 => machine.go(false, timing.power, now),
        1 => machine.go(true, timing.power, now),
        // Cycling or resetting a machine that is off is refused, as the specification allows.
        2 | 3 if !machine.on => return Err(0xd5),
        2 | 3 => machine.go(true, timing.power, now),
        4 => machine.interrupts += 1,
        5 => {
            if let Some(soft) = timing.soft {
                machine.go(false, soft, now);
            }
        }
        _ => return Err(code::FIELD),
    }
    Ok(vec![])
}

pub(super) fn identify(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    bmc.machine.identify = match call.data {
        [] => Some(15),
        [_, force, ..] if force & 1 == 1 => Some(u8::MAX),
        [0, ..] => None,
        [seconds, ..] => Some(*seconds),
    };
    Ok(vec![])
}

pub(super) fn restore_policy(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    match call.data {
        [policy @ 0..=2] => bmc.machine.restore_policy = *policy,
        // Three asks what is supported.
        [3] => {}
        _ => return Err(code::FIELD),
    }
    Ok(vec![0x07])
}

pub(super) fn restart_cause(bmc: &mut Bmc, _: &Call<'_>) -> Answer {
    Ok(vec![bmc.machine.restart_cause, 0x01])
}

pub(super) fn hours(bmc: &mut Bmc, _: &Call<'_>) -> Answer {
    // Sixty minutes a count.
    let mut answer = vec![60];
    answer.extend(bmc.machine.starts.to_le_bytes());
    Ok(answer)
}
