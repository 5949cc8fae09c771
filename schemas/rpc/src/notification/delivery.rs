//! The task that sends events: one at a time, in order.
//!
//! A bus that is away costs nobody anything but the events that do not fit into the queue. Its loss
//! and its return are each logged once.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::message::{Bus, Notification};
use crate::transport::amqp::Announcer;

/// One attempt to send.
const ATTEMPT: Duration = Duration::from_secs(15);
/// What is still sent of the queue when the process ends.
const FAREWELL: Duration = Duration::from_secs(3);

/// A way to send events (`[oslo_messaging_notifications]driver`); `noop` is none.
pub enum Driver {
    /// RabbitMQ.
    Messaging {
        /// How messages get there.
        announcer: Box<Announcer>,
        /// `messagingv2` wraps messages in an envelope, `messaging` does not.
        envelope: bool,
    },
    /// The log of this process.
    Log,
}

/// Everything needed to send.
pub struct Delivery {
    /// Each event goes to all of them.
    pub drivers: Vec<Driver>,
    /// `[DEFAULT]versioned_notifications_topics`
    pub versioned_topics: Vec<String>,
    /// `[oslo_messaging_notifications]topics`
    pub plain_topics: Vec<String>,
    /// `[oslo_messaging_notifications]retry`: further attempts a message gets; `None` for ever.
    pub retries: Option<u32>,
    /// The events.
    pub queue: mpsc::Receiver<Notification>,
}

impl Delivery {
    /// Sends until `stop`, then what is left for a moment.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut broken = false;
        loop {
            let next = tokio::select! {
                next = self.queue.recv() => next,
                () = stop.cancelled() => break,
            };
            let Some(notification) = next else { break };
            self.send(&notification, &stop, &mut broken).await;
        }
        self.queue.close();
        let until = Instant::now() + FAREWELL;
        while let Ok(Some(notification)) = tokio::time::timeout_at(until, self.queue.recv()).await {
            if tokio::time::timeout_at(until, self.send(&notification, &stop, &mut broken))
                .await
                .is_err()
            {
                break;
            }
        }
        for driver in &self.drivers {
            if let Driver::Messaging { announcer, .. } = driver {
                announcer.close().await;
            }
        }
    }

    async fn send(&self, event: &Notification, stop: &CancellationToken, broken: &mut bool) {
        let topics = match event.bus {
            Bus::Versioned => &self.versioned_topics,
            Bus::Plain => &self.plain_topics,
        };
        for driver in &self.drivers {
            match driver {
                Driver::Log => log(event),
                Driver::Messaging {
                    announcer,
                    envelope,
                } => {
                    let body = if *envelope {
                        event.encode()
                    } else {
                        serde_json::Value::Object(event.to_inner())
                            .to_string()
                            .into_bytes()
                    };
                    for topic in topics {
                        let key = format!("{topic}.{}", event.level.word());
                        self.publish(announcer, &key, &body, stop, broken).await;
                    }
                }
            }
        }
    }

    async fn publish(
        &self,
        announcer: &Announcer,
        key: &str,
        body: &[u8],
        stop: &CancellationToken,
        broken: &mut bool,
    ) {
        let mut attempts = 0_u32;
        loop {
            match announcer
                .announce(key, body, Instant::now() + ATTEMPT)
                .await
            {
                Ok(()) => {
                    if std::mem::take(broken) {
                        tracing::info!("notifications are sent again");
                    }
                    return;
                }
                Err(why) => {
                    if !std::mem::replace(broken, true) {
                        tracing::error!(error = %why, "notifications cannot be sent; they wait, and are dropped when too many wait");
                    }
                }
            }
            attempts = attempts.saturating_add(1);
            if stop.is_cancelled() || self.retries.is_some_and(|retries| attempts > retries) {
                return;
            }
        }
    }
}

fn log(event: &Notification) {
    let text = serde_json::Value::Object(event.to_inner()).to_string();
    tracing::info!(
        target: "oslo.messaging.notification",
        event_type = event.event_type,
        priority = event.level.priority(),
        "{text}"
    );
}
