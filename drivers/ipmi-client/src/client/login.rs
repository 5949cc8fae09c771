//! Credentials that a BMC refused are not sent to it again for a while.
//!
//! Whoever asks meanwhile (the power state is read every minute) is told the refusal without a
//! datagram, so that no account is locked by repetition. The pause doubles with every refusal and
//! ends with a success. It belongs to one BMC and one set of credentials: changed ones are tried at
//! once.
//!
//! Invariants
//! * only refusals of a password or key count: silence and lack of resources have their own pauses;
//! * what is remembered is bounded, and forgotten a while after its pause.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::target::Key;
use crate::error::Failure;

/// BMCs remembered at most; beyond it the one whose pause ends first is forgotten.
const REMEMBERED: usize = 20_000;

/// How long credentials rest that were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginPause {
    /// After the first refusal.
    pub first: Duration,
    /// At most: who has corrected the password on the BMC waits no longer. A pause that has been
    /// over for this long is forgotten.
    pub longest: Duration,
}

impl Default for LoginPause {
    /// 5 s, doubling up to 5 minutes.
    fn default() -> Self {
        LoginPause {
            first: Duration::from_secs(5),
            longest: Duration::from_secs(300),
        }
    }
}

impl LoginPause {
    /// After so many refusals in a row.
    fn after(self, refusals: u32) -> Duration {
        let doubled = 1u32
            .checked_shl(refusals.saturating_sub(1))
            .unwrap_or(u32::MAX);
        self.first.saturating_mul(doubled).min(self.longest)
    }
}

/// What is remembered of refused credentials.
#[derive(Debug, Clone, Copy)]
struct Refused {
    why: &'static str,
    refusals: u32,
    until: Instant,
}

/// The credentials that were refused, by BMC.
#[derive(Debug)]
pub(super) struct Logins {
    pause: LoginPause,
    refused: Mutex<HashMap<Key, Refused>>,
}

impl Logins {
    pub(super) fn new(pause: LoginPause) -> Self {
        Logins {
            pause,
            refused: Mutex::default(),
        }
    }

    /// Whether a login may be sent.
    ///
    /// # Errors
    /// [`Failure::LoginPaused`].
    pub(super) fn allowed(&self, key: &Key, now: Instant) -> Result<(), Failure> {
        match self.lock().get(key) {
            Some(refused) if now < refused.until => Err(Failure::LoginPaused {
                why: refused.why,
                refusals: refused.refusals,
                wait: refused.until - now,
            }),
            _ => Ok(()),
        }
    }

    /// Notes that the BMC took the credentials.
    pub(super) fn accepted(&self, key: &Key) {
        self.lock().remove(key);
    }

    /// Notes why a login failed.
    pub(super) fn failed(&self, key: Key, failure: &Failure, now: Instant) {
        let Some(why) = failure.refused_login() else {
            return;
        };
        let mut all = self.lock();
        if all.len() >= REMEMBERED && !all.contains_key(&key) {
            self.forget(&mut all, now);
        }
        let before = all.get(&key).map_or(0, |refused| {
            if self.is_over(refused, now) {
                0
            } else {
                refused.refusals
            }
        });
        let refusals = before.saturating_add(1);
        all.insert(
            key,
            Refused {
                why,
                refusals,
                until: now + self.pause.after(refusals),
            },
        );
    }

    /// Whether a pause ended so long ago that it does not count any more.
    fn is_over(&self, refused: &Refused, now: Instant) -> bool {
        now.saturating_duration_since(refused.until) > self.pause.longest
    }

    /// Makes room.
    fn forget(&self, all: &mut HashMap<Key, Refused>, now: Instant) {
        all.retain(|_, refused| !self.is_over(refused, now));
        if all.len() < REMEMBERED {
            return;
        }
        let first = all.iter().min_by_key(|(_, refused)| refused.until);
        if let Some(key) = first.map(|(key, _)| *key) {
            all.remove(&key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Refused>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG: Failure = Failure::WrongCredentials { evidence: "a test" };

    fn key(number: u32) -> Key {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&number.to_le_bytes());
        Key::of(key)
    }

    fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    /// What is left of the pause.
    fn wait(logins: &Logins, key: Key, now: Instant) -> Option<Duration> {
        match logins.allowed(&key, now) {
            Ok(()) => None,
            Err(Failure::LoginPaused { wait, .. }) => Some(wait),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_pause_doubles_up_to_the_longest_and_ends_with_a_success() {
        let logins = Logins::new(LoginPause::default());
        let mut now = Instant::now();
        let mut pauses = vec![];
        for _ in 0..8 {
            assert_eq!(wait(&logins, key(1), now), None);
            logins.failed(key(1), &WRONG, now);
            let pause = wait(&logins, key(1), now).unwrap();
            let just_before = now + pause - Duration::from_millis(1);
            assert!(wait(&logins, key(1), just_before).is_some());
            pauses.push(pause.as_secs());
            now += pause;
        }
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 300, 300]);
        logins.accepted(&key(1));
        logins.failed(key(1), &WRONG, now);
        assert_eq!(wait(&logins, key(1), now), Some(seconds(5)));
    }

    #[test]
    fn other_credentials_and_other_failures_have_no_pause() {
        let logins = Logins::new(LoginPause::default());
        let now = Instant::now();
        logins.failed(key(1), &WRONG, now);
        assert_eq!(wait(&logins, key(2), now), None);
        for harmless in [
            Failure::NoFreeSession,
            Failure::Timeout {
                waited: seconds(1),
                unanswered: 1,
            },
            Failure::LoginPaused {
                why: "a test",
                refusals: 1,
                wait: seconds(1),
            },
        ] {
            logins.failed(key(2), &harmless, now);
            assert_eq!(wait(&logins, key(2), now), None, "{harmless}");
        }
        logins.failed(key(2), &Failure::WrongKg, now);
        assert_eq!(wait(&logins, key(2), now), Some(seconds(5)));
    }

    #[test]
    fn what_is_long_over_begins_anew() {
        let logins = Logins::new(LoginPause::default());
        let now = Instant::now();
        logins.failed(key(1), &WRONG, now);
        let soon = now + seconds(5 + 300);
        logins.failed(key(1), &WRONG, soon);
        assert_eq!(wait(&logins, key(1), soon), Some(seconds(10)));
        let late = soon + seconds(10 + 301);
        logins.failed(key(1), &WRONG, late);
        assert_eq!(wait(&logins, key(1), late), Some(seconds(5)));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let logins = Logins::new(LoginPause::default());
        let now = Instant::now();
        let all = u32::try_from(REMEMBERED).unwrap() + 3;
        for number in 0..all {
            let now = now + Duration::from_micros(u64::from(number));
            logins.failed(key(number), &WRONG, now);
        }
        assert_eq!(logins.lock().len(), REMEMBERED);
        assert_eq!(wait(&logins, key(2), now), None, "the oldest left");
        assert!(wait(&logins, key(all - 1), now).is_some());
    }

    #[test]
    fn a_refusal_says_when_the_next_login_is_possible() {
        let logins = Logins::new(LoginPause::default());
        let now = Instant::now();
        logins.failed(key(1), &WRONG, now);
        let told = logins.allowed(&key(1), now + Duration::from_millis(200));
        let told = told.unwrap_err().to_string();
        assert!(
            told.contains("wrong user name or password") && told.ends_with("possible in 5 s"),
            "{told}"
        );
    }
}
