//! Answering requests from the broker.
//!
//! A request is acknowledged when a place among those handled at once was found for it, as oslo
//! does: what waits is still the broker's, and goes to another conductor or back into the queue
//! when this one dies. What waited longer than its caller is dropped.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use lapin::Channel;
use lapin::message::Delivery;
use lapin::options::BasicAckOptions;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::broker::Broker;
use super::hex_id;
use super::options::Options;
use super::publisher::{Message, Publisher};
use super::recent::Recent;
use super::subscription::{self, Subscriber};
use super::tls::TlsError;
use super::topology::{
    DeclareError, TOPIC, declare_exchange, declare_fanout_queue, declare_topic_queue,
};
use crate::envelope::{ReplyTo, WireReply, WireRequest};
use crate::faults::Failure;
use crate::objects::release::Pin;
use crate::server::{Incoming, Server};

/// How long a reply is offered to a caller whose queue is not there: after a restart of the broker
/// the caller may be slower than we are.
const REPLY_PATIENCE: Duration = Duration::from_secs(30);

/// The conductor's end of the broker: its three queues, and the replies it sends.
pub struct Listener {
    broker: Arc<Broker>,
    inner: Arc<Inner>,
    queues: [String; 3],
}

struct Inner {
    server: Arc<Server>,
    publisher: Publisher,
    recent: Mutex<Recent>,
    pin: Pin,
    tasks: TaskTracker,
}

impl Listener {
    /// `host` is the name the conductor is registered under.
    ///
    /// # Errors
    /// A certificate file that cannot be used.
    pub fn new(
        options: Arc<Options>,
        server: Arc<Server>,
        host: &str,
        pin: Pin,
    ) -> Result<Self, TlsError> {
        let broker = Arc::new(Broker::new(Arc::clone(&options))?);
        Ok(Listener {
            queues: [
                TOPIC.to_owned(),
                format!("{TOPIC}.{host}"),
                options.own_queue(&format!("{TOPIC}_fanout")),
            ],
            inner: Arc::new(Inner {
                server,
                publisher: Publisher::new(Arc::clone(&broker)),
                recent: Mutex::default(),
                pin,
                tasks: TaskTracker::new(),
            }),
            broker,
        })
    }

    /// Answers until cancelled, then waits for what was begun.
    pub async fn run(&self, cancel: &CancellationToken) {
        subscription::run(&self.broker, self, cancel).await;
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
        self.inner.publisher.close().await;
    }
}

#[async_trait]
impl Subscriber for Listener {
    const PURPOSE: &'static str = "requests";

    async fn declare(&self, channel: &Channel) -> Result<(), DeclareError> {
        let options = &self.broker.options;
        let [any, host, fanout] = &self.queues;
        declare_exchange(channel, options).await?;
        declare_topic_queue(channel, options, any).await?;
        declare_topic_queue(channel, options, host).await?;
        declare_fanout_queue(channel, options, fanout).await
    }

    fn queues(&self) -> Vec<String> {
        self.queues.to_vec()
    }

    fn prefetch(&self) -> u16 {
        self.broker.options.prefetch
    }

    async fn deliver(&self, delivery: Delivery) {
        let inner = Arc::clone(&self.inner);
        // Bounded by `prefetch`: a delivery is unacknowledged until it has a place.
        self.inner
            .tasks
            .spawn(async move { inner.answer(delivery).await });
    }
}

impl Inner {
    async fn answer(&self, delivery: Delivery) {
        let deadline = deadline(&delivery);
        let request = match WireRequest::decode(&delivery.data) {
            Ok(request) => request,
            Err(error) => {
                tracing::warn!(%error, "dropped a malformed request");
                acknowledge(&delivery).await;
                return;
            }
        };
        let unique_id = request.unique_id.clone();
        let reply_to = request.reply_to.clone();
        let incoming = Incoming::decode(request);
        let place = self.server.place(incoming.lane()).await;
        if deadline.is_some_and(|deadline| Instant::now() > deadline) {
            tracing::warn!(
                rpc.method = incoming.method(),
                "dropped a request whose caller has given up"
            );
            acknowledge(&delivery).await;
            return;
        }
        if let Some(id) = &unique_id
            && !self.recent().insert(id)
        {
            tracing::info!(
                rpc.method = incoming.method(),
                "dropped a request that came twice"
            );
            acknowledge(&delivery).await;
            return;
        }
        if !acknowledge(&delivery).await {
            // The broker takes it back and delivers it again; that copy must not count as the second.
            if let Some(id) = &unique_id {
                self.recent().forget(id);
            }
            return;
        }
        let outcome = self.server.answer(place, incoming, self.pin).await;
        if let Some(reply_to) = reply_to {
            self.reply(reply_to, outcome).await;
        }
    }

    fn recent(&self) -> std::sync::MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn reply(&self, to: ReplyTo, outcome: Result<serde_json::Value, Failure>) {
        let deadline = Instant::now() + REPLY_PATIENCE;
        let message = Message {
            exchange: String::new(),
            routing_key: to.queue,
            body: WireReply {
                outcome,
                msg_id: to.msg_id,
                unique_id: hex_id(),
            }
            .encode(),
            expiration: None,
        };
        let sent = self
            .publisher
            .publish_patiently(&message, REPLY_PATIENCE, deadline)
            .await;
        if let Err(error) = sent {
            tracing::warn!(%error, "a reply did not reach its caller");
        }
    }
}

/// When the caller gives up, by the time-out the message carries.
fn deadline(delivery: &Delivery) -> Option<Instant> {
    let expiration = delivery.properties.expiration().as_ref()?;
    let milliseconds = expiration.as_str().parse().ok()?;
    Instant::now().checked_add(Duration::from_millis(milliseconds))
}

async fn acknowledge(delivery: &Delivery) -> bool {
    matches!(delivery.ack(BasicAckOptions::default()).await, Ok(true))
}
