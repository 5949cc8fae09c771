//! The moment at which an operation gives up, whatever it consists of.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::ErrorKind;

/// A point in time shared by all requests of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Instant);

impl Deadline {
    /// A deadline `total` from now.
    pub fn after(total: Duration) -> Self {
        let now = Instant::now();
        // A duration too long to add is as good as a year.
        Deadline(
            now.checked_add(total)
                .unwrap_or(now + Duration::from_secs(365 * 86_400)),
        )
    }

    /// What is left; zero once it has passed.
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Whether nothing is left.
    pub fn passed(self) -> bool {
        self.remaining().is_zero()
    }

    /// The smaller of `limit` and what is left.
    pub fn at_most(self, limit: Duration) -> Duration {
        limit.min(self.remaining())
    }

    /// The earlier of two deadlines.
    pub fn earlier(self, other: Self) -> Self {
        Deadline(self.0.min(other.0))
    }
}

/// What an operation of many requests may take as a whole, and how far it has come.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    pub(crate) deadline: Deadline,
    total: Duration,
    answered: Arc<AtomicUsize>,
}

impl Budget {
    /// `total` from now, within what is left of `outer`.
    pub(crate) fn new(total: Duration, outer: Option<&Self>) -> Self {
        let own = Budget {
            deadline: Deadline::after(total),
            total,
            answered: Arc::default(),
        };
        match outer {
            Some(outer) if outer.deadline.earlier(own.deadline) == outer.deadline => outer.clone(),
            _ => own,
        }
    }

    /// Notes that a request was answered.
    pub(crate) fn answered(&self) {
        self.answered.fetch_add(1, Ordering::Relaxed);
    }

    /// The error of an operation that has taken all its time; `None` while there is some left.
    pub(crate) fn overdue(&self) -> Option<ErrorKind> {
        self.deadline.passed().then(|| ErrorKind::Overdue {
            total: self.total,
            answered: self.answered.load(Ordering::Relaxed),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_inner_budget_never_exceeds_the_outer_one() {
        let outer = Budget::new(Duration::from_secs(10), None);
        let (short, long) = (Duration::from_secs(5), Duration::from_secs(60));
        assert_eq!(Budget::new(long, Some(&outer)).deadline, outer.deadline);
        let inner = Budget::new(short, Some(&outer));
        assert_eq!(inner.deadline.remaining(), short);
        inner.answered();
        assert_eq!(inner.overdue(), None);
        tokio::time::advance(short).await;
        let overdue = ErrorKind::Overdue {
            total: short,
            answered: 1,
        };
        assert_eq!(inner.overdue(), Some(overdue));
        assert_eq!(outer.overdue(), None);
    }
}
