//! Sending notifications as `[oslo_messaging_notifications]` and `[DEFAULT]` say.

use std::sync::Arc;

use schemas_config::Config;
use schemas_config::section::default::NotificationLevel;
use schemas_rpc::notification::{Delivery, Driver, Level, Notifier};
use schemas_rpc::transport::amqp::Announcer;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::messaging;

/// The notifier of this process and the task that sends.
pub(crate) struct Notifications {
    pub notifier: Notifier,
    sending: Option<(JoinHandle<()>, CancellationToken)>,
}

impl Notifications {
    /// Starts to send. Without a driver nothing is made, let alone sent.
    ///
    /// # Errors
    /// One sentence when `transport_url` or a certificate can't be used.
    pub(crate) fn start(config: &Arc<Config>) -> Result<Self, String> {
        let drivers = drivers(config)?;
        if drivers.is_empty() {
            return Ok(Notifications {
                notifier: Notifier::OFF,
                sending: None,
            });
        }
        let least = config.default.notification_level.map(level);
        let (notifier, queue) = Notifier::new(least, &*config.default.host);
        let options = &config.oslo_messaging_notifications;
        let delivery = Delivery {
            drivers,
            versioned_topics: config.default.versioned_notifications_topics.clone(),
            plain_topics: options.topics.clone(),
            retries: u32::try_from(options.retry).ok(),
            queue,
        };
        let stop = CancellationToken::new();
        let task = tokio::spawn(delivery.run(stop.clone()));
        Ok(Notifications {
            notifier,
            sending: Some((task, stop)),
        })
    }

    /// Sends what is left for a moment, and ends.
    pub(crate) async fn stop(self) {
        if let Some((task, stop)) = self.sending {
            stop.cancel();
            if let Err(why) = task.await {
                tracing::warn!("the task that sends notifications ended badly: {why}");
            }
        }
        let dropped = self.notifier.dropped();
        if dropped > 0 {
            tracing::warn!(dropped, "notifications were dropped");
        }
    }
}

fn drivers(config: &Config) -> Result<Vec<Driver>, String> {
    let options = &config.oslo_messaging_notifications;
    let mut drivers = Vec::new();
    for name in &options.driver.0 {
        match name.as_str() {
            "messaging" | "messagingv2" => {
                let url = options.transport_url.as_ref();
                let url = url.unwrap_or(&config.default.transport_url);
                let amqp = messaging::amqp_options_at(config, url, "notifications")?;
                let announcer = Announcer::new(amqp).map_err(|why| format!("RabbitMQ: {why}"))?;
                drivers.push(Driver::Messaging {
                    announcer: Box::new(announcer),
                    envelope: name == "messagingv2",
                });
            }
            "log" => drivers.push(Driver::Log),
            "noop" | "" => {}
            other => tracing::warn!(
                "[oslo_messaging_notifications]driver '{other}' is not known and is left out; \
                 known are messagingv2, messaging, log and noop"
            ),
        }
    }
    Ok(drivers)
}

const fn level(level: NotificationLevel) -> Level {
    match level {
        NotificationLevel::Debug => Level::Debug,
        NotificationLevel::Info => Level::Info,
        NotificationLevel::Warning => Level::Warning,
        NotificationLevel::Error => Level::Error,
        NotificationLevel::Critical => Level::Critical,
    }
}
