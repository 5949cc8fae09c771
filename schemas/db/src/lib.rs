//! The database of Ironic 39.0.0 on PostgreSQL, MariaDB/MySQL and SQLite.
//!
//! The tables, encodings, lock statements and times are Ironic's, so that its processes and ours
//! can work on one database, and a site can go back. All functions are methods of [`Database`],
//! named noun first: `node_list`, `port_insert`, `conductor_touch`.
//!
//! Invariants
//! * only this crate contains SQL;
//! * no connection and no transaction is held across an `await`: a function does its work on a
//!   blocking thread and is done with the connection when it returns;
//! * what is written is Ironic's: timestamps in naive UTC from our clock, JSON text as Python
//!   prints it, the object `version` at every save;
//! * every wait is bounded: for a connection, a lock, a statement.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod backend;
mod column;
mod connection;
mod database;
mod error;
mod fault;
mod options;
mod page;
mod pool;
mod rows;
pub mod schema;
mod store;
mod tables;
mod unique;
mod url;
mod writer;

pub use backend::Backend;
pub use database::Database;
pub use error::{DbError, DbResult, Resource};
pub use options::{ConnectOptions, SqliteSynchronous};
pub use page::{Page, Shown};
pub use store::*;
pub use unique::Unique;
pub use url::UrlError;
