//! What the conductor does, for whoever wants to be told (`baremetal.node.*` notifications).
//!
//! An event that nobody wants costs a comparison; one that somebody wants is encoded here and put
//! into the notifier's bounded queue. Neither ever waits.

use schemas_model::Node;
use schemas_model::power::PowerState;
use schemas_model::provision::{Event, State};
use schemas_rpc::RequestContext;
use schemas_rpc::notification::Subject;
use schemas_rpc::notification::notifier;
use schemas_rpc::notification::payload::{self, Class};
pub use schemas_rpc::notification::{Notifier, Status};
use serde_json::{Map, Value};

/// Who publishes, before the host's name.
const SERVICE: &str = "ironic-conductor";

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

    /// The class of its payload.
    const fn class(&self) -> &'static Class {
        match self {
            Action::PowerSet { .. } => &payload::NODE_SET_POWER,
            Action::PowerStateCorrected { .. } => &payload::NODE_CORRECTED_POWER,
            Action::ProvisionSet { .. } => &payload::NODE_SET_PROVISION,
            Action::ConsoleSet | Action::ConsoleRestore | Action::ConsoleStop => {
                &payload::NODE_PLAIN
            }
        }
    }

    /// What the payload says beside the node.
    fn tell(&self, source: &mut Map<String, Value>) {
        let mut put = |key: &str, word: Option<&str>| {
            source.insert(key.to_owned(), word.map_or(Value::Null, Value::from));
        };
        match self {
            Action::PowerSet { to } => put("to_power", Some(to.as_str())),
            Action::PowerStateCorrected { from } => {
                put("from_power", from.map(PowerState::as_str));
            }
            Action::ProvisionSet {
                previous,
                previous_target,
                event,
            } => {
                put("event", Some(event.as_str()));
                put("previous_provision_state", Some(previous.as_str()));
                put(
                    "previous_target_provision_state",
                    previous_target.map(State::as_str),
                );
            }
            Action::ConsoleSet | Action::ConsoleRestore | Action::ConsoleStop => {}
        }
    }
}

/// Tells that something happened to a node, which is as it was right after.
pub fn emit(
    notifier: &Notifier,
    action: &Action,
    status: Status,
    node: &Node,
    context: &RequestContext,
) {
    if !notifier.wants(status) {
        return;
    }
    let mut source = node.tell();
    action.tell(&mut source);
    let event = notifier::Event {
        service: SERVICE,
        object: Node::OBJECT,
        action: action.word(),
        status,
        class: action.class(),
        context,
    };
    notifier.emit(&event, source);
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;
    use schemas_rpc::notification::Level;

    #[tokio::test]
    async fn a_change_of_state_says_from_where_and_why() {
        let (notifier, mut events) = Notifier::new(Some(Level::Info), "here");
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.provision_state = State::Cleaning;
        let action = Action::ProvisionSet {
            previous: State::Deleting,
            previous_target: Some(State::Available),
            event: Event::Clean,
        };
        let context = RequestContext::default();
        emit(&notifier, &action, Status::Success, &node, &context);
        let sent = events.recv().await.unwrap();
        assert_eq!(sent.event_type, "baremetal.node.provision_set.success");
        assert_eq!(sent.publisher, "ironic-conductor.here");
        let data = &sent.payload["ironic_object.data"];
        assert_eq!(data["event"], "clean");
        assert_eq!(data["previous_provision_state"], "deleting");
        assert_eq!(data["previous_target_provision_state"], "available");
        assert_eq!(data["provision_state"], "cleaning");
    }
}
