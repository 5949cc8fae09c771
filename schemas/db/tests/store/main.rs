//! Every store function on every backend.
//!
//! SQLite is always there. PostgreSQL and MariaDB/MySQL are tested when
//! `FERRIC_TEST_POSTGRESQL_URL` and `FERRIC_TEST_MYSQL_URL` hold SQLAlchemy URLs of an account that
//! may create databases; each test gets a database of its own and drops it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod backends;
mod node;
mod reservation;
