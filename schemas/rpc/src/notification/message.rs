//! A notification, and the message it becomes (oslo.messaging notifications 2.0, observed).

use schemas_model::time::Timestamp;
use serde_json::{Map, Value};

use super::event::Level;
use crate::context::RequestContext;
use crate::envelope;

/// Which topics an event goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bus {
    /// `[DEFAULT]versioned_notifications_topics`: versioned payloads.
    Versioned,
    /// `[oslo_messaging_notifications]topics`: metrics and sensors.
    Plain,
}

/// One event.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Where it goes.
    pub bus: Bus,
    /// `{service}.{host}`
    pub publisher: String,
    /// `baremetal.node.power_set.end`, ...
    pub event_type: String,
    /// How important it is.
    pub level: Level,
    /// What it says.
    pub payload: Value,
    /// Who asked for what happened; without its token.
    pub context: RequestContext,
    /// When it happened.
    pub at: Timestamp,
}

impl Notification {
    /// The message without an envelope, as the driver `messaging` sends it.
    pub fn to_inner(&self) -> Map<String, Value> {
        let mut inner = Map::new();
        let mut put = |key: &str, value: Value| inner.insert(key.to_owned(), value);
        put("message_id", uuid::Uuid::new_v4().to_string().into());
        put("publisher_id", self.publisher.clone().into());
        put("event_type", self.event_type.clone().into());
        put("priority", self.level.priority().into());
        put("payload", self.payload.clone());
        let time = self.at.format("%Y-%m-%d %H:%M:%S%.6f").to_string();
        put("timestamp", time.into());
        let unique = uuid::Uuid::new_v4().simple().to_string();
        put("_unique_id", unique.into());
        let context = RequestContext {
            auth_token: None,
            auth_token_info: None,
            ..self.context.clone()
        };
        for (key, value) in context.to_wire() {
            put(&format!("_context_{key}"), value);
        }
        inner
    }

    /// The message body in the 2.0 envelope, as the driver `messagingv2` sends it.
    pub fn encode(&self) -> Vec<u8> {
        envelope::wrap(self.to_inner())
    }
}
