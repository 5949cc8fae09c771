//! Consuming queues for as long as the process runs.

use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::{self, SelectAll};
use lapin::message::Delivery;
use lapin::options::{BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection};
use tokio::time::{Instant, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::broker::{Broker, ConnectError};
use super::topology::{DeclareError, NameTooLong, name};

const RETRY_DELAY: Duration = Duration::from_secs(1);
/// How often the state of the channel is looked at: a consumer is told neither that its connection
/// was lost nor that lapin gave up bringing it back.
const LOOK: Duration = Duration::from_millis(250);
/// How long lapin may take to bring a connection back before a new one is opened.
const RECOVERY_GRACE: Duration = Duration::from_secs(3);
const LOST: &str = "the connection was lost";
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

    /// Messages can arrive, or cannot and why.
    fn listening(&self, _state: Result<(), String>) {}

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
                subscriber.listening(Ok(()));
                consume(session, subscriber, cancel).await;
                subscriber.listening(Err(LOST.to_owned()));
            }
            Err(error) => {
                // Once an outage is enough for the log.
                if !std::mem::replace(&mut told, true) {
                    tracing::warn!(%error, purpose = S::PURPOSE, "waiting for the broker");
                }
                subscriber.listening(Err(error.to_string()));
            }
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
    let mut look = interval(LOOK);
    let mut lost_since = None;
    loop {
        let next = tokio::select! {
            () = cancel.cancelled() => break,
            next = session.deliveries.next() => next,
            _ = look.tick() => {
                if session.channel.status().connected() {
                    if lost_since.take().is_some() {
                        tracing::info!(purpose = S::PURPOSE, "the broker is back");
                        subscriber.listening(Ok(()));
                    }
                    continue;
                }
                let since = *lost_since.get_or_insert_with(|| {
                    tracing::warn!(purpose = S::PURPOSE, "lost the broker");
                    subscriber.listening(Err(LOST.to_owned()));
                    Instant::now()
                });
                if since.elapsed() > RECOVERY_GRACE {
                    break;
                }
                continue;
            }
        };
        match next {
            Some(Some(Ok(delivery))) => subscriber.deliver(delivery).await,
            // What becomes of it shows in the state of the channel.
            Some(Some(Err(error))) => {
                tracing::debug!(%error, purpose = S::PURPOSE, "a consumer failed")
            }
            // A consumer ended: its queue was deleted, or the connection will not come back.
            Some(None) | None => break,
        }
    }
    // A connection that is gone already needs no farewell.
    let farewell = session.connection.close(200, "OK".into());
    let _ = timeout(CLOSE_TIMEOUT, farewell).await;
}
