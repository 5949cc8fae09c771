//! Payloads: activation of serial over LAN, and its parameters (IPMI 2.0 §24, §26).

use super::{Answer, Bmc, Call, code};
use crate::ipmi::sol::Sol;

/// Payload type of serial over LAN.
const SOL: u8 = 0x01;
/// Bytes of one SOL packet in each direction.
const SOL_BYTES: u16 = 200;

pub(super) fn activate(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [kind, instance, ..] = call.data else {
        return Err(code::LENGTH);
    };
    if (kind & 0x3f, instance & 0x0f) != (SOL, 1) {
        return Err(0x82);
    }
    if !bmc.sol_enabled {
        return Err(0x81);
    }
    if bmc.sessions.values().any(|session| session.sol.is_some()) {
        return Err(0x80);
    }
    let session = bmc.sessions.get_mut(&call.session).ok_or(0xd4)?;
    session.sol = Some(Sol::default());
    let mut answer = vec![0, 0, 0, 0];
    answer.extend(SOL_BYTES.to_le_bytes());
    answer.extend(SOL_BYTES.to_le_bytes());
    answer.extend(bmc.port.to_le_bytes());
    answer.extend([0xff, 0xff]);
    Ok(answer)
}

pub(super) fn deactivate(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [kind, ..] = call.data else {
        return Err(code::LENGTH);
    };
    if kind & 0x3f != SOL {
        return Err(0x82);
    }
    let mut ended = false;
    for session in bmc.sessions.values_mut() {
        ended |= session.sol.take().is_some();
    }
    if ended { Ok(vec![]) } else { Err(0x80) }
}

pub(super) fn status(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let active = bmc.sessions.values().any(|session| session.sol.is_some());
    match call.data {
        [SOL] => Ok(vec![0, u8::from(active), 0]),
        _ => Err(code::FIELD),
    }
}

pub(super) fn instance(bmc: &mut Bmc, _: &Call<'_>) -> Answer {
    let owner = bmc
        .sessions
        .iter()
        .find(|(_, session)| session.sol.is_some())
        .map_or(0, |(id, _)| *id);
    let mut answer = owner.to_le_bytes().to_vec();
    answer.extend([1, 0, 0, 0, 0, 0, 0, 0]);
    Ok(answer)
}

pub(super) fn user_access(_: &mut Bmc, _: &Call<'_>) -> Answer {
    // Standard payload 1.
    Ok(vec![0x02, 0, 0, 0])
}

pub(super) fn support(_: &mut Bmc, _: &Call<'_>) -> Answer {
    // IPMI messages, SOL, and the messages of session set-up.
    Ok(vec![0x03, 0x00, 0x3f, 0x00, 0, 0, 0, 0])
}

pub(super) fn version(_: &mut Bmc, _: &Call<'_>) -> Answer {
    Ok(vec![0x10])
}

pub(super) fn configure(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    match call.data {
        [_, 1, enable, ..] => {
            bmc.sol_enabled = enable & 1 == 1;
            Ok(vec![])
        }
        [_, 0 | 2..=8, _, ..] => Ok(vec![]),
        [_, _, ..] => Err(code::PARAMETER),
        _ => Err(code::LENGTH),
    }
}

pub(super) fn configuration(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [_channel, parameter, ..] = call.data else {
        return Err(code::LENGTH);
    };
    let data: Vec<u8> = match parameter {
        0 => vec![0],
        1 => vec![u8::from(bmc.sol_enabled)],
        // Encryption and authentication forced; privilege User.
        2 => vec![0xc2],
        3 => vec![12, 96],
        4 => vec![6, 20],
        // 115.2 kbit/s.
        5 | 6 => vec![0x0a],
        7 => vec![0x01],
        8 => bmc.port.to_le_bytes().to_vec(),
        _ => return Err(code::PARAMETER),
    };
    Ok([&[0x11], &*data].concat())
}
