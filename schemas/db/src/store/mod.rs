//! What can be done with the tables, a file a resource; every function is a method of
//! [`Database`](crate::Database), named noun first.

mod chassis;
mod conductor;
mod node;
mod port;
mod rows_of;

pub use conductor::{ConductorPresence, ConductorRegistration};
pub use node::{Children, NodeBrief, NodeFilter, NodeIdent};
pub use port::{PortFilter, PortIdent};
pub(crate) use rows_of::one;
