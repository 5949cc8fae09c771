//! Calling a conductor.

use std::sync::Arc;
use std::time::Duration;

use schemas_model::error::Fault;

use crate::context::RequestContext;
use crate::methods::{Answer, Kind, Method, Reply, Request};
use crate::transport::{Answered, Transport};

/// Which conductor a request is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    /// The conductor registered under this host name.
    Host(String),
    /// Whichever conductor takes it first.
    Any,
}

impl Destination {
    /// One conductor.
    pub fn host(name: impl Into<String>) -> Self {
        Destination::Host(name.into())
    }
}

/// Sends requests over a transport. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    timeout: Duration,
}

impl Client {
    /// A client that gives up after `timeout` (`[DEFAULT]rpc_response_timeout`, 60 s by default).
    pub fn new(transport: Arc<dyn Transport>, timeout: Duration) -> Self {
        Client { transport, timeout }
    }

    /// Asks and waits for the reply.
    ///
    /// # Errors
    /// The fault the conductor answered with; 500 when nothing came back in time or the transport
    /// is down.
    pub async fn call<M: Method>(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: M,
    ) -> Result<M::Reply, Fault> {
        let answered = self
            .transport
            .call(context, to, request.into(), self.timeout)
            .await?;
        match answered {
            Answered::Typed(reply) => M::Reply::from_reply(reply)
                .ok_or_else(|| Fault::internal(format!("{}: a reply of another method", M::NAME))),
            Answered::Json(value) => M::Reply::from_wire(value).map_err(|mismatch| {
                Fault::internal(format!("{}: unreadable reply: {mismatch}", M::NAME))
            }),
        }
    }

    /// Sends without waiting for anything but the transport's word that it took the message.
    ///
    /// # Errors
    /// 500 when the transport is down or nobody listens.
    pub async fn cast<M: Method>(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: M,
    ) -> Result<(), Fault> {
        self.transport
            .cast(context, to, request.into(), self.timeout)
            .await
    }

    /// Sends any request the way its row in the table says; a cast answers [`Reply::None`].
    ///
    /// # Errors
    /// As [`Client::call`] and [`Client::cast`].
    pub async fn send(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: Request,
    ) -> Result<Reply, Fault> {
        if request.kind() == Kind::Cast {
            self.transport
                .cast(context, to, request, self.timeout)
                .await?;
            return Ok(Reply::None);
        }
        let shape = request.clone();
        match self
            .transport
            .call(context, to, request, self.timeout)
            .await?
        {
            Answered::Typed(reply) => Ok(reply),
            Answered::Json(value) => shape.decode_result(value).map_err(|mismatch| {
                Fault::internal(format!("{}: unreadable reply: {mismatch}", shape.name()))
            }),
        }
    }
}
