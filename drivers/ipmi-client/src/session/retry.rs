//! How often and how patiently a datagram is repeated.

use std::time::{Duration, Instant};

/// Shortest wait before an early repetition.
const EARLY_MIN: Duration = Duration::from_millis(250);
/// What a BMC may take in the worst case, times its quickest answer, before loss is more likely.
const EARLY_FACTOR: u32 = 8;

/// Repetition of one datagram: waits double from `first` to at most `longest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Wait for an answer to the first datagram.
    pub first: Duration,
    /// Longest wait between two datagrams.
    pub longest: Duration,
    /// Datagrams in total, at least 1; an early one is not counted.
    pub sends: u32,
    /// Wait for one repetition more, before `first` is over: a BMC known to be quick has rather lost
    /// the datagram. It costs no patience, as the other waits stay.
    pub early: Option<Duration>,
}

impl Default for Retry {
    /// 1 s, 2 s, 4 s, 5 s: 12 s until a BMC counts as silent.
    fn default() -> Self {
        Retry {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(5),
            sends: 4,
            early: None,
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
            early: self.early,
        }
    }

    /// The same with an early repetition, for a BMC whose quickest answer to one datagram took `pace`; without one
    /// where that is as long as the usual wait.
    #[must_use]
    pub fn early(self, pace: Duration) -> Self {
        let wait = pace.saturating_mul(EARLY_FACTOR).max(EARLY_MIN);
        Retry {
            early: (wait < self.first).then_some(wait),
            ..self
        }
    }
}

/// The clock of one exchange.
#[derive(Debug, Clone, Copy)]
pub struct Timer {
    retry: Retry,
    began: Instant,
    due: Instant,
    last: Instant,
    sent: u32,
}

impl Timer {
    /// Starts with the first datagram, sent `now`.
    pub fn start(retry: Retry, now: Instant) -> Self {
        Timer {
            retry,
            began: now,
            due: now + retry.early.unwrap_or(retry.first),
            last: now,
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

    /// Time since the last datagram.
    pub fn since_last(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.last)
    }

    /// The wait is over: `true` means send again, `false` means give up.
    pub fn expire(&mut self, now: Instant) -> bool {
        let early = u32::from(self.retry.early.is_some());
        if self.sent >= self.retry.sends.saturating_add(early) {
            return false;
        }
        self.last = now;
        if self.sent == early {
            self.sent += 1;
            self.due = self.began + self.retry.first;
            return true;
        }
        let regular = self.sent - early;
        let wait = self
            .retry
            .first
            .saturating_mul(1u32.checked_shl(regular).unwrap_or(u32::MAX));
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
    fn an_early_repetition_costs_no_patience() {
        let start = Instant::now();
        let quick = Retry::default().early(Duration::from_millis(2));
        let mut timer = Timer::start(quick, start);
        let mut sent = vec![0];
        loop {
            let due = timer.due();
            if !timer.expire(due) {
                break;
            }
            sent.push((due - start).as_millis());
        }
        assert_eq!(sent, [0, 250, 1000, 3000, 7000]);
        assert_eq!((timer.due() - start).as_secs(), 12);
        let slow = Retry::default().early(Duration::from_millis(200));
        assert_eq!(slow, Retry::default(), "its answer may still come");
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
