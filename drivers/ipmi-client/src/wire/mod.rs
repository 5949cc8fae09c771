//! What travels: pure encoding and decoding of datagrams, without keys, time or sockets.
//!
//! Every decoder takes hostile bytes: it returns [`Malformed`] and never panics, never reads past
//! what it was given, and copies nothing larger than the datagram.

pub mod asf;
pub mod bridge;
mod cursor;
pub mod message;
pub mod rmcp;
pub mod session15;
pub mod session20;

pub use cursor::Cursor;

/// The largest datagram we accept, in bytes. RMCP+ payloads are at most 1,024 bytes with SOL
/// (IPMI 2.0 §24); everything beyond is not IPMI.
pub const DATAGRAM_MAX: usize = 2048;

/// Bytes that are not what they claim to be; the text says which field is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed datagram: {0}")]
pub struct Malformed(pub &'static str);
