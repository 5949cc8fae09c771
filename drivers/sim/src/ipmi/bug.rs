//! What an IPMI BMC can do wrong, switched on by name.

use std::time::Duration;

/// A misbehaviour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bug {
    /// Answers nothing.
    Silent,
    /// Answers this much later.
    Slow(Duration),
    /// Loses every n-th answer; 1 is every one.
    Lose(u32),
    /// Loses every n-th request unseen.
    LoseRequests(u32),
    /// Loses so many percent of the requests and of the answers, without pattern.
    LosePercent(u8),
    /// Sends every answer twice.
    Duplicate,
    /// Sends every other answer after the one that follows it.
    Reorder,
    /// Numbers its IPMI messages wrongly.
    WrongSequence,
    /// Once there is a second session, every answer comes with the last one of the session before.
    FormerSession,
    /// Sends its first answer again and again.
    Replay,
    /// Damages the integrity code of packets.
    BadIntegrity,
    /// Sends only the first so many bytes of every answer.
    Truncated(usize),
    /// Answers with bytes that mean nothing.
    Garbage,
    /// Pads every answer to 60,000 bytes.
    Huge,
    /// Says that every payload has 65,535 bytes.
    WrongLength,
    /// Agrees to no authentication, no integrity and no confidentiality, whatever was proposed.
    Downgrade,
    /// The power state is another at every read.
    AlternatingPower,
    /// Takes the right password for a wrong one.
    WrongPassword,
    /// Has no session free.
    SessionsFull,
    /// Answers commands (but those of session set-up) with this completion code.
    Refuse(u8),
    /// Restarts with the next command, before executing it.
    Restart,
    /// Restarts instead of executing its so-and-so-many-th command.
    RestartAt(u32),
    /// A reset it is told to do is done at once, without an answer.
    SilentReset,
    /// Takes messages for controllers behind it, which never answer.
    DeafSatellites,
    /// Cancels every reservation at once.
    NoReservation,
    /// The repository and the log lead back to their first record.
    EndlessRecords,
    /// Inventories claim to have 65,535 bytes.
    HugeInventory,
    /// Chassis Control is acknowledged and nothing happens.
    DeafPower,
    /// Boot flags are acknowledged and not kept.
    DeafBootFlags,
}

impl Bug {
    /// The bug shows this often only.
    pub const fn times(self, times: u32) -> Switch {
        Switch {
            bug: self,
            left: Some(times),
        }
    }
}

/// A bug with how often it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    bug: Bug,
    left: Option<u32>,
}

impl From<Bug> for Switch {
    fn from(bug: Bug) -> Self {
        Switch { bug, left: None }
    }
}

/// The bugs that are switched on.
#[derive(Debug, Default)]
pub struct Bugs {
    switches: Vec<Switch>,
}

impl Bugs {
    /// Switches a bug on.
    pub fn on(&mut self, bug: impl Into<Switch>) {
        self.switches.push(bug.into());
    }

    /// Switches all off.
    pub fn heal(&mut self) {
        self.switches.clear();
    }

    /// The first value that `pick` finds among the bugs; the one found counts as shown.
    pub(super) fn shows<T>(&mut self, pick: impl Fn(&Bug) -> Option<T>) -> Option<T> {
        let index = self
            .switches
            .iter()
            .position(|switch| pick(&switch.bug).is_some())?;
        let switch = self.switches.get_mut(index)?;
        let picked = pick(&switch.bug);
        if let Some(left) = &mut switch.left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.switches.remove(index);
            }
        }
        picked
    }

    /// Whether this bug shows now.
    pub(super) fn is(&mut self, bug: &Bug) -> bool {
        self.shows(|on| (on == bug).then_some(())).is_some()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.switches.is_empty()
    }
}
