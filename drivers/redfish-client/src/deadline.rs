//! The moment at which an operation gives up, whatever it consists of.

use std::time::Duration;

use tokio::time::Instant;

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
