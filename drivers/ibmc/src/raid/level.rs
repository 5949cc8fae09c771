//! RAID levels: THE table (python-ibmcclient 0.2.5.1).

/// A RAID level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Ironic's name.
    pub name: &'static str,
    /// iBMC's `VolumeRaidLevel`.
    pub oem: &'static str,
    /// Fewest disks of a span.
    pub(super) min: usize,
    /// Most disks of a span.
    pub(super) max: usize,
    /// Disks of a span that hold redundancy.
    pub(super) overhead: usize,
    /// Whether there are several spans.
    pub(super) spanned: bool,
}

const MANY: usize = 1024;

const fn level(
    name: &'static str,
    oem: &'static str,
    min: usize,
    max: usize,
    overhead: usize,
    spanned: bool,
) -> Level {
    Level {
        name,
        oem,
        min,
        max,
        overhead,
        spanned,
    }
}

/// The level that is none: the disks are handed through.
pub const JBOD: Level = level("JBOD", "JBOD", 1, MANY, 0, false);

const LEVELS: &[Level] = &[
    JBOD,
    level("0", "RAID0", 1, MANY, 0, false),
    level("1", "RAID1", 2, 2, 1, false),
    level("5", "RAID5", 3, MANY, 1, false),
    level("6", "RAID6", 3, MANY, 2, false),
    level("1+0", "RAID10", 2, 2, 1, true),
    level("5+0", "RAID50", 3, MANY, 1, true),
    level("6+0", "RAID60", 3, MANY, 2, true),
];

impl Level {
    /// By Ironic's name.
    pub fn named(name: &str) -> Option<Level> {
        LEVELS.iter().find(|level| level.name == name).copied()
    }

    /// By iBMC's name.
    pub fn of_oem(name: &str) -> Option<Level> {
        LEVELS.iter().find(|level| level.oem == name).copied()
    }

    /// Ironic's names, for messages.
    pub(super) fn names() -> String {
        let names: Vec<&str> = LEVELS.iter().map(|level| level.name).collect();
        names.join(", ")
    }

    /// How many spans there may be.
    pub(super) const fn spans(self) -> std::ops::RangeInclusive<usize> {
        if self.spanned { 2..=8 } else { 1..=1 }
    }

    /// Fewest disks of a volume.
    pub(super) const fn min_disks(self) -> usize {
        if self.spanned { self.min * 2 } else { self.min }
    }
}
