//! LAN configuration parameters (IPMI 2.0 §23), enough for `lan print`.

use super::{Answer, Bmc, Call, code};

pub(super) fn set(_: &mut Bmc, call: &Call<'_>) -> Answer {
    match call.data.len() {
        0..=1 => Err(code::LENGTH),
        _ => Ok(vec![]),
    }
}

pub(super) fn get(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [channel, parameter, _set, _block] = call.data else {
        return Err(code::LENGTH);
    };
    if channel & 0x0f != 0x01 && channel & 0x0f != 0x0e {
        return Err(code::FIELD);
    }
    let suites = u8::try_from(bmc.suites.len()).unwrap_or(u8::MAX);
    let data: Vec<u8> = match parameter {
        0 | 10 | 21 => vec![0],
        1 => vec![0x14],
        2 => vec![0x14; 5],
        3 | 12 | 14 => vec![127, 0, 0, 1],
        4 => vec![0x01],
        5 | 13 | 15 => vec![0x52, 0x54, 0, 0, 0, 1],
        6 => vec![255, 0, 0, 0],
        7 => vec![64, 0x40, 0x10],
        11 => vec![0x01],
        16 => b"public\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
        20 => vec![0, 0],
        22 => vec![suites],
        23 => [&[0], &*bmc.suites].concat(),
        // Every suite up to Administrator.
        24 => vec![0, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44],
        _ => return Err(code::PARAMETER),
    };
    Ok([&[0x11], &*data].concat())
}
