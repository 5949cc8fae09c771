//! RabbitMQ, as oslo.messaging uses it: exchanges, queues and messages are those of Ironic 39.0.0,
//! so that processes of both kinds answer each other.
//!
//! * [`Amqp`] is the calling side: one connection to publish, one to receive replies;
//! * [`Listener`] is the answering side: one connection to consume, one to publish replies;
//! * [`Announcer`] sends notifications over a connection of its own.
//!
//! Connections come back by themselves: lapin re-establishes a lost one with everything declared
//! on it; when it gives up, the next host of `transport_url` is tried, for ever.

mod announcer;
mod broker;
mod caller;
mod inbox;
mod listener;
mod options;
mod publisher;
mod recent;
mod subscription;
mod tls;
mod topology;
mod url;

pub use announcer::{AnnounceError, Announcer};
pub use caller::Amqp;
pub use listener::Listener;
pub use options::{ManagedQueues, Options, Tls};
pub use url::{BadUrl, Host, TransportUrl};

/// 32 hex digits.
fn hex_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}
