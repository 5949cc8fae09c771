//! What every interface has: a name, documented properties, validation, steps.

use async_trait::async_trait;
use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault};

use crate::{Outcome, Poll, Polled, StepSpec, Task};

/// A node setting an interface reads, as `GET /v1/drivers/{driver}/properties` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// Key in `driver_info` (or `instance_info`, `properties`, as the text says).
    pub name: &'static str,
    /// What it is, with "Required." or "Optional." as users expect.
    pub description: &'static str,
}

/// The part common to all kinds of interface.
#[async_trait]
pub trait Interface: Send + Sync {
    /// The name users put into `{kind}_interface`.
    fn name(&self) -> &'static str;

    /// The kind this implementation is of.
    fn kind(&self) -> InterfaceKind;

    /// Settings it reads from a node.
    fn properties(&self) -> &'static [Property] {
        &[]
    }

    /// Feature words other interfaces ask for (`ramdisk_boot`, `iscsi_volume_boot`, ...).
    fn capabilities(&self) -> &'static [&'static str] {
        &[]
    }

    /// Checks that the node has what this interface needs. No BMC is contacted unless Ironic does so.
    ///
    /// # Errors
    /// `MissingParameterValue`, `InvalidParameterValue` or another 4xx class: the reason shown by
    /// `GET /v1/nodes/{node}/validate`.
    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// THE table of steps this interface implements itself.
    fn step_table(&self) -> &'static [StepSpec] {
        &[]
    }

    /// The steps of one kind for this node; asks an agent where the interface works through one.
    ///
    /// # Errors
    /// Whatever asking the agent can fail with.
    async fn steps(&self, task: &mut dyn Task, kind: StepKind) -> Result<Vec<Step>, Fault> {
        let _ = task;
        Ok(self
            .step_table()
            .iter()
            .filter(|spec| spec.kind == kind)
            .map(|spec| spec.to_step(self.kind()))
            .collect())
    }

    /// Carries out one step of [`Interface::steps`].
    ///
    /// # Errors
    /// The step's own failure, or an unsupported one when there is no such step.
    async fn run_step(
        &self,
        task: &mut dyn Task,
        kind: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        let _ = kind;
        Err(unsupported(self, task, &step.step))
    }

    /// THE table of what has to be asked after.
    fn polls(&self) -> &'static [Poll] {
        &[]
    }

    /// Asks after the work of one node, held exclusively.
    ///
    /// # Errors
    /// Why the step has failed. A BMC that does not answer is no failure but [`Polled::Silent`].
    async fn poll(&self, task: &mut dyn Task, poll: &Poll) -> Result<Polled, Fault> {
        let _ = (task, poll);
        Ok(Polled::Silent)
    }
}

/// The failure of a method an interface does not have. The text is the one clients know.
pub fn unsupported<I: Interface + ?Sized>(_interface: &I, task: &dyn Task, what: &str) -> Fault {
    Fault::new(
        Class::UnsupportedDriverExtension,
        format!(
            "Driver {} does not support {what} (disabled or not implemented).",
            task.node().driver
        ),
    )
}
