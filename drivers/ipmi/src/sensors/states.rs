//! Whether a discrete sensor's states have names at all, and the short names of threshold events.

/// Short names of threshold events, in the order of their bits (IPMI 2.0 table 35-12).
const THRESHOLD_EVENTS: [&str; 12] = [
    "lnc-", "lnc+", "lcr-", "lcr+", "lnr-", "lnr+", "unc-", "unc+", "ucr-", "ucr+", "unr-", "unr+",
];

/// The threshold events in a mask.
pub(super) fn threshold_events(mask: u16) -> String {
    names(&THRESHOLD_EVENTS, |bit| mask >> bit & 1 == 1)
}

/// The names whose index is wanted, each followed by a space, trimmed.
pub(super) fn names(all: &[&str], wanted: impl Fn(usize) -> bool) -> String {
    all.iter()
        .enumerate()
        .filter(|(index, _)| wanted(*index))
        .map(|(_, name)| *name)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether the states of such a sensor have names, in the specification (IPMI 2.0 tables 42-2 and
/// 42-3) or in PICMG's (hot swap): only then are they reported.
pub(super) const fn are_named(sensor_type: u8, event_type: u8) -> bool {
    match event_type {
        0x02..=0x0c => true,
        0x6f => matches!(
            sensor_type,
            0x05..=0x09 | 0x0c | 0x0d | 0x0f..=0x14 | 0x19 | 0x1b | 0x1d..=0x25 | 0x27..=0x2c | 0xf0
        ),
        _ => false,
    }
}

/// Event/reading type of redundancy (IPMI 2.0 table 42-2).
const REDUNDANCY: u8 = 0x0b;

/// THE states with a colon in their name, which Ironic takes for a field and its value: bit, field,
/// value.
const FIELDS: [(u8, &str, &str); 3] = [
    (3, "[Non-Redundant", "Sufficient from Redundant]"),
    (4, "[Non-Redundant", "Sufficient from Insufficient]"),
    (5, "[Non-Redundant", "Insufficient Resources]"),
];

/// Those of them that are in the mask; the last one stays.
pub(super) fn read_as_fields(
    event_type: u8,
    mask: u16,
) -> impl Iterator<Item = &'static (u8, &'static str, &'static str)> {
    FIELDS
        .iter()
        .filter(move |row| event_type == REDUNDANCY && mask >> row.0 & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_listed_from_the_lowest_bit() {
        assert_eq!(threshold_events(0b1000_0100_0001), "lnc- unc- unr+");
        assert_eq!(threshold_events(0), "");
    }

    #[test]
    fn states_of_the_manufacturer_have_no_name() {
        assert!(are_named(0x08, 0x6f));
        assert!(are_named(0xc0, 0x03));
        assert!(!are_named(0xc0, 0x6f));
        assert!(!are_named(0x08, 0x70));
    }
}
