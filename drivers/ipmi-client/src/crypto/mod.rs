//! Cipher suites and the primitives they name. No time, no sockets, no session state.

pub mod confidentiality;
pub mod keyed_hash;
pub mod lan15;
pub mod suite;

pub use keyed_hash::{Hash, Mac};
pub use suite::CipherSuite;
