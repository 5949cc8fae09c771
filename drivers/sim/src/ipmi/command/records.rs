//! The SDR repository (IPMI 2.0 §33), and the same records as device SDRs (§35.2–35.4).

use super::{Answer, Call, code};
use crate::ipmi::controller::Controller;

pub(super) fn info(controller: &mut Controller, _: &Call<'_>) -> Answer {
    let count = u16::try_from(controller.records.len()).unwrap_or(u16::MAX);
    let mut answer = vec![0x51];
    answer.extend(count.to_le_bytes());
    // Free space, then times of the last addition and erasure.
    answer.extend([0x00, 0x10, 0, 0, 0, 0x65, 0, 0, 0, 0x65]);
    // Reservation and allocation information.
    answer.push(0x23);
    Ok(answer)
}

pub(super) fn allocation(_: &mut Controller, _: &Call<'_>) -> Answer {
    Ok(vec![0x00, 0x04, 16, 0, 0x00, 0x01, 0x00, 0x01, 1])
}

pub(super) fn device_info(controller: &mut Controller, _: &Call<'_>) -> Answer {
    let count = u8::try_from(controller.sensors.len()).unwrap_or(u8::MAX);
    Ok(vec![count, 0x01])
}

pub(super) fn reserve(controller: &mut Controller, _: &Call<'_>) -> Answer {
    controller.reservation = controller.reservation.wrapping_add(1).max(1);
    Ok(controller.reservation.to_le_bytes().to_vec())
}

pub(super) fn get_device(controller: &mut Controller, call: &Call<'_>) -> Answer {
    get(controller, call)
}

pub(super) fn get(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let [r0, r1, id0, id1, offset, count] = call.data else {
        return Err(code::LENGTH);
    };
    controller.sdr_reads = controller.sdr_reads.wrapping_add(1);
    let every = controller.reservation_lost_every;
    if every > 0 && controller.sdr_reads.is_multiple_of(every) {
        controller.reservation = controller.reservation.wrapping_add(1).max(1);
    }
    if *offset > 0 && u16::from_le_bytes([*r0, *r1]) != controller.reservation {
        return Err(code::RESERVATION);
    }
    let id = u16::from_le_bytes([*id0, *id1]);
    let index = match id {
        0x0000 => Some(0),
        0xffff => controller.records.len().checked_sub(1),
        _ => controller
            .records
            .iter()
            .position(|record| record.first_chunk() == Some(&id.to_le_bytes())),
    };
    let record = index.and_then(|index| controller.records.get(index));
    let (Some(index), Some(record)) = (index, record) else {
        return Err(code::ABSENT);
    };
    // All of it, or as much as was asked for.
    let rest = record.get(usize::from(*offset)..).ok_or(code::RANGE)?;
    let count = match count {
        0xff => rest.len(),
        count => usize::from(*count),
    };
    if count > usize::from(controller.sdr_part_max) {
        return Err(code::TOO_MUCH);
    }
    let next = controller
        .records
        .get(index + 1)
        .and_then(|next| next.first_chunk().copied())
        .unwrap_or([0xff, 0xff]);
    Ok([&next, rest.get(..count).unwrap_or(rest)].concat())
}
