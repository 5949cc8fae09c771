//! Serial consoles of machines: one line to a BMC, shared by everybody who looks at it.
//!
//! | module | what |
//! |---|---|
//! | [`line`] | what a line is; [`ssh`] and [`websocket`] are lines, IPMI's is in `drivers-ipmi` |
//! | `console` | one node's console: opens the line while somebody is there, and shares it |
//! | [`consoles`] | all consoles of this process, started and stopped by the console interfaces |
//! | `listener`, `port`, `tls` | the TCP port that Ironic offers (`console_info` type `socat`) |
//! | [`NodePort`] | which port a node's console has, as the node says |
//! | `web`, `token` | the terminal page and its WebSocket, behind links that work once |
//! | `recording` | what was seen, as asciicast files |
//!
//! Invariants
//! * a line is open only while somebody is connected, as with socat: nothing else keeps a BMC busy;
//! * every buffer has a bound; who does not read is disconnected, and nobody else waits for them;
//! * a refused password is not tried again by itself;
//! * what is typed is in no log and no recording; the machine's echo is.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod consoles;
pub mod line;
pub mod ssh;
pub mod websocket;

mod console;
mod listener;
mod node_port;
mod pipe;
mod port;
mod recording;
mod tls;
mod token;
mod web;

pub use consoles::{Consoles, Link, Offer, PortWish};
pub use line::{Keys, Line, LineEnds, LineError, LineEvent};
pub use node_port::NodePort;
