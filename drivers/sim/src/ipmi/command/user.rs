//! Users and channels (IPMI 2.0 §22.22–22.30). There is one user, number 2.

use super::{Answer, Bmc, Call, code};

/// Taken and of no effect: the account is set by the test.
pub(super) fn acknowledge(_: &mut Bmc, _: &Call<'_>) -> Answer {
    Ok(vec![])
}

pub(super) fn channel_access(_: &mut Bmc, _: &Call<'_>) -> Answer {
    // Always available; Administrator at most.
    Ok(vec![0x02, 0x04])
}

pub(super) fn channel_info(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let active = u8::try_from(bmc.sessions.len()).unwrap_or(0x3f) & 0x3f;
    match call.data {
        // A LAN channel with sessions.
        [0x01 | 0x0e] => Ok(vec![
            0x01,
            0x04,
            0x01,
            0x80 | active,
            0xf2,
            0x1b,
            0x00,
            0,
            0,
        ]),
        // The IPMB.
        [0x00] => Ok(vec![0x00, 0x01, 0x01, 0x00, 0xf2, 0x1b, 0x00, 0, 0]),
        _ => Err(code::FIELD),
    }
}

pub(super) fn access(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [_channel, user] = call.data else {
        return Err(code::LENGTH);
    };
    // Ten users could be; one is enabled, none has a fixed name.
    let rights = match user & 0x3f {
        2 => 0x30 | bmc.privilege_limit,
        1 | 3..=10 => 0x0f,
        _ => return Err(code::RANGE),
    };
    Ok(vec![10, 0x41, 0, rights])
}

pub(super) fn name(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [user] = call.data else {
        return Err(code::LENGTH);
    };
    let mut answer = match user & 0x3f {
        2 => bmc.user.as_bytes().to_vec(),
        1 | 3..=10 => Vec::new(),
        _ => return Err(code::RANGE),
    };
    answer.resize(16, 0);
    Ok(answer)
}

pub(super) fn set_password(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [user, operation, password @ ..] = call.data else {
        return Err(code::LENGTH);
    };
    let end = password.iter().position(|byte| *byte == 0);
    let given = password
        .get(..end.unwrap_or(password.len()))
        .unwrap_or_default();
    match (user & 0x3f, operation & 0x03) {
        (2, 2) => bmc.password = String::from_utf8_lossy(given).into_owned(),
        (2, 3) if given != bmc.password.as_bytes() => return Err(0x80),
        _ => {}
    }
    Ok(vec![])
}
