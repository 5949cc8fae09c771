//! From an HTTP request to a [`Call`], and from a call to what a policy lets its handler do.

pub mod accept;
mod access;
pub mod body;
mod call;
pub mod context;

pub use access::{Access, node_not_found};
pub use call::{Answer, Call, db_page, shown, shown_page};
