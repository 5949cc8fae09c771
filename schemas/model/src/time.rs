//! Time as the service keeps it: naive UTC, from the clock of the process (never of the database).

/// A moment in UTC without an offset; precision is that of the database behind it
/// (MariaDB whole seconds, PostgreSQL and SQLite microseconds).
pub type Timestamp = chrono::NaiveDateTime;

/// Now, in UTC, cut to microseconds, so that what was written compares equal to what is read back.
pub fn now() -> Timestamp {
    use chrono::{SubsecRound, Utc};
    Utc::now().naive_utc().trunc_subsecs(6)
}
