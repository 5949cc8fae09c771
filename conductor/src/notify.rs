//! What the conductor does, for whoever wants to be told (`baremetal.node.*` notifications).
//!
//! Events go into a bounded channel that one notifier may subscribe to. A full channel or a missing
//! notifier never holds up a flow: the event is dropped, and drops are counted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use schemas_model::Node;
use schemas_model::power::PowerState;
use schemas_model::provision::{Event, State};
use tokio::sync::mpsc;

/// How many events may wait for the notifier.
const CAPACITY: usize = 4096;

/// What happened to a node.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A power change was asked for.
    PowerSet {
        /// What was asked.
        to: PowerState,
    },
    /// The recorded power state was wrong.
    PowerStateCorrected {
        /// What had been recorded.
        from: Option<PowerState>,
    },
    /// The provision state changed.
    ProvisionSet {
        /// The state before.
        previous: State,
        /// The target before.
        previous_target: Option<State>,
        /// What moved it.
        event: Event,
    },
    /// The console is switched.
    ConsoleSet,
    /// The console is started again after a restart or a take-over.
    ConsoleRestore,
    /// The console is stopped by a tear-down.
    ConsoleStop,
}

impl Action {
    /// The word in `baremetal.node.{word}.{status}`.
    pub const fn word(&self) -> &'static str {
        match self {
            Action::PowerSet { .. } => "power_set",
            Action::PowerStateCorrected { .. } => "power_state_corrected",
            Action::ProvisionSet { .. } => "provision_set",
            Action::ConsoleSet => "console_set",
            Action::ConsoleRestore => "console_restore",
            Action::ConsoleStop => "console_stop",
        }
    }
}

/// How far it got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It begins.
    Start,
    /// It ended well.
    End,
    /// It failed; the level is `error`, otherwise `info`.
    Error,
    /// It happened in one go.
    Success,
}

impl Status {
    /// The word in `baremetal.node.{action}.{word}`.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Start => "start",
            Status::End => "end",
            Status::Error => "error",
            Status::Success => "success",
        }
    }
}

/// One event, with the node as it was then.
#[derive(Clone, Debug)]
pub struct Notification {
    /// What happened.
    pub action: Action,
    /// How far it got.
    pub status: Status,
    /// The node right after.
    pub node: Arc<Node>,
    /// Which request it belongs to.
    pub request_id: Option<String>,
}

/// The place events are put.
#[derive(Debug, Default)]
pub struct Notifier {
    sink: OnceLock<mpsc::Sender<Notification>>,
    dropped: AtomicU64,
}

impl Notifier {
    /// Subscribes the one notifier of this process; `None` when there is one already.
    pub fn subscribe(&self) -> Option<mpsc::Receiver<Notification>> {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        self.sink.set(sender).ok().map(|()| receiver)
    }

    /// Whether anybody listens; events need not be built when nobody does.
    pub fn is_heard(&self) -> bool {
        self.sink.get().is_some()
    }

    /// Events that were dropped because the notifier did not keep up.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Puts an event.
    pub fn emit(&self, action: Action, status: Status, node: &Node, request_id: Option<&str>) {
        let Some(sink) = self.sink.get() else { return };
        let notification = Notification {
            action,
            status,
            node: Arc::new(node.clone()),
            request_id: request_id.map(str::to_owned),
        };
        if sink.try_send(notification).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    #[tokio::test]
    async fn events_reach_the_one_subscriber_and_a_full_channel_drops() {
        let notifier = Notifier::default();
        let node = Node::new(Uuid::random(), "fake-hardware");
        notifier.emit(Action::ConsoleSet, Status::Start, &node, None);
        assert_eq!(notifier.dropped(), 0, "nobody listened yet");

        let mut events = notifier.subscribe().unwrap();
        assert!(notifier.subscribe().is_none());
        for _ in 0..=CAPACITY {
            notifier.emit(Action::ConsoleSet, Status::End, &node, Some("req-1"));
        }
        assert_eq!(notifier.dropped(), 1);
        let event = events.recv().await.unwrap();
        assert_eq!(
            (event.action.word(), event.status.word()),
            ("console_set", "end")
        );
        assert_eq!(event.request_id.as_deref(), Some("req-1"));
    }
}
