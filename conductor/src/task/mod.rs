//! A node, held for the length of one piece of work.
//!
//! * [`Leases`] – who in this process holds which node, and the row's `reservation`;
//! * [`NodeHold`] – a node, possibly with its lease, and what waits to be saved;
//! * [`NodeTask`] – a hold with interfaces and children: what drivers see.
//!
//! Invariants
//! * a node is only written under a lease, and only while the row still names this host;
//! * a lease that is lost stays lost: every later write of its hold fails;
//! * a lease is given back when its hold ends, by whatever way.

mod hold;
mod lease;
mod node_task;

pub use hold::NodeHold;
pub use lease::{Lease, Leases, Patience};
pub use node_task::NodeTask;
