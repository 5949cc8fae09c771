//! Consuming queues for as long as the process runs.

use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::{self, SelectAll};
use lapin::message::Delivery;
use lapin::options::{BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::broker::{Broker, ConnectError};
use super::topology::{DeclareError, NameTooLong, name};

const RETRY_DELAY: Duration = Duration::from_secs(1);
/// How long lapin may take to bring a connection back before a new one is opened.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(20);
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// What to consume, and what to do with it.
#[async_trait::async_trait]
pub(super) trait Subscriber: Send + Sync {
    /// What the connection is for, shown by the broker.
    const PURPOSE: &'static str;

    /// Declares what is needed.
    async fn declare(&self, channel: &Channel) -> Result<(), DeclareError>;

    /// The queues to consume.
    fn queues(&self) -> Vec<String>;

    /// Unacknowledged deliveries the broker may have outstanding; 0 for any number.
    fn prefetch(&self) -> u16;

    /// Messages can arrive, or can no longer.
    fn listening(&self, _yes: bool) {}

    /// Takes one message. Must not block: what takes time goes into a task.
    async fn deliver(&self, delivery: Delivery);
}

#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Broker(#[from] lapin::Error),
    #[error(transparent)]
    Declare(#[from] DeclareError),
    #[error(transparent)]
    Name(#[from] NameTooLong),
}

/// `None` marks the end of one consumer: the merged stream alone would not show it.
type Deliveries = SelectAll<stream::BoxStream<'static, Option<lapin::Result<Delivery>>>>;

struct Session {
    connection: Connection,
    channel: Channel,
    deliveries: Deliveries,
}

/// Consumes until cancelled.
pub(super) async fn run<S: Subscriber>(
    broker: &Broker,
    subscriber: &S,
    cancel: &CancellationToken,
) {
    let mut told = false;
    loop {
        let opened = tokio::select! {
            () = cancel.cancelled() => return,
            opened = open(broker, subscriber) => opened,
        };
        match opened {
            Ok(session) => {
                told = false;
                subscriber.listening(true);
                consume(session, subscriber, cancel).await;
                subscriber.listening(false);
            }
            // Once an outage is enough for the log.
            Err(error) if !told => {
                told = true;
                tracing::warn!(%error, purpose = S::PURPOSE, "waiting for the broker");
            }
            Err(error) => tracing::debug!(%error, purpose = S::PURPOSE, "still no broker"),
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = sleep(RETRY_DELAY) => {}
        }
    }
}

async fn open<S: Subscriber>(broker: &Broker, subscriber: &S) -> Result<Session, OpenError> {
    let connection = broker.connect(S::PURPOSE).await?;
    let channel = connection.create_channel().await?;
    if subscriber.prefetch() > 0 {
        channel
            .basic_qos(subscriber.prefetch(), BasicQosOptions::default())
            .await?;
    }
    subscriber.declare(&channel).await?;
    let mut deliveries = Deliveries::new();
    for queue in subscriber.queues() {
        let consumer = channel
            .basic_consume(
                name(&queue)?,
                name("")?,
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await?;
        let end: BoxFuture<'static, Option<lapin::Result<Delivery>>> = Box::pin(async { None });
        deliveries.push(consumer.map(Some).chain(stream::once(end)).boxed());
    }
    Ok(Session {
        connection,
        channel,
        deliveries,
    })
}

async fn consume<S: Subscriber>(mut session: Session, subscriber: &S, cancel: &CancellationToken) {
    loop {
        let next = tokio::select! {
            () = cancel.cancelled() => break,
            next = session.deliveries.next() => next,
        };
        match next {
            Some(Some(Ok(delivery))) => subscriber.deliver(delivery).await,
            Some(Some(Err(error))) => {
                tracing::warn!(%error, purpose = S::PURPOSE, "lost the broker");
                subscriber.listening(false);
                let recovery = timeout(RECOVERY_TIMEOUT, session.channel.wait_for_recovery(error));
                let recovered = tokio::select! {
                    () = cancel.cancelled() => break,
                    recovered = recovery => matches!(recovered, Ok(Ok(()))),
                };
                if !recovered || !session.connection.status().connected() {
                    break;
                }
                tracing::info!(purpose = S::PURPOSE, "the broker is back");
                subscriber.listening(true);
            }
            // A consumer ended: its queue was deleted, or the connection will not come back.
            Some(None) | None => break,
        }
    }
    // A connection that is gone already needs no farewell.
    let farewell = session.connection.close(200, "OK".into());
    let _ = timeout(CLOSE_TIMEOUT, farewell).await;
}
