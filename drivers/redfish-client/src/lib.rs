//! A Redfish client: what it takes to talk to one BMC safely, and nothing about bare-metal service
//! concepts. Field names and behaviour follow DMTF DSP0266 (protocol) and DSP0268 (schemas).
//!
//! Layers, lowest first; only [`transport`] and [`bmc`] touch the network:
//! * [`address`], [`resource_path`], [`auth`], [`settings`], [`deadline`]: where, who, how long;
//! * [`exchange`], [`extended_info`], [`json_limits`], [`document`]: pure encoding and decoding;
//! * [`schema`]: typed, lazy views of documents and pure builders of request bodies;
//! * [`transport`]: one HTTP exchange with its caps; [`session`]: logging in at most once at a time;
//!   [`bmc`]: retries, ETags, collections; [`pool`]: shared sessions of many BMCs;
//! * [`operation`]: what a driver asks for (reset, boot override, virtual media, ...).
//!
//! Invariants
//! * every exchange has a deadline; bodies, JSON depth, members and hops have caps ([`settings::Limits`]);
//! * credentials go to the configured origin only, never along a redirect, never into an error or log,
//!   not even where the BMC repeats them ([`bmc_name`]);
//! * a refused password is not tried again for a growing pause ([`session`]);
//! * a request that may have reached the BMC is repeated only if repeating is harmless;
//! * every error names the BMC, what was attempted, what went wrong and what to do.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod address;
pub mod auth;
pub mod bmc;
pub mod bmc_name;
pub mod deadline;
pub mod document;
pub mod error;
pub mod exchange;
pub mod extended_info;
pub mod json_limits;
pub mod operation;
pub mod pool;
pub mod quirks;
pub mod resource_path;
pub mod schema;
pub mod session;
pub mod settings;
pub mod tls;
pub mod transport;
mod wire_enum;

pub use address::BmcAddress;
pub use auth::{AuthType, Credentials};
pub use bmc::Bmc;
pub use bmc_name::BmcName;
pub use document::Document;
pub use error::{Error, ErrorKind};
pub use pool::BmcPool;
pub use resource_path::ResourcePath;
pub use settings::{BmcSettings, Limits, Retry, Timeouts};
pub use tls::{TlsMinimum, TlsPolicy, Verify};

/// What every fallible function of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;
