//! Publishing with confirmation: a message that returns without an error is with the broker, in at
//! least one queue.
//!
//! A message is sent again when the connection broke before it was confirmed; receivers drop the
//! second copy by its `_unique_id`.

use std::sync::Arc;
use std::time::Duration;

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Confirmation, Connection};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::broker::{Broker, ConnectError};
use super::topology::{DeclareError, NameTooLong, declare_exchange, declare_topic_queue, name};

const PERSISTENT: u8 = 2;
const RETRY_DELAY: Duration = Duration::from_millis(200);
/// How long lapin may take to bring a connection back before a new one is opened.
const RECOVERY_GRACE: Duration = Duration::from_secs(1);

/// What is sent where.
pub(super) struct Message {
    /// Empty for the default exchange.
    pub(super) exchange: String,
    pub(super) routing_key: String,
    pub(super) body: Vec<u8>,
    /// The broker drops the message if nobody took it by then.
    pub(super) expiration: Option<Duration>,
}

/// Why a message is not with the broker.
#[derive(Debug, thiserror::Error)]
pub(super) enum PublishError {
    #[error("nobody listens to '{0}'")]
    Unroutable(String),
    #[error("the broker refused the message")]
    Refused,
    #[error(transparent)]
    Name(#[from] NameTooLong),
    #[error("the broker could not be reached in time: {0}")]
    Unreachable(String),
}

struct Open {
    connection: Connection,
    channel: Channel,
}

/// One connection and channel, opened when first needed and again when lost.
pub(super) struct Publisher {
    broker: Arc<Broker>,
    open: Mutex<Option<Open>>,
}

#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Broker(#[from] lapin::Error),
    #[error(transparent)]
    Declare(#[from] DeclareError),
}

impl Publisher {
    pub(super) fn new(broker: Arc<Broker>) -> Self {
        Publisher {
            broker,
            open: Mutex::new(None),
        }
    }

    /// Sends and waits for the confirmation, until `deadline`.
    pub(super) async fn publish(
        &self,
        message: &Message,
        deadline: Instant,
    ) -> Result<(), PublishError> {
        let mut last_error = "no answer".to_owned();
        let attempts = async {
            loop {
                let channel = match self.channel().await {
                    Ok(channel) => channel,
                    Err(error) => {
                        last_error = error.to_string();
                        sleep(RETRY_DELAY).await;
                        continue;
                    }
                };
                match send(&channel, message).await {
                    Ok(Confirmation::Ack(None) | Confirmation::NotRequested) => return Ok(()),
                    // Acknowledged and returned: the broker has no queue for it.
                    Ok(Confirmation::Ack(Some(_))) => {
                        return Err(PublishError::Unroutable(message.routing_key.clone()));
                    }
                    Ok(Confirmation::Nack(_)) => return Err(PublishError::Refused),
                    Err(SendError::Name(error)) => return Err(error.into()),
                    Err(SendError::Broker(error)) => {
                        last_error = error.to_string();
                        // When lapin gives up it tells nobody: the channel says "reconnecting" for ever.
                        let recovery = timeout(RECOVERY_GRACE, channel.wait_for_recovery(error));
                        let recovered = matches!(recovery.await, Ok(Ok(())));
                        if !recovered || !channel.status().connected() {
                            self.discard(&channel).await;
                            sleep(RETRY_DELAY).await;
                        }
                    }
                }
            }
        };
        match timeout_at(deadline, attempts).await {
            Ok(outcome) => outcome,
            Err(_) => Err(PublishError::Unreachable(last_error)),
        }
    }

    /// The same, but a receiver that is not there may still come until `patience` has passed: after
    /// a restart of the broker everybody has to declare their queues again.
    pub(super) async fn publish_patiently(
        &self,
        message: &Message,
        patience: Duration,
        deadline: Instant,
    ) -> Result<(), PublishError> {
        let until = deadline.min(Instant::now() + patience);
        loop {
            match self.publish(message, deadline).await {
                Err(PublishError::Unroutable(_)) if Instant::now() + RETRY_DELAY < until => {
                    sleep(RETRY_DELAY).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Declares a topic queue and binds it, until `deadline`.
    pub(super) async fn declare_topic_queue(
        &self,
        queue: &str,
        deadline: Instant,
    ) -> Result<(), PublishError> {
        let mut last_error = "no answer".to_owned();
        let attempts = async {
            loop {
                match self.channel().await {
                    Ok(channel) => {
                        match declare_topic_queue(&channel, &self.broker.options, queue).await {
                            Ok(()) => return Ok(()),
                            Err(DeclareError::Name(error)) => return Err(error.into()),
                            Err(DeclareError::Broker(error)) => {
                                last_error = error.to_string();
                                self.discard(&channel).await;
                            }
                        }
                    }
                    Err(error) => last_error = error.to_string(),
                }
                sleep(RETRY_DELAY).await;
            }
        };
        match timeout_at(deadline, attempts).await {
            Ok(outcome) => outcome,
            Err(_) => Err(PublishError::Unreachable(last_error)),
        }
    }

    async fn channel(&self) -> Result<Channel, OpenError> {
        let mut open = self.open.lock().await;
        if let Some(open) = open.as_ref() {
            return Ok(open.channel.clone());
        }
        let connection = self.broker.connect("publish").await?;
        let channel = connection.create_channel().await?;
        channel
            .confirm_select(ConfirmSelectOptions::default())
            .await?;
        declare_exchange(&channel, &self.broker.options).await?;
        *open = Some(Open {
            connection,
            channel: channel.clone(),
        });
        Ok(channel)
    }

    /// Forgets a channel that will not come back, unless somebody already has.
    async fn discard(&self, lost: &Channel) {
        let mut open = self.open.lock().await;
        if open.as_ref().is_some_and(|open| {
            open.channel.id() == lost.id() && !open.channel.status().connected()
        }) {
            *open = None;
        }
    }

    /// Ends the connection in good order.
    pub(super) async fn close(&self) {
        if let Some(open) = self.open.lock().await.take() {
            // A connection that is gone already needs no farewell.
            let _ = open.connection.close(200, "OK".into()).await;
        }
    }
}

enum SendError {
    Name(NameTooLong),
    Broker(lapin::Error),
}

async fn send(channel: &Channel, message: &Message) -> Result<Confirmation, SendError> {
    let mut properties = BasicProperties::default()
        .with_content_type("application/json".into())
        .with_content_encoding("utf-8".into())
        .with_delivery_mode(PERSISTENT)
        .with_priority(0)
        .with_headers(FieldTable::default());
    if let Some(expiration) = message.expiration {
        let milliseconds = expiration.as_millis().to_string();
        properties = properties.with_expiration(name(&milliseconds).map_err(SendError::Name)?);
    }
    let options = BasicPublishOptions {
        mandatory: true,
        immediate: false,
    };
    let confirm = channel
        .basic_publish(
            name(&message.exchange).map_err(SendError::Name)?,
            name(&message.routing_key).map_err(SendError::Name)?,
            options,
            &message.body,
            properties,
        )
        .await
        .map_err(SendError::Broker)?;
    confirm.await.map_err(SendError::Broker)
}
