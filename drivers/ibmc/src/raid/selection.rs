//! Which disks make a volume: those that waste least. Pure.
//!
//! All disks of a volume are of one kind (HDD, SSD); of equally good choices, the kind that is listed
//! first wins. With a wanted size, the choice with the least
//! space lost to unequal disks wins, then the one with the least space, then the one with the fewest
//! disks; for all there is, the largest volume.

use std::cmp::Reverse;

use super::level::Level;

/// What a disk is, for this purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// What the caller knows it by.
    pub index: usize,
    /// `HDD`, `SSD`.
    pub media: Option<&'a str>,
    /// Bytes.
    pub capacity: i64,
}

/// The disks of a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// How many spans they form.
    pub span: usize,
    /// Indices of the disks, the smallest first.
    pub disks: Vec<usize>,
    /// Bytes of the largest volume they can hold.
    pub capacity: i64,
}

/// Why there is no choice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoChoice {
    /// The level takes no such number of disks.
    #[error("RAID level {level} cannot be made of {count} disks")]
    Count {
        /// The level's name.
        level: &'static str,
        /// The number asked for.
        count: usize,
    },
    /// There are not enough disks, or they are too small.
    #[error("there are not enough unused disks of one kind, or they are too small")]
    Space,
}

/// Finds the best disks for a volume of `bytes` (`None`: all there is), made of `count` disks if that
/// is given.
///
/// # Errors
/// See [`NoChoice`].
pub fn choose(
    level: Level,
    bytes: Option<i64>,
    candidates: &[Candidate<'_>],
    count: Option<usize>,
) -> Result<Choice, NoChoice> {
    if let Some(count) = count
        && !level.spans().any(|span| fits(level, count, span))
    {
        return Err(NoChoice::Count {
            level: level.name,
            count,
        });
    }
    let mut kinds: Vec<Option<&str>> = Vec::new();
    for disk in candidates {
        if !kinds.contains(&disk.media) {
            kinds.push(disk.media);
        }
    }
    let mut best = None;
    for kind in kinds {
        let mut alike: Vec<Candidate<'_>> = candidates
            .iter()
            .filter(|disk| disk.media == kind)
            .copied()
            .collect();
        alike.sort_by_key(|disk| (disk.capacity, disk.index));
        for span in level.spans() {
            try_span(level, span, bytes, &alike, count, &mut best);
        }
    }
    best.map(|(_, choice)| choice).ok_or(NoChoice::Space)
}

/// Whether so many disks form so many spans.
fn fits(level: Level, count: usize, span: usize) -> bool {
    count.is_multiple_of(span) && (level.min..=level.max).contains(&(count / span))
}

/// What makes a choice better: the smaller, the better. Largest volume (only where that counts),
/// waste, space, number of disks.
type Rank = (Reverse<i64>, i64, i64, usize);

fn try_span(
    level: Level,
    span: usize,
    bytes: Option<i64>,
    disks: &[Candidate<'_>],
    count: Option<usize>,
    best: &mut Option<(Rank, Choice)>,
) {
    let (fewest, most) = match count {
        Some(count) if fits(level, count, span) => (count, count),
        Some(_) => return,
        None => (level.min * span, level.max * span),
    };
    let overhead = level.overhead * span;
    let sums = sums(disks);
    for taken in (fewest..=most.min(disks.len())).step_by(span) {
        let data = number(taken.saturating_sub(overhead));
        if data == 0 {
            continue;
        }
        let needed = bytes.map_or(0, |bytes| ceil_div(bytes, data));
        let first_large = disks.partition_point(|disk| disk.capacity < needed);
        let Some(last) = disks.len().checked_sub(taken) else {
            return;
        };
        for start in first_large..=last {
            let window = &disks[start..start + taken];
            let smallest = window.first().map_or(0, |disk| disk.capacity);
            let total = sums[start + taken] - sums[start];
            let waste = total.saturating_sub(smallest.saturating_mul(number(taken)));
            let capacity = smallest.saturating_mul(data);
            let counts = bytes.map_or(capacity, |_| 0);
            let rank = (Reverse(counts), waste, total, taken);
            if best.as_ref().is_none_or(|(best, _)| rank < *best) {
                let choice = Choice {
                    span,
                    disks: window.iter().map(|disk| disk.index).collect(),
                    capacity,
                };
                *best = Some((rank, choice));
            }
        }
    }
}

/// Sums of the first disks, so that the sum of any run of them is a difference.
fn sums(disks: &[Candidate<'_>]) -> Vec<i64> {
    let mut sums = vec![0_i64];
    let mut sum = 0_i64;
    for disk in disks {
        sum = sum.saturating_add(disk.capacity.max(0));
        sums.push(sum);
    }
    sums
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Rounds up; both are positive.
const fn ceil_div(number: i64, by: i64) -> i64 {
    number / by + if number % by == 0 { 0 } else { 1 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn disks(capacities: &[(&'static str, i64)]) -> Vec<Candidate<'static>> {
        let disk = |(index, (media, capacity)): (usize, &(&'static str, i64))| Candidate {
            index,
            media: Some(media),
            capacity: *capacity,
        };
        capacities.iter().enumerate().map(disk).collect()
    }

    fn chosen(
        level: &str,
        bytes: Option<i64>,
        disks: &[Candidate<'_>],
        count: Option<usize>,
    ) -> Result<(usize, Vec<usize>), NoChoice> {
        let level = Level::named(level).unwrap();
        choose(level, bytes, disks, count).map(|choice| (choice.span, choice.disks))
    }

    #[test]
    fn equal_disks_waste_nothing() {
        let mixed = disks(&[("HDD", 100), ("HDD", 300), ("HDD", 300), ("HDD", 120)]);
        assert_eq!(chosen("1", Some(90), &mixed, None), Ok((1, vec![1, 2])));
        assert_eq!(chosen("0", Some(90), &mixed, None), Ok((1, vec![0])));
        assert_eq!(chosen("0", Some(110), &mixed, None), Ok((1, vec![3])));
    }

    #[test]
    fn all_there_is_means_the_largest_volume() {
        let mixed = disks(&[("HDD", 100), ("HDD", 300), ("HDD", 300), ("SSD", 900)]);
        assert_eq!(chosen("0", None, &mixed, None), Ok((1, vec![3])));
        assert_eq!(chosen("1", None, &mixed, None), Ok((1, vec![1, 2])));
    }

    #[test]
    fn the_kind_that_is_listed_first_wins_a_tie() {
        let kinds = [("SSD", 100), ("HDD", 100), ("HDD", 100), ("SSD", 100)];
        assert_eq!(
            chosen("1", Some(90), &disks(&kinds), None),
            Ok((1, vec![0, 3]))
        );
    }

    #[test]
    fn spans_are_found() {
        let eight = disks(&[("HDD", 100); 8]);
        assert_eq!(
            chosen("1+0", Some(350), &eight, None),
            Ok((4, (0..8).collect()))
        );
        assert_eq!(
            chosen("5+0", Some(100), &eight, Some(6)),
            Ok((2, (0..6).collect()))
        );
        let odd = NoChoice::Count {
            level: "1+0",
            count: 5,
        };
        assert_eq!(chosen("1+0", Some(100), &eight, Some(5)), Err(odd));
        assert_eq!(chosen("6", Some(9000), &eight, None), Err(NoChoice::Space));
        assert_eq!(chosen("1", Some(1), &[], None), Err(NoChoice::Space));
    }

    fn any_disks() -> impl Strategy<Value = Vec<(bool, i64)>> {
        prop::collection::vec(
            (any::<bool>(), prop_oneof![0..2000_i64, any::<i64>()]),
            0..24,
        )
    }

    proptest! {
        /// Whatever disks there are: a choice has the right number of disks of one kind and the room.
        #[test]
        fn a_choice_holds_what_it_must(
            kinds in any_disks(), level in 1..8_usize, bytes in prop::option::of(1..4000_i64), count in prop::option::of(0..12_usize),
        ) {
            let level = ["0", "1", "5", "6", "1+0", "5+0", "6+0"][level - 1];
            let level = Level::named(level).unwrap();
            let kinds: Vec<(&str, i64)> = kinds.iter().map(|(ssd, size)| (if *ssd { "SSD" } else { "HDD" }, *size)).collect();
            let candidates: Vec<Candidate<'_>> = kinds.iter().enumerate()
                .map(|(index, (media, capacity))| Candidate { index, media: Some(media), capacity: *capacity }).collect();
            if let Ok(choice) = choose(level, bytes, &candidates, count) {
                prop_assert!(fits(level, choice.disks.len(), choice.span));
                prop_assert!(count.is_none_or(|count| count == choice.disks.len()));
                prop_assert!(bytes.is_none_or(|bytes| choice.capacity >= bytes));
                let media: Vec<&str> = choice.disks.iter().map(|index| kinds[*index].0).collect();
                prop_assert!(media.windows(2).all(|pair| pair[0] == pair[1]));
            }
        }
    }
}
