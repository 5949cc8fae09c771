//! A deploy template: steps that a trait of an instance adds to its deployment.

use crate::ids::{DeployTemplateId, Uuid};
use crate::json::Object;
use crate::time::Timestamp;

/// A template. Every column of its table, and its steps.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are Ironic's, documented by its API reference"
)]
pub struct DeployTemplate {
    pub id: DeployTemplateId,
    pub uuid: Uuid,
    pub name: String,
    pub steps: Vec<TemplateStep>,
    pub extra: Object,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}

/// One step of a template (`deploy_template_steps`).
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateStep {
    /// Interface kind, as given.
    pub interface: String,
    /// Step name.
    pub step: String,
    /// Arguments.
    pub args: Object,
    /// Higher runs earlier; 0 switches the step off.
    pub priority: i32,
}
