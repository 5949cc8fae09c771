//! How requests reach a conductor: `[DEFAULT]rpc_transport`.

pub mod amqp;
pub mod json_rpc;
pub mod local;

use std::time::Duration;

use async_trait::async_trait;
use schemas_model::error::Fault;
use serde_json::Value;

use crate::client::Destination;
use crate::context::RequestContext;
use crate::methods::{Reply, Request};

/// What came back: typed from the same process, JSON from another.
#[derive(Clone, Debug, PartialEq)]
pub enum Answered {
    /// From a handler in this process.
    Typed(Reply),
    /// From the wire.
    Json(Value),
}

/// A way to conductors.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Sends a request and waits at most `timeout` for the answer.
    ///
    /// # Errors
    /// The conductor's fault, or why there is no answer.
    async fn call(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: Request,
        timeout: Duration,
    ) -> Result<Answered, Fault>;

    /// Sends a request nobody answers; waits at most `timeout` for the transport to take it.
    ///
    /// # Errors
    /// Why the request cannot have arrived.
    async fn cast(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: Request,
        timeout: Duration,
    ) -> Result<(), Fault>;
}
