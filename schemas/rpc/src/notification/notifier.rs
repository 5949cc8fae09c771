//! Where events are put. Cheap to clone; does nothing at all when notifications are off.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::event::{Level, Status, event_type};
use super::message::{Bus, Notification};
use super::payload::Class;
use crate::context::RequestContext;

/// How many events may wait to be sent.
pub const CAPACITY: usize = 4096;

/// The place events are put.
#[derive(Clone, Debug, Default)]
pub struct Notifier(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    /// `[DEFAULT]notification_level`; `None` switches versioned notifications off.
    least: Option<Level>,
    /// `[DEFAULT]host`
    host: String,
    queue: mpsc::Sender<Notification>,
    dropped: AtomicU64,
}

/// What a versioned notification is about.
pub struct Event<'e> {
    /// `ironic-api` or `ironic-conductor`.
    pub service: &'static str,
    /// `node`, `port`, ...
    pub object: &'static str,
    /// `create`, `power_set`, ...
    pub action: &'e str,
    /// How far it got.
    pub status: Status,
    /// The class of its payload.
    pub class: &'static Class,
    /// Who asked.
    pub context: &'e RequestContext,
}

impl Notifier {
    /// Notifications are off.
    pub const OFF: Notifier = Notifier(None);

    /// A notifier and the queue somebody has to send from.
    pub fn new(
        least: Option<Level>,
        host: impl Into<String>,
    ) -> (Self, mpsc::Receiver<Notification>) {
        let (queue, receiver) = mpsc::channel(CAPACITY);
        let inner = Inner {
            least,
            host: host.into(),
            queue,
            dropped: AtomicU64::new(0),
        };
        (Notifier(Some(Arc::new(inner))), receiver)
    }

    /// Whether an event of this status would be sent; if not, its payload need not be made.
    pub fn wants(&self, status: Status) -> bool {
        self.0
            .as_ref()
            .and_then(|inner| inner.least)
            .is_some_and(|least| status.level() >= least)
    }

    /// Whether anything is sent at all (sensors and metrics have no level).
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Events that were dropped because they could not be sent fast enough.
    pub fn dropped(&self) -> u64 {
        self.0
            .as_ref()
            .map_or(0, |inner| inner.dropped.load(Ordering::Relaxed))
    }

    /// Puts a versioned event whose payload is filled from `source`.
    pub fn emit(&self, event: &Event<'_>, source: Map<String, Value>) {
        if !self.wants(event.status) {
            return;
        }
        let Some(inner) = &self.0 else { return };
        inner.put(Notification {
            bus: Bus::Versioned,
            publisher: format!("{}.{}", event.service, inner.host),
            event_type: event_type(event.object, event.action, event.status),
            level: event.status.level(),
            payload: event.class.fill(source),
            context: event.context.clone(),
            at: schemas_model::time::now(),
        });
    }

    /// Puts an event without a version (sensors, metrics). Its publisher has no service, as in
    /// Ironic 39.0.0.
    pub fn emit_plain(&self, event_type: impl Into<String>, payload: Value) {
        let Some(inner) = &self.0 else { return };
        inner.put(Notification {
            bus: Bus::Plain,
            publisher: format!("None.{}", inner.host),
            event_type: event_type.into(),
            level: Level::Info,
            payload,
            context: RequestContext::service(),
            at: schemas_model::time::now(),
        });
    }
}

impl Inner {
    fn put(&self, notification: Notification) {
        if self.queue.try_send(notification).is_err() {
            let before = self.dropped.fetch_add(1, Ordering::Relaxed);
            if before == 0 {
                tracing::warn!(
                    "notifications are dropped: more than {CAPACITY} wait to be sent (said once)"
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Subject;
    use super::*;
    use schemas_model::{Node, Uuid};

    fn event(status: Status, context: &RequestContext) -> Event<'_> {
        Event {
            service: "ironic-conductor",
            object: Node::OBJECT,
            action: "power_set",
            status,
            class: Node::CLASS,
            context,
        }
    }

    #[tokio::test]
    async fn the_level_decides_and_a_full_queue_drops() {
        let context = RequestContext {
            auth_token: Some("tok-abc".into()),
            ..RequestContext::default()
        };
        let (notifier, mut queue) = Notifier::new(Some(Level::Error), "here");
        notifier.emit(&event(Status::Start, &context), Map::new());
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.driver_info.set("ipmi_password", "hunter2");
        for _ in 0..=CAPACITY {
            notifier.emit(&event(Status::Error, &context), node.tell());
        }
        assert_eq!(notifier.dropped(), 1);
        let sent = queue.recv().await.unwrap();
        assert_eq!(sent.event_type, "baremetal.node.power_set.error");
        assert_eq!(sent.publisher, "ironic-conductor.here");
        let body = String::from_utf8(sent.encode()).unwrap();
        assert!(!body.contains("hunter2") && !body.contains("tok-abc"));
    }

    #[test]
    fn off_is_off() {
        assert!(!Notifier::OFF.wants(Status::Error) && !Notifier::OFF.is_on());
        let (notifier, _queue) = Notifier::new(None, "here");
        assert!(!notifier.wants(Status::Error) && notifier.is_on());
    }
}
