//! The conductor RPC: what API and conductor processes say to each other, and to the bus.
//!
//! The wire is Ironic's (39.0.0, RPC 1.62), so Rust and Python processes can share one cluster.
//!
//! Map
//! * [`methods`] – THE table of methods, a typed request and reply each;
//! * [`objects`] – versioned objects: domain types with a version, and the releases they can be pinned to;
//! * [`context`], [`faults`], [`envelope`] – who asks, what went wrong, and the oslo.messaging 2.0 frame;
//! * [`hash_ring`] – which conductor a node belongs to;
//! * [`notification`] – what happened, for whoever listens on the bus;
//! * [`client`], [`server`] – calling and answering;
//! * [`transport`] – `local` (same process, typed values pass as they are), `amqp`, `json_rpc`.
//!
//! Invariants
//! * callers and handlers see only typed values; JSON exists only in the transports;
//! * a method, its arguments and versions are written once, in [`methods::table`];
//! * every call has a deadline, every queue and map a bound.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod client;
pub mod context;
pub mod envelope;
pub mod faults;
pub mod hash_ring;
pub mod methods;
pub mod notification;
pub mod objects;
pub mod server;
pub mod transport;
pub mod version;
pub mod wire;

pub use client::{Client, Destination};
pub use context::RequestContext;
pub use methods::{Method, NodeRef, Reply, Request};
pub use objects::{Object, Versioned};
pub use server::{Handler, Server};
pub use version::Version;
