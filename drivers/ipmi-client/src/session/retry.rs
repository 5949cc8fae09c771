//! How often and how patiently a datagram is repeated.

use std::time::{Duration, Instant};

/// Repetition of one datagram: waits double from `first` to at most `longest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Wait for an answer to the first datagram.
    pub first: Duration,
    /// Longest wait between two datagrams.
    pub longest: Duration,
    /// Datagrams in total, at least 1.
    pub sends: u32,
}

impl Default for Retry {
    /// 1 s, 2 s, 4 s, 5 s: 12 s until a BMC counts as silent.
    fn default() -> Self {
        Retry {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(5),
            sends: 4,
        }
    }
}

impl Retry {
    /// The same for a BMC that takes `pace` to answer: silence for twice as long means that it has
    /// forgotten the session, not that it is slow.
    #[must_use]
    pub fn knowing(self, pace: Duration) -> Self {
        let first = self.first.max(pace.saturating_mul(2));
        Retry {
            first,
            longest: self.longest.max(first),
            sends: self.sends,
        }
    }
}

/// The clock of one exchange.
#[derive(Debug, Clone, Copy)]
pub struct Timer {
    retry: Retry,
    began: Instant,
    due: Instant,
    sent: u32,
}

impl Timer {
    /// Starts with the first datagram, sent `now`.
    pub fn start(retry: Retry, now: Instant) -> Self {
        Timer {
            retry,
            began: now,
            due: now + retry.first,
            sent: 1,
        }
    }

    /// When to call [`Timer::expire`].
    pub const fn due(&self) -> Instant {
        self.due
    }

    /// Datagrams sent so far.
    pub const fn sent(&self) -> u32 {
        self.sent
    }

    /// Time since the first datagram.
    pub fn waited(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.began)
    }

    /// The wait is over: `true` means send again, `false` means give up.
    pub fn expire(&mut self, now: Instant) -> bool {
        if self.sent >= self.retry.sends {
            return false;
        }
        let wait = self
            .retry
            .first
            .saturating_mul(1u32.checked_shl(self.sent).unwrap_or(u32::MAX));
        self.sent += 1;
        self.due = now + wait.min(self.retry.longest);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let start = Instant::now();
        let mut timer = Timer::start(Retry::default(), start);
        let mut waits = vec![timer.due() - start];
        let mut now = timer.due();
        while timer.expire(now) {
            waits.push(timer.due() - now);
            now = timer.due();
        }
        assert_eq!(
            waits,
            [1, 2, 4, 5].map(Duration::from_secs),
            "then the BMC counts as silent"
        );
        assert_eq!(timer.waited(now), Duration::from_secs(12));
    }

    #[test]
    fn a_slow_bmc_is_given_twice_the_time_it_took() {
        let usual = Retry::default();
        assert_eq!(usual.knowing(Duration::from_millis(20)), usual);
        let slow = usual.knowing(Duration::from_secs(4));
        assert_eq!((slow.first.as_secs(), slow.longest.as_secs()), (8, 8));
        assert_eq!(slow.sends, usual.sends);
    }
}
