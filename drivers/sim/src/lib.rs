//! Simulators of what no program from elsewhere offers: BMCs by the thousand, of many makes, and with
//! faults that can be switched on. For tests and benchmarks; nothing in the service links it.
//!
//! | module | what |
//! |---|---|
//! | [`ipmi`] | IPMI BMCs: RMCP+ and IPMI 1.5, bugs |
//! | [`redfish`] | Redfish BMCs: resource × model, bugs |
//!
//! Invariants
//! * state is changed by requests, by time and by the test's own hand, never by a timer of its own:
//!   whoever looks brings the clock along;
//! * every simulator listens on loopback unless told otherwise, and ends when it is dropped.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod ipmi;
pub mod redfish;
