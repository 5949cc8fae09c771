//! A session with one BMC as a state machine without I/O.
//!
//! The owner feeds received datagrams and the current time in, sends what comes out, and sleeps
//! until the next timeout. That makes loss, duplication, reordering and time-outs testable without
//! a socket or a clock.
//!
//! Invariants
//! * one exchange at a time: a BMC is a slow single-threaded controller;
//! * a retransmission repeats the request number (`rqSeq`) and takes a new session sequence
//!   number, because a BMC drops a sequence number it has seen (IPMI 2.0 §6.12);
//! * nothing received changes the state before its integrity code is verified, in constant time;
//! * secrets are wiped when a session is dropped.

pub mod entropy;
pub mod keys;
pub mod machine;
pub mod parameters;
pub mod rakp;
pub mod retry;
pub mod status;
pub mod window;

mod established;
mod opening;
mod opening15;
mod opening20;

pub use established::{Established, Lan15, Sealed};
pub use machine::{Outcome, Session};
pub use parameters::{Credentials, Parameters, Privilege, Protocol};
