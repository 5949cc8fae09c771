//! The machine behind the BMC: power, and what the firmware does when it starts.

use std::time::{Duration, Instant};

/// How long the boot flags stay valid without a Chassis Control (IPMI 2.0 table 28-14, parameter 3).
pub const BOOT_FLAGS_LAST: Duration = Duration::from_secs(60);

/// How long things take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// From Chassis Control until the power is another.
    pub power: Duration,
    /// From a soft power-off until the operating system has ended; `None` if it never does.
    pub soft: Option<Duration>,
    /// How long a BMC that restarts is away.
    pub reset: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Timing {
            power: Duration::ZERO,
            soft: Some(Duration::from_millis(100)),
            reset: Duration::from_millis(300),
        }
    }
}

/// Boot flags with their age.
#[derive(Debug, Clone, Copy, Default)]
pub struct BootFlags {
    /// The five bytes of parameter 5.
    pub bytes: [u8; 5],
    /// Parameter 3: which events leave the valid bit alone.
    pub keep: u8,
    set_at: Option<Instant>,
}

/// Bit of the valid flag.
const VALID: u8 = 0x80;
/// Bit of the persistent flag.
const PERSISTENT: u8 = 0x40;
/// Parameter 3: a timeout leaves the valid bit alone.
const KEEP_AFTER_TIMEOUT: u8 = 0x08;

impl BootFlags {
    pub(super) fn set(&mut self, bytes: [u8; 5], now: Instant) {
        self.bytes = bytes;
        self.set_at = Some(now);
    }

    fn expire(&mut self, now: Instant) {
        if self.keep & KEEP_AFTER_TIMEOUT == 0
            && self
                .set_at
                .is_some_and(|at| now.saturating_duration_since(at) >= BOOT_FLAGS_LAST)
        {
            self.bytes[0] &= !VALID;
            self.set_at = None;
        }
    }

    /// The firmware has read them.
    fn consume(&mut self) {
        self.set_at = None;
        self.keep = 0;
        if self.bytes[0] & PERSISTENT == 0 {
            self.bytes[0] &= !VALID;
        }
    }
}

/// The machine; off at first.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// Whether it is on.
    pub on: bool,
    /// Boot flags.
    pub boot: BootFlags,
    /// Diagnostic interrupts received.
    pub interrupts: u32,
    /// Starts, restarts included.
    pub starts: u32,
    /// Code of Get System Restart Cause.
    pub restart_cause: u8,
    /// Power restore policy: 0 off, 1 previous, 2 on.
    pub restore_policy: u8,
    /// Seconds of the identify light: `None` off, 255 for ever.
    pub identify: Option<u8>,
    pending: Option<(Instant, bool)>,
}

impl Machine {
    /// What time has brought.
    pub(super) fn tick(&mut self, now: Instant) {
        self.boot.expire(now);
        if let Some((when, on)) = self.pending
            && when <= now
        {
            self.pending = None;
            self.arrive(on, true);
        }
    }

    fn arrive(&mut self, on: bool, start: bool) {
        self.on = on;
        if on && start {
            self.starts += 1;
            self.restart_cause = 0x01;
            self.boot.consume();
        }
    }

    /// Goes to a power state after `delay`.
    pub(super) fn go(&mut self, on: bool, delay: Duration, now: Instant) {
        self.pending = None;
        // The flags are meant for this start, however long it takes.
        self.boot.set_at = None;
        if delay.is_zero() {
            self.arrive(on, true);
        } else {
            self.pending = Some((now + delay, on));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boot_flags_age_unless_told_not_to() {
        let now = Instant::now();
        let mut machine = Machine::default();
        machine.boot.set([0x80, 0x04, 0, 0, 0], now);
        machine.tick(now + BOOT_FLAGS_LAST - Duration::from_secs(1));
        assert_eq!(machine.boot.bytes[0], 0x80);
        machine.tick(now + BOOT_FLAGS_LAST);
        assert_eq!(machine.boot.bytes, [0, 0x04, 0, 0, 0]);
        machine.boot.keep = 0x08;
        machine.boot.set([0x80, 0x04, 0, 0, 0], now);
        machine.tick(now + 2 * BOOT_FLAGS_LAST);
        assert_eq!(machine.boot.bytes[0], 0x80);
    }

    #[test]
    fn a_start_spends_what_is_not_persistent() {
        let now = Instant::now();
        let mut machine = Machine::default();
        machine.boot.set([0xe0, 0x04, 0, 0, 0], now);
        machine.go(true, Duration::ZERO, now);
        assert_eq!(machine.boot.bytes[0], 0xe0);
        machine.boot.set([0xa0, 0x04, 0, 0, 0], now);
        machine.go(true, Duration::ZERO, now);
        assert_eq!((machine.boot.bytes[0], machine.starts), (0x20, 2));
    }
}
