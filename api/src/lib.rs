//! The REST API: actix-web around the tables of `schemas-rest`.
//!
//! Map
//! * [`serve`](mod@serve) – sockets, TLS, workers, the graceful end;
//! * [`router`] – one request from the socket to its handler and back;
//! * [`request`] – version, body, parameters; [`request::Call`] and [`request::Access`];
//! * [`handlers`] – THE map of operations to handlers, a file a verb below it;
//! * [`ramdisk`] – what agents call; [`discovery`] – `/` and `/v1`; [`document`] – the OpenAPI document;
//!   [`swagger`] – the same as a page;
//! * [`ring`] – which conductor serves a node; [`driver_facts`] – what hardware types can do;
//! * [`notify`] – telling the bus what is changed;
//! * `console` – links to consoles in the browser, which Ironic does not have;
//! * [`tls`], [`cors`], [`healthcheck`], [`metrics`] – what stands around the API;
//! * [`auth`] – who may do what; [`error`] – THE conversion of failures to HTTP.
//!
//! Invariants
//! * a handler reaches database and conductors only through an [`request::Access`], which only a
//!   policy rule gives;
//! * no driver and no conductor is linked; no version number stands here;
//! * every body has a bound, every wait a deadline (of the database, of the RPC client).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod auth;
mod console;
pub mod cors;
pub mod discovery;
pub mod document;
pub mod driver_facts;
pub mod error;
pub mod handlers;
pub mod healthcheck;
pub mod metrics;
pub mod notify;
mod pieces;
pub mod ramdisk;
pub mod request;
pub mod ring;
pub mod router;
pub mod serve;
pub mod state;
pub mod swagger;
pub mod tls;

pub use serve::{Listener, ServeError, serve};
pub use state::AppState;
