//! FRU inventories (IPMI 2.0 §34).

use std::sync::Arc;

use super::{Answer, Call, code};
use crate::ipmi::controller::Controller;

/// Bytes read at once at most.
const PART_MAX: usize = 64;

pub(super) fn info(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let device = call.data.first().ok_or(code::LENGTH)?;
    let inventory = controller.inventories.get(device).ok_or(code::ABSENT)?;
    let size = u16::try_from(inventory.len()).unwrap_or(u16::MAX);
    let [low, high] = size.to_le_bytes();
    Ok(vec![low, high, 0])
}

pub(super) fn read(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let [device, low, high, count] = call.data else {
        return Err(code::LENGTH);
    };
    let inventory = controller.inventories.get(device).ok_or(code::ABSENT)?;
    let offset = usize::from(u16::from_le_bytes([*low, *high]));
    let rest = inventory.get(offset..).ok_or(code::RANGE)?;
    let count = usize::from(*count).min(PART_MAX).min(rest.len());
    let length = u8::try_from(count).unwrap_or_default();
    Ok([&[length], rest.get(..count).unwrap_or_default()].concat())
}

pub(super) fn write(controller: &mut Controller, call: &Call<'_>) -> Answer {
    let [device, low, high, data @ ..] = call.data else {
        return Err(code::LENGTH);
    };
    let offset = usize::from(u16::from_le_bytes([*low, *high]));
    let inventory = Arc::make_mut(&mut controller.inventories)
        .get_mut(device)
        .ok_or(code::ABSENT)?;
    let place = inventory
        .get_mut(offset..offset + data.len())
        .ok_or(code::RANGE)?;
    place.copy_from_slice(data);
    Ok(vec![u8::try_from(data.len()).unwrap_or_default()])
}
