//! How an image gets onto a machine, and how the agent's heartbeats are taken.

use async_trait::async_trait;
use schemas_model::Fault;
use schemas_model::step::StepKind;

use crate::{Interface, Outcome, Task};

/// What an agent says of itself (`POST /v1/heartbeat/{node}`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heartbeat {
    /// Where the agent listens, `http(s)://host:port`.
    pub callback_url: String,
    /// Its version, if given.
    pub agent_version: Option<String>,
    /// Path of the file that holds its certificate, if it made one.
    pub agent_verify_ca: Option<String>,
    /// `start`, `end` or `error`, if given.
    pub agent_status: Option<String>,
    /// Free text beside the status.
    pub agent_status_message: Option<String>,
}

/// Deployment.
#[async_trait]
pub trait Deploy: Interface {
    /// Whether nodes can be deployed with this interface for the image at hand (used by `autodetect`).
    async fn supports_deploy(&self, task: &dyn Task) -> bool {
        let _ = task;
        true
    }

    /// Prepares a deployment, a rebuild, or the take-over of an active node.
    ///
    /// # Errors
    /// When anything needed can't be prepared.
    async fn prepare(&self, task: &mut dyn Task) -> Result<(), Fault>;

    /// Removes what deployment left on the conductor.
    ///
    /// # Errors
    /// When it can't be removed.
    async fn clean_up(&self, task: &mut dyn Task) -> Result<(), Fault>;

    /// Takes an instance off the machine (powers it off, disconnects it).
    ///
    /// # Errors
    /// When the machine can't be powered off.
    async fn tear_down(&self, task: &mut dyn Task) -> Result<Outcome, Fault>;

    /// Makes this conductor responsible for an active node.
    ///
    /// # Errors
    /// When it can't serve the node.
    async fn take_over(&self, task: &mut dyn Task) -> Result<(), Fault>;

    /// Prepares cleaning; waits when a ramdisk has to come up.
    ///
    /// # Errors
    /// When networks or ramdisk can't be prepared.
    async fn prepare_cleaning(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        let _ = task;
        Ok(Outcome::Done)
    }

    /// Undoes [`Deploy::prepare_cleaning`].
    ///
    /// # Errors
    /// When it can't be undone.
    async fn tear_down_cleaning(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Prepares servicing; waits when a ramdisk has to come up.
    ///
    /// # Errors
    /// When networks or ramdisk can't be prepared.
    async fn prepare_service(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        let _ = task;
        Ok(Outcome::Done)
    }

    /// Undoes [`Deploy::prepare_service`].
    ///
    /// # Errors
    /// When it can't be undone.
    async fn tear_down_service(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Takes note of an agent. What follows from it for the provision state is the conductor's business.
    ///
    /// # Errors
    /// When the heartbeat can't be believed.
    async fn heartbeat(&self, task: &mut dyn Task, heartbeat: &Heartbeat) -> Result<(), Fault> {
        let _ = (task, heartbeat);
        Ok(())
    }

    /// Asks a running agent which steps of a kind it has and remembers them with the node, so that
    /// [`Interface::steps`] of every agent-based interface can name them. Nothing to do by default.
    ///
    /// # Errors
    /// When the agent does not answer.
    async fn refresh_steps(&self, task: &mut dyn Task, kind: StepKind) -> Result<(), Fault> {
        let _ = (task, kind);
        Ok(())
    }

    /// Asks a waiting agent whether the command of the current step has ended.
    /// `Done` lets the flow go on, `Wait` leaves it.
    ///
    /// # Errors
    /// The command's own failure.
    async fn poll_step(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        let _ = task;
        Ok(Outcome::Done)
    }

    /// The interface that should really be used for this node, if another one (`autodetect`).
    fn switch_to(&self, task: &dyn Task) -> Option<&'static str> {
        let _ = task;
        None
    }
}
