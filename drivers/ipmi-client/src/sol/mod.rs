//! Serial over LAN (IPMI 2.0 chapter 15): characters of a serial port inside an RMCP+ session.
//!
//! [`packet`] is the payload's format; [`Stream`] both directions of a line as a state machine
//! without I/O: numbering, acknowledgement, retransmission, partial acceptance, breaks.
//!
//! Invariants
//! * one packet of ours is on its way at a time, and is repeated unchanged until it is acknowledged;
//! * a repeated packet of the BMC is acknowledged again, and its characters are taken once;
//! * what may wait to be sent has a bound ([`INPUT_MAX`]).

pub mod packet;
mod stream;

pub use packet::Packet;
pub use stream::{INPUT_MAX, Notice, Stream};
