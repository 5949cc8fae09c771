//! Nodes.

mod brief;
mod filter;
mod group;
mod insert_destroy;
mod lookup;
mod reserve;
mod save;
mod summary;
mod traits;

pub use brief::NodeBrief;
pub use filter::{Children, NodeFilter};
pub use group::Shard;
pub use lookup::NodeIdent;
pub use summary::NodeSummary;
