//! The three flows of steps as a table: where each keeps its steps, and the states it moves through.
//!
//! The keys are Ironic's, because a Python conductor may read them.

use schemas_model::provision::State;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Node, Object};
use serde_json::Value;

/// A row: one flow of steps.
#[derive(Debug, PartialEq, Eq)]
pub struct StepFlow {
    /// Which steps it runs.
    pub kind: StepKind,
    /// `driver_internal_info` key of the list.
    pub steps: &'static str,
    /// `driver_internal_info` key of the position.
    pub index: &'static str,
    /// Flag: the machine reboots within or after the current step.
    pub reboot: &'static str,
    /// Flag: false makes the current step run again.
    pub skip: &'static str,
    /// Flag: somebody else polls the current step.
    pub polling: &'static str,
    /// `driver_internal_info` key of the steps an agent said it has.
    pub cached: &'static str,
    /// `driver_internal_info` key that says no ramdisk is booted; deployment has none.
    pub disable_ramdisk: Option<&'static str>,
    /// A step runs.
    pub running: State,
    /// A step goes on elsewhere.
    pub waiting: State,
    /// A person has to let it go on.
    pub held: State,
    /// It failed.
    pub failed: State,
}

/// Cleaning.
pub const CLEAN: StepFlow = StepFlow {
    kind: StepKind::Clean,
    steps: "clean_steps",
    index: "clean_step_index",
    reboot: "cleaning_reboot",
    skip: "skip_current_clean_step",
    polling: "cleaning_polling",
    cached: "agent_cached_clean_steps",
    disable_ramdisk: Some("cleaning_disable_ramdisk"),
    running: State::Cleaning,
    waiting: State::CleanWait,
    held: State::CleanHold,
    failed: State::CleanFailed,
};

/// Deployment.
pub const DEPLOY: StepFlow = StepFlow {
    kind: StepKind::Deploy,
    steps: "deploy_steps",
    index: "deploy_step_index",
    reboot: "deployment_reboot",
    skip: "skip_current_deploy_step",
    polling: "deployment_polling",
    cached: "agent_cached_deploy_steps",
    disable_ramdisk: None,
    running: State::Deploying,
    waiting: State::DeployWait,
    held: State::DeployHold,
    failed: State::DeployFailed,
};

/// Servicing.
pub const SERVICE: StepFlow = StepFlow {
    kind: StepKind::Service,
    steps: "service_steps",
    index: "service_step_index",
    reboot: "servicing_reboot",
    skip: "skip_current_service_step",
    polling: "servicing_polling",
    cached: "agent_cached_service_steps",
    disable_ramdisk: Some("service_disable_ramdisk"),
    running: State::Servicing,
    waiting: State::ServiceWait,
    held: State::ServiceHold,
    failed: State::ServiceFailed,
};

impl StepFlow {
    /// Every flow that persists its steps; verification runs in one go and keeps none.
    pub const ALL: &'static [&'static StepFlow] = &[&CLEAN, &DEPLOY, &SERVICE];

    /// The node's current step of this flow.
    pub const fn current<'n>(&self, node: &'n Node) -> &'n Object {
        match self.kind {
            StepKind::Clean => &node.clean_step,
            StepKind::Service => &node.service_step,
            StepKind::Deploy | StepKind::Verify => &node.deploy_step,
        }
    }

    /// The same, to be changed.
    pub const fn current_mut<'n>(&self, node: &'n mut Node) -> &'n mut Object {
        match self.kind {
            StepKind::Clean => &mut node.clean_step,
            StepKind::Service => &mut node.service_step,
            StepKind::Deploy | StepKind::Verify => &mut node.deploy_step,
        }
    }

    /// The list of steps as persisted; empty when there is none or it is unreadable.
    pub fn listed(&self, node: &Node) -> Vec<Step> {
        match node.driver_internal_info.member(self.steps) {
            Some(Value::Array(steps)) => steps
                .iter()
                .filter_map(|step| serde_json::from_value(step.clone()).ok())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Persists a list of steps.
    pub fn list(&self, node: &mut Node, steps: &[Step]) {
        let steps: Vec<Value> = steps.iter().map(to_value).collect();
        node.driver_internal_info.set(self.steps, steps);
    }

    /// Whether the flow was told to do without a ramdisk.
    pub fn is_without_ramdisk(&self, node: &Node) -> bool {
        self.disable_ramdisk
            .and_then(|key| node.driver_internal_info.member(key))
            .and_then(Value::as_bool)
            .unwrap_or_default()
    }
}

/// A step as it is persisted.
pub fn to_value(step: &Step) -> Value {
    serde_json::to_value(step).unwrap_or_default()
}

/// A step as it is persisted in a `*_step` column.
pub fn to_object(step: &Step) -> Object {
    match to_value(step) {
        Value::Object(members) => members.into(),
        _ => Object::default(),
    }
}
