//! JSON-RPC 2.0 over HTTP, as standalone deployments run it: no broker, the API calls each
//! conductor at the address it registered.
//!
//! * [`protocol`] – bodies, without I/O: a request in, a response out;
//! * [`JsonRpc`] – the calling side;
//! * [`Listener`] – the answering side: one route, `POST` to any path.
//!
//! A conductor's host name is its address: `host`, `host:port`, `[v6]:port`. One that does not
//! listen on the default port registers as `host:port` (Ironic 39.0.0, RPC 1.58).
//!
//! Why actix-web: the conductor process needs an HTTP server with TLS and Unix sockets for this, and
//! the executable has one already.

mod address;
mod basic;
mod caller;
mod gate;
mod listener;
pub mod protocol;
mod tls;

pub use address::{Address, DEFAULT_PORT, registered_name};
pub use basic::{BadPasswordFile, Htpasswd};
pub use caller::{BadClient, ClientOptions, Credentials, JsonRpc, Login, Tokens};
pub use gate::{Denied, Gate, Open};
pub use listener::{Listen, Listener, ListenerOptions, ServeError};
pub use tls::{MinimumTls, ServerTls};
