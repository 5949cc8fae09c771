//! IPMI over LAN: our own asynchronous client for RMCP+ (IPMI 2.0) and IPMI 1.5.
//!
//! It replaces the `ipmitool` process per command. There are no Ironic types here.
//!
//! | module | what |
//! |---|---|
//! | [`wire`] | datagrams: RMCP, session wrappers, IPMI messages, bridging |
//! | [`crypto`] | THE table of cipher suites, keyed hashes, AES-CBC, IPMI 1.5 codes |
//! | [`session`] | one session as a state machine without I/O |
//! | [`command`] | commands and their answers, one concept a file |
//! | [`sol`] | serial over LAN: packets, and both directions of a line as a state machine |
//! | [`sdr`] | records of every type, and the conversion of readings |
//! | [`fru`] | inventories |
//! | [`event`] | entries of the event log, and states of sensors, in words |
//! | [`client`] | sockets, kept sessions, deadlines: the only part with I/O |
//! | [`procedure`] | what takes several commands: boot flags, SDR walk, SEL, FRU |
//!
//! Invariants
//! * `wire`, `crypto`, `session` and `command` do no I/O and read no clock;
//! * every wait has a deadline, every queue a bound;
//! * cipher suite 0 cannot be negotiated;
//! * an [`error::Error`] says what was attempted, on which BMC, over what, and why it failed.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod client;
pub mod command;
pub mod completion;
pub mod crypto;
pub mod error;
pub mod event;
pub mod fru;
pub mod procedure;
pub mod sdr;
pub mod session;
pub mod sol;
pub mod wire;

pub use client::{
    Client, ClientConfig, Limits, LoginPause, Operation, SerialInput, SerialLine, SerialOutput,
    Target,
};
pub use error::{Error, Failure};
