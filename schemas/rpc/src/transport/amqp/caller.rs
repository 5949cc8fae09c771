//! Calling conductors over the broker.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemas_model::error::Fault;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::broker::Broker;
use super::hex_id;
use super::inbox::Inbox;
use super::options::Options;
use super::publisher::{Message, PublishError, Publisher};
use super::subscription;
use super::tls::TlsError;
use super::topology::routing_key;
use crate::client::Destination;
use crate::context::RequestContext;
use crate::envelope::{ReplyTo, WireRequest};
use crate::methods::Request;
use crate::objects::release::Pin;
use crate::transport::{Answered, Transport};

/// How long a conductor whose queue is not there may take to come back.
const CONDUCTOR_PATIENCE: Duration = Duration::from_secs(5);

/// The way to conductors over RabbitMQ.
pub struct Amqp {
    publisher: Publisher,
    inbox: Arc<Inbox>,
    exchange: String,
    pin: Pin,
    cancel: CancellationToken,
    replies: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Amqp {
    /// Starts to receive replies in the background. The broker need not be there yet.
    ///
    /// # Errors
    /// A certificate file that cannot be used.
    pub fn start(options: Arc<Options>, pin: Pin) -> Result<Self, TlsError> {
        let broker = Arc::new(Broker::new(Arc::clone(&options))?);
        let inbox = Arc::new(Inbox::new(Arc::clone(&options)));
        let cancel = CancellationToken::new();
        let replies = tokio::spawn({
            let (broker, inbox, cancel) = (Arc::clone(&broker), Arc::clone(&inbox), cancel.clone());
            async move { subscription::run(&broker, &*inbox, &cancel).await }
        });
        Ok(Amqp {
            publisher: Publisher::new(broker),
            inbox,
            exchange: options.exchange.clone(),
            pin,
            cancel,
            replies: tokio::sync::Mutex::new(Some(replies)),
        })
    }

    /// Ends both connections in good order. Calls under way end with a failure.
    pub async fn stop(&self) {
        self.cancel.cancel();
        if let Some(replies) = self.replies.lock().await.take() {
            // It ends by itself once cancelled; a panic in it was logged.
            let _ = replies.await;
        }
        self.publisher.close().await;
    }

    fn message(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: &Request,
        reply_to: Option<ReplyTo>,
        timeout: Duration,
    ) -> Result<Message, Fault> {
        let args = request.args(self.pin.rpc())?;
        // A cast has no time-out: it waits for its conductor as long as it must.
        let expiration = reply_to.is_some().then_some(timeout);
        let body = WireRequest {
            method: request.name().to_owned(),
            args: args.values,
            version: Some(args.version.to_string()),
            namespace: None,
            reply_to,
            unique_id: Some(hex_id()),
            context: context.clone(),
        }
        .encode();
        Ok(Message {
            exchange: self.exchange.clone(),
            routing_key: routing_key(to),
            body,
            expiration,
        })
    }
}

impl Drop for Amqp {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

fn unsent(request: &Request, error: &PublishError) -> Fault {
    match error {
        PublishError::Unroutable(_) => Fault::temporary(format!(
            "{}: {error}; the conductor is not running or not connected to the broker",
            request.name()
        )),
        _ => Fault::internal(format!("{}: {error}", request.name())),
    }
}

#[async_trait]
impl Transport for Amqp {
    async fn call(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: Request,
        timeout: Duration,
    ) -> Result<Answered, Fault> {
        let deadline = Instant::now() + timeout;
        let msg_id = hex_id();
        let reply_to = ReplyTo {
            queue: self.inbox.queue.clone(),
            msg_id: msg_id.clone(),
        };
        let message = self.message(context, to, &request, Some(reply_to), timeout)?;
        let late = || {
            Fault::internal(format!(
                "Timed out waiting for a reply to message ID {msg_id}"
            ))
        };
        self.inbox.ready(deadline).await.map_err(|reason| {
            Fault::internal(format!(
                "{}: the broker could not be reached in time: {reason}",
                request.name()
            ))
        })?;
        let Some(mut expected) = self.inbox.expect(msg_id.clone()) else {
            return Err(Fault::temporary(format!(
                "{}: too many calls wait for conductors; try again later",
                request.name()
            )));
        };
        self.publisher
            .publish_patiently(&message, CONDUCTOR_PATIENCE, deadline)
            .await
            .map_err(|error| unsent(&request, &error))?;
        tokio::select! {
            () = self.cancel.cancelled() => {
                Err(Fault::internal(format!("{}: the service is stopping", request.name())))
            }
            reply = timeout_at(deadline, expected.reply()) => match reply {
                Ok(Some(reply)) => reply.into_result().map(Answered::Json),
                Ok(None) | Err(_) => Err(late()),
            }
        }
    }

    async fn cast(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: Request,
        timeout: Duration,
    ) -> Result<(), Fault> {
        let message = self.message(context, to, &request, None, timeout)?;
        self.publisher
            .publish_patiently(&message, CONDUCTOR_PATIENCE, Instant::now() + timeout)
            .await
            .map_err(|error| unsent(&request, &error))
    }
}
