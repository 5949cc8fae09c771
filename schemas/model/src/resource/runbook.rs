//! A runbook: a named list of steps an owner lets others run for cleaning or servicing.

use serde_json::{Value, json};

use crate::ids::{RunbookId, Uuid};
use crate::json::Object;
use crate::time::Timestamp;

/// A runbook. Every column of its table, its steps and traits.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct Runbook {
    pub id: RunbookId,
    pub uuid: Uuid,
    pub name: String,
    pub description: Option<String>,
    pub steps: Vec<RunbookStep>,
    pub traits: Vec<String>,
    pub disable_ramdisk: bool,
    pub public: bool,
    pub owner: Option<String>,
    pub extra: Object,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}

/// One step of a runbook (`runbook_steps`).
#[derive(Clone, Debug, PartialEq)]
pub struct RunbookStep {
    /// Interface kind, as given.
    pub interface: String,
    /// Step name.
    pub step: String,
    /// Arguments.
    pub args: Object,
    /// Lower runs earlier.
    pub order: i32,
}

impl RunbookStep {
    /// The step as clients and notifications are told of it, and as it is asked for.
    pub fn to_value(&self) -> Value {
        json!({
            "interface": self.interface,
            "step": self.step,
            "args": self.args,
            "order": self.order,
        })
    }
}
