//! Telling the bus what the API changes: `baremetal.{object}.{create,update,delete}.{status}`.
//!
//! A handler calls [`Call::tell`] right before the change and [`Telling::end`] right after it. When
//! it leaves in between, by `?` as a rule, the event is an error. Without a listener nothing is made.

use schemas_rpc::notification::notifier::Event;
use schemas_rpc::notification::payload::{self, Class};
use schemas_rpc::notification::{Notifier, Status, Subject};
use serde_json::{Map, Value};

use crate::request::Call;

/// Who publishes, before the host's name.
const SERVICE: &str = "ironic-api";

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is created.
    Create,
    /// It is changed.
    Update,
    /// It is deleted.
    Delete,
    /// A node's maintenance is switched.
    MaintenanceSet,
}

impl Action {
    const fn word(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
            Action::MaintenanceSet => "maintenance_set",
        }
    }
}

/// UUIDs of what an object belongs to: `("node_uuid", Some(uuid))`.
pub type Beside<'b> = &'b [(&'static str, Option<&'b str>)];

/// An action that has begun.
#[must_use = "dropped at once, it says that the action failed"]
pub struct Telling<'c> {
    call: &'c Call,
    action: Action,
    object: &'static str,
    class: &'static Class,
    /// What the payload is filled from; absent when nobody wants to know, or all was said.
    source: Option<Map<String, Value>>,
}

impl Call {
    /// Says that something begins to happen to an object.
    pub fn tell<S: Subject>(&self, action: Action, subject: &S, beside: Beside<'_>) -> Telling<'_> {
        let notifier = self.notifier();
        let wanted = notifier.wants(Status::Start) || notifier.wants(Status::Error);
        let telling = Telling {
            call: self,
            action,
            object: S::OBJECT,
            class: match action {
                Action::MaintenanceSet => &payload::NODE_PLAIN,
                _ => S::CLASS,
            },
            source: wanted.then(|| source(subject, beside)),
        };
        telling.emit(Status::Start);
        telling
    }
}

impl Telling<'_> {
    /// Says that it is done, and how the object is now.
    pub fn end<S: Subject>(mut self, subject: &S, beside: Beside<'_>) {
        if self.source.is_some() {
            self.source = Some(source(subject, beside));
        }
        self.done();
    }

    /// Says that it is done; the object is as it was told.
    pub fn done(mut self) {
        self.emit(Status::End);
        self.source = None;
    }

    fn emit(&self, status: Status) {
        let Some(source) = &self.source else { return };
        let event = Event {
            service: SERVICE,
            object: self.object,
            action: self.action.word(),
            status,
            class: self.class,
            context: &self.call.context,
        };
        let notifier: &Notifier = self.call.notifier();
        if notifier.wants(status) {
            notifier.emit(&event, source.clone());
        }
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        self.emit(Status::Error);
    }
}

fn source<S: Subject>(subject: &S, beside: Beside<'_>) -> Map<String, Value> {
    let mut source = subject.tell();
    for (key, uuid) in beside {
        source.insert((*key).to_owned(), uuid.map_or(Value::Null, Value::from));
    }
    source
}
