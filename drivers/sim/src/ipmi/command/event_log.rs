//! The system event log (IPMI 2.0 §31).

use super::{Answer, Call, code};
use crate::ipmi::controller::Controller;

fn now(controller: &Controller) -> u32 {
    let seconds = chrono::Utc::now().timestamp() + controller.log.clock_offset;
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

pub(super) fn info(controller: &mut Controller, _: &Call<'_>) -> Answer {
    let log = &controller.log;
    let count = u16::try_from(log.entries.len()).unwrap_or(u16::MAX);
    let free = log.capacity.saturating_sub(log.entries.len()) * 16;
    let free = u16::try_from(free).unwrap_or(u16::MAX);
    let mut answer = vec![0x51];
    answer.extend(count.to_le_bytes());
    answer.extend(free.to_le_bytes());
    answer.extend([0, 0, 0, 0x65, 0, 0, 0, 0x65]);
    // Deletion, reservation and allocation information are supported.
    answer.push(0x0b);
    Ok(answer)
}

pub(super) fn allocation(controller: &mut Controller, _: &Call<'_>) -> Answer {
    let units = u16::try_from(controller.log.capacity).unwrap_or(u16::MAX);
    let free = controller
        .log
        .capacity
        .saturating_sub(controller.log.entries.len());
    let free = u16::try_from(free).unwrap_or(u16::MAX);
    let mut answer = units.to_le_bytes().to_vec();
    answer.extend(16u16.to_le_bytes());
    answer.extend(free.to_le_bytes());
    answer.extend(free.to_le_bytes());
    answer.push(1);
    Ok(answer)
}

pub(super) fn reserve(controller: &mut Controller, _: &Call<'_>) -> Answer {
    let log = &mut controller.log;
    log.reservation = log.reservation.wrapping_add(1).max(1);
    Ok(log.reservation.to_le_bytes().to_vec())
}

pub(super) fn get(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let [r0, r1, id0, id1, offset, count] = call.data else {
        return Err(code::LENGTH);
    };
    let log = &controller.log;
    if *offset > 0 && u16::from_le_bytes([*r0, *r1]) != log.reservation {
        return Err(code::RESERVATION);
    }
    let index = log
        .position(u16::from_le_bytes([*id0, *id1]))
        .ok_or(code::ABSENT)?;
    let entry = log.entries.get(index).ok_or(code::ABSENT)?;
    let next = log
        .entries
        .get(index + 1)
        .map_or([0xff, 0xff], |next| [next[0], next[1]]);
    let rest = entry.get(usize::from(*offset)..).ok_or(code::RANGE)?;
    let part = rest.get(..usize::from(*count)).unwrap_or(rest);
    Ok([&next, part].concat())
}

pub(super) fn add(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let mut entry: [u8; 16] = call.data.try_into().map_err(|_| code::LENGTH)?;
    let time = now(controller);
    // Records with a time stamp get the log's own.
    if entry[2] < 0xe0 {
        entry[3..7].copy_from_slice(&time.to_le_bytes());
    }
    match controller.log.add(&entry) {
        0 => Err(0xc4),
        id => Ok(id.to_le_bytes().to_vec()),
    }
}

/// An event from elsewhere becomes an entry.
pub(super) fn platform_event(controller: &mut Controller, call: &Call<'_>) -> Answer {
    // Over LAN, the generator's id comes first.
    let (generator, event) = match call.data {
        [generator, 0x04, rest @ ..] => (*generator, rest),
        [0x04, rest @ ..] => (0x41, rest),
        _ => return Err(code::FIELD),
    };
    let mut entry = [0xff; 16];
    entry[2] = 0x02;
    entry[3..7].copy_from_slice(&now(controller).to_le_bytes());
    entry[7..10].copy_from_slice(&[generator, 0x00, 0x04]);
    let length = event.len().min(6);
    entry[10..10 + length].copy_from_slice(&event[..length]);
    controller.log.add(&entry);
    Ok(vec![])
}

pub(super) fn delete(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let [_, _, id0, id1] = call.data else {
        return Err(code::LENGTH);
    };
    let index = controller
        .log
        .position(u16::from_le_bytes([*id0, *id1]))
        .ok_or(code::ABSENT)?;
    let entry = controller.log.entries.remove(index);
    Ok(entry[..2].to_vec())
}

pub(super) fn clear(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let [r0, r1, b'C', b'L', b'R', action] = call.data else {
        return Err(code::FIELD);
    };
    let log = &mut controller.log;
    if u16::from_le_bytes([*r0, *r1]) != log.reservation {
        return Err(code::RESERVATION);
    }
    match action {
        0xaa => {
            log.entries.clear();
            log.erasing = log.erase_polls;
        }
        0x00 => {}
        _ => return Err(code::FIELD),
    }
    let done = log.erasing == 0;
    log.erasing = log.erasing.saturating_sub(1);
    Ok(vec![u8::from(done)])
}

pub(super) fn time(controller: &mut Controller, _: &Call<'_>) -> Answer {
    Ok(now(controller).to_le_bytes().to_vec())
}

pub(super) fn set_time(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let bytes: [u8; 4] = call.data.try_into().map_err(|_| code::LENGTH)?;
    controller.log.clock_offset =
        i64::from(u32::from_le_bytes(bytes)) - chrono::Utc::now().timestamp();
    Ok(vec![])
}

pub(super) fn utc_offset(_: &mut Controller, _: &Call<'_>) -> Answer {
    Ok(vec![0, 0])
}
