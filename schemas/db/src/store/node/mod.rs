//! Nodes.

mod brief;
mod filter;
mod insert_destroy;
mod lookup;
mod reserve;
mod save;

pub use brief::NodeBrief;
pub use filter::{Children, NodeFilter};
pub use lookup::NodeIdent;
