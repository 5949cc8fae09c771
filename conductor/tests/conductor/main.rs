//! The conductor as its callers see it: requests in, nodes on a real SQLite database out, drivers
//! that do what a test tells them to.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod agent;
mod failures;
mod fake_agent;
mod lifecycle;
mod locks;
mod polls;
mod power;
mod restart;
mod script;
mod stage;
mod timeouts;
