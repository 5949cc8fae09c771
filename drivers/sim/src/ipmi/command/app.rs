//! The BMC itself and its sessions (IPMI 2.0 §20, §22).

use drivers_ipmi_client::crypto::CipherSuite;

use super::{Answer, Bmc, Call, code};
use crate::ipmi::controller::Controller;

pub(super) fn device_id(controller: &mut Controller, _: &Call<'_>) -> Answer {
    Ok(controller.device_id.clone())
}

pub(super) fn self_test(_: &mut Controller, _: &Call<'_>) -> Answer {
    // No error, nothing missing.
    Ok(vec![0x55, 0x00])
}

pub(super) fn reset(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    bmc.restart(call.now);
    Ok(vec![])
}

pub(super) fn guid(bmc: &mut Bmc, _: &Call<'_>) -> Answer {
    Ok(bmc.guid.to_vec())
}

pub(super) fn enables(bmc: &mut Bmc, _: &Call<'_>) -> Answer {
    Ok(vec![bmc.memory.enables])
}

pub(super) fn set_enables(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [enables] = call.data else {
        return Err(code::LENGTH);
    };
    bmc.memory.enables = *enables;
    Ok(vec![])
}

/// There is no private bus behind this BMC.
pub(super) fn no_bus(_: &mut Bmc, _: &Call<'_>) -> Answer {
    Err(code::FIELD)
}

pub(in crate::ipmi) fn auth_capabilities(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [channel, level] = call.data else {
        return Err(code::LENGTH);
    };
    if !matches!(channel & 0x0f, 0x01 | 0x0e) || !(1..=5).contains(level) {
        return Err(code::FIELD);
    }
    let offers20 = !bmc.suites.is_empty();
    let extended = channel & 0x80 != 0 && offers20;
    // None, MD5 and password of IPMI 1.5.
    let types = if bmc.lan15 { 0x14 } else { 0x00 };
    let mut state = 0x04;
    if bmc.kg.is_some() {
        state |= 0x20;
    }
    let protocols = u8::from(bmc.lan15) | u8::from(offers20) << 1;
    Ok(vec![
        0x01,
        types | u8::from(extended) << 7,
        state,
        if extended { protocols } else { 0 },
        0,
        0,
        0,
        0,
    ])
}

pub(in crate::ipmi) fn cipher_suites(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [_channel, _payload, index] = call.data else {
        return Err(code::LENGTH);
    };
    let mut records = Vec::new();
    for suite in bmc.suites.iter().filter_map(|id| CipherSuite::by_id(*id)) {
        records.extend([
            0xc0,
            suite.id,
            suite.authentication_algorithm(),
            0x40 | suite.integrity_algorithm(),
            0x80 | suite.confidentiality_algorithm(),
        ]);
    }
    // Sixteen bytes at a time.
    let start = usize::from(index & 0x3f) * 16;
    let end = records.len().min(start + 16);
    let mut answer = vec![0x01];
    answer.extend_from_slice(records.get(start..end).unwrap_or_default());
    Ok(answer)
}

pub(super) fn set_privilege(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [level] = call.data else {
        return Err(code::LENGTH);
    };
    let limit = bmc.privilege_limit;
    let session = bmc.sessions.get_mut(&call.session).ok_or(0xd4)?;
    match level & 0x0f {
        0 => {}
        1 => return Err(0x80),
        level if level > limit => return Err(0x81),
        level => session.privilege = level,
    }
    Ok(vec![session.privilege])
}

/// The session itself is removed once the answer is sealed.
pub(super) fn close_session(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [a, b, c, d] = call.data else {
        return Err(code::LENGTH);
    };
    let id = u32::from_le_bytes([*a, *b, *c, *d]);
    if !bmc.sessions.contains_key(&id) {
        return Err(0x87);
    }
    if id != call.session {
        bmc.sessions.remove(&id);
    }
    Ok(vec![])
}

pub(super) fn session_info(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let active = u8::try_from(bmc.sessions.len()).unwrap_or(u8::MAX);
    let slots = u8::try_from(bmc.slots).unwrap_or(0x3f) & 0x3f;
    match call.data {
        [0, ..] | [0xff, ..] | [0xfe, _] => {}
        // Only the caller's own session can be looked at by index.
        [1] => {}
        _ => return Ok(vec![0, slots, active]),
    }
    let privilege = bmc
        .sessions
        .get(&call.session)
        .map_or(0, |session| session.privilege);
    Ok(vec![
        1, slots, active, 2, privilege, 0x11, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
    ])
}
