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

mod allocation;
mod backends;
mod bios_and_firmware;
mod chassis;
mod checks;
mod conductor;
mod connecting;
mod deploy_template;
mod group_commit;
mod history_and_inventory;
mod inspection_rule;
mod migration;
mod node;
mod node_destroy;
mod node_list;
mod node_traits;
mod port;
mod portgroup;
mod reservation;
mod runbook;
mod schema;
mod speed;
mod statements;
mod volume;
