//! Publishing notifications: a topic queue a level, declared when first needed, so that events wait
//! for whoever comes later (as oslo.messaging does).

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::broker::Broker;
use super::options::Options;
use super::publisher::{Message, PublishError, Publisher};
use super::tls::TlsError;

/// The sending side of notifications.
pub struct Announcer {
    publisher: Publisher,
    exchange: String,
    declared: Mutex<HashSet<String>>,
}

/// Why a notification is not with the broker.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct AnnounceError(#[from] PublishError);

impl Announcer {
    /// Connects when first needed.
    ///
    /// # Errors
    /// A certificate file that cannot be used.
    pub fn new(options: Arc<Options>) -> Result<Self, TlsError> {
        let exchange = options.exchange.clone();
        Ok(Announcer {
            publisher: Publisher::new(Arc::new(Broker::new(options)?)),
            exchange,
            declared: Mutex::default(),
        })
    }

    /// Sends a message to the queue `{topic}.{level}` and waits until the broker has it.
    ///
    /// # Errors
    /// When that takes longer than until `deadline`, or the broker refuses.
    pub async fn announce(
        &self,
        routing_key: &str,
        body: &[u8],
        deadline: Instant,
    ) -> Result<(), AnnounceError> {
        let message = Message {
            exchange: self.exchange.clone(),
            routing_key: routing_key.to_owned(),
            body: body.to_vec(),
            expiration: None,
        };
        if !self.declared.lock().await.contains(routing_key) {
            self.declare(routing_key, deadline).await?;
        }
        match self.publisher.publish(&message, deadline).await {
            // Somebody deleted the queue, or the broker lost it.
            Err(PublishError::Unroutable(_)) => {
                self.declared.lock().await.remove(routing_key);
                self.declare(routing_key, deadline).await?;
                Ok(self.publisher.publish(&message, deadline).await?)
            }
            outcome => Ok(outcome?),
        }
    }

    async fn declare(&self, queue: &str, deadline: Instant) -> Result<(), AnnounceError> {
        self.publisher.declare_topic_queue(queue, deadline).await?;
        self.declared.lock().await.insert(queue.to_owned());
        Ok(())
    }

    /// Ends the connection in good order.
    pub async fn close(&self) {
        self.publisher.close().await;
    }
}
