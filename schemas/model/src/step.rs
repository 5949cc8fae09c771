//! Steps: the units of work a flow is made of.

use crate::interface::InterfaceKind;
use crate::json::Object;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// Which flow a step belongs to.
    pub enum StepKind("step kind") {
        /// Cleaning, manual or automated.
        Clean = "clean",
        /// Deployment.
        Deploy = "deploy",
        /// Servicing of an active node.
        Service = "service",
        /// Verification when a node becomes manageable.
        Verify = "verify",
    }
}

/// A step as a person asks for it (`clean_steps`, `deploy_steps`, `service_steps`, templates,
/// runbooks) and as it is persisted in `driver_internal_info`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Step {
    /// The kind of interface that carries it out; absent for reserved steps (`hold`, `wait`, `power_on`, ...).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<InterfaceKind>,
    /// The name.
    pub step: String,
    /// Arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Object>,
    /// Higher runs earlier; 0 means not on its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// Whether the flow may be aborted while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abortable: Option<bool>,
    /// Order among runbook steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<i64>,
    /// Everything else that was stored with it (`argsinfo`, `requires_ramdisk`, `execute_on_child_nodes`, ...).
    #[serde(flatten)]
    pub rest: serde_json::Map<String, serde_json::Value>,
}

/// Steps that the conductor carries out itself, without an interface
/// (Ironic 39.0.0, `ironic.conductor.steps`).
pub const RESERVED_STEPS: &[&str] = &["hold", "power_on", "power_off", "reboot", "wait"];
