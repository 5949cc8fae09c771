//! RAID levels: THE table, and how many disks they take.

/// A RAID level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    /// Ironic's name.
    pub(super) name: &'static str,
    /// Redfish's `RAIDType`.
    pub(super) redfish: &'static str,
    /// Fewest disks of a span.
    min: usize,
    /// Most disks of a span.
    max: usize,
    /// Disks of a span that hold redundancy.
    overhead: usize,
    spans: Spans,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spans {
    One,
    Two,
    /// Pairs.
    Half,
}

const MANY: usize = 1000;

/// Facts: Ironic 39.0.0, observed.
const LEVELS: &[Level] = &[
    Level {
        name: "0",
        redfish: "RAID0",
        min: 1,
        max: MANY,
        overhead: 0,
        spans: Spans::One,
    },
    Level {
        name: "1",
        redfish: "RAID1",
        min: 2,
        max: 2,
        overhead: 1,
        spans: Spans::One,
    },
    Level {
        name: "5",
        redfish: "RAID5",
        min: 3,
        max: MANY,
        overhead: 1,
        spans: Spans::One,
    },
    Level {
        name: "6",
        redfish: "RAID6",
        min: 4,
        max: MANY,
        overhead: 2,
        spans: Spans::One,
    },
    Level {
        name: "1+0",
        redfish: "RAID10",
        min: 2,
        max: 2,
        overhead: 1,
        spans: Spans::Half,
    },
    Level {
        name: "5+0",
        redfish: "RAID50",
        min: 3,
        max: MANY,
        overhead: 1,
        spans: Spans::Two,
    },
    Level {
        name: "6+0",
        redfish: "RAID60",
        min: 4,
        max: MANY,
        overhead: 2,
        spans: Spans::Two,
    },
];

impl Level {
    /// By Ironic's name.
    pub(super) fn named(name: &str) -> Option<Level> {
        LEVELS.iter().find(|level| level.name == name).copied()
    }

    /// By Redfish's name.
    pub(super) fn of_redfish(name: &str) -> Option<Level> {
        LEVELS.iter().find(|level| level.redfish == name).copied()
    }

    /// Ironic's names, for messages.
    pub(super) fn names() -> String {
        LEVELS
            .iter()
            .map(|level| level.name)
            .collect::<Vec<_>>()
            .join(", ")
    }

    const fn spans(self, disks: usize) -> usize {
        match self.spans {
            Spans::One => 1,
            Spans::Two => 2,
            Spans::Half => disks / 2,
        }
    }

    /// Whether a volume can be made of this many disks that somebody has named: they make equal
    /// spans, and some of them hold data. What else a controller wants, it says itself; some mirror
    /// on more than two disks.
    pub(super) fn takes_named(self, disks: usize) -> bool {
        let spans = self.spans(disks);
        // A spanned volume has at least two spans, equally long.
        let enough_spans = self.spans == Spans::One || spans >= 2;
        spans > 0 && enough_spans && disks.is_multiple_of(spans) && self.data_disks(disks) > 0
    }

    /// Whether a volume is made of this many disks when there is a choice.
    pub(super) fn takes(self, disks: usize) -> bool {
        self.takes_named(disks) && (self.min..=self.max).contains(&(disks / self.spans(disks)))
    }

    /// How many of these disks hold data.
    pub(super) const fn data_disks(self, disks: usize) -> usize {
        disks.saturating_sub(self.overhead * self.spans(disks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_disks() {
        let takes = |name: &str| {
            (0..9)
                .filter(|disks| Level::named(name).unwrap().takes(*disks))
                .collect::<Vec<_>>()
        };
        assert_eq!(takes("0"), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(takes("1"), [2]);
        assert_eq!(takes("5"), [3, 4, 5, 6, 7, 8]);
        assert_eq!(takes("1+0"), [4, 6, 8]);
        assert_eq!(takes("5+0"), [6, 8]);
        assert_eq!(takes("6+0"), [8]);
        let named = |name: &str| {
            (0..9)
                .filter(|disks| Level::named(name).unwrap().takes_named(*disks))
                .collect::<Vec<_>>()
        };
        assert_eq!(named("0"), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(named("1"), [2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(named("5"), [2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(named("6"), [3, 4, 5, 6, 7, 8]);
        assert_eq!(named("1+0"), [4, 6, 8]);
        assert_eq!(named("5+0"), [4, 6, 8]);
        assert_eq!(named("6+0"), [6, 8]);
        assert_eq!(Level::named("1+0").unwrap().data_disks(6), 3);
        assert_eq!(Level::named("6+0").unwrap().data_disks(8), 4);
    }
}
