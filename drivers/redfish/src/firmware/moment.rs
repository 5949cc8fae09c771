//! Moments as they are kept with a node: UTC without an offset (Ironic 39.0.0's form).

use chrono::{DateTime, NaiveDateTime, Utc};

/// A moment as it is kept.
pub(crate) fn stamp(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

/// Seconds from a kept moment to `now`, 0 if it lies ahead; `None` if it can't be read.
pub(crate) fn seconds_since(stamp: &str, now: DateTime<Utc>) -> Option<u64> {
    let moment = NaiveDateTime::parse_from_str(stamp, "%Y-%m-%dT%H:%M:%S%.f")
        .map(|naive| naive.and_utc())
        .or_else(|_| DateTime::parse_from_rfc3339(stamp).map(|moment| moment.to_utc()))
        .ok()?;
    u64::try_from((now - moment).num_seconds().max(0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_with_and_without_offset() {
        let now = DateTime::parse_from_rfc3339("2026-11-21T00:01:00Z")
            .unwrap()
            .to_utc();
        assert_eq!(seconds_since(&stamp(now), now), Some(0));
        assert_eq!(seconds_since("2026-11-21T00:00:00", now), Some(60));
        assert_eq!(seconds_since("2026-11-21T00:00:00.250000", now), Some(59));
        assert_eq!(seconds_since("2026-11-21T01:00:00+01:00", now), Some(60));
        assert_eq!(seconds_since("2027-01-01T00:00:00", now), Some(0));
        assert_eq!(seconds_since("yesterday", now), None);
    }
}
