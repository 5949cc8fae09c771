//! What a worker can be given: THE list, and how a worker starts and ends.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use drivers_interface::{Heartbeat, HttpMethod, Inspection, Poll, Task};
use futures::FutureExt;
use schemas_model::boot::{BootDevice, BootMode};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::provision::{Event, State};
use schemas_model::{Class, Fault, Object, Uuid};
use schemas_rpc::{NodeRef, RequestContext};

use super::clean::CleanRequest;
use super::deploy::DeployRequest;
use super::service::ServiceRequest;
use super::timeout::Wait;
use super::{
    abort, adopt, clean, console, deploy, heartbeat, inspect, management, poll, rescue, service,
    teardown, timeout, verify,
};
use crate::core::Core;
use crate::history::EventType;
use crate::power;
use crate::provision::{LastError, Move, plan};
use crate::step::StepFlow;
use crate::task::NodeTask;
use crate::workers::{Lane, Place};

/// One piece of background work on one node.
#[allow(missing_docs, reason = "each is documented by the flow it runs")]
pub enum Work {
    Verify,
    Clean(CleanRequest),
    Deploy(DeployRequest),
    Service(ServiceRequest),
    /// Goes on with a flow of steps; the node is in the running state.
    GoOn(&'static StepFlow),
    /// Undoes an aborted flow of steps; the node is in the failed state.
    AbortSteps(&'static StepFlow),
    AbortRescue,
    TearDown {
        initial: State,
    },
    Inspect,
    InspectionResults(Box<Inspection>),
    Adopt,
    TakeOver,
    Rescue,
    Unrescue,
    Heartbeat(Box<Heartbeat>),
    Poll(InterfaceKind, Poll),
    TimedOut(Wait),
    TakenOver,
    Power {
        wanted: PowerState,
        timeout: Option<Duration>,
    },
    BootMode(BootMode),
    SecureBoot(bool),
    Console {
        enabled: bool,
    },
    AttachMedia {
        device: BootDevice,
        image_url: String,
    },
    DetachMedia(Vec<BootDevice>),
    Vendor {
        method: String,
        http_method: HttpMethod,
        info: Object,
    },
}

impl Work {
    /// Its name, for messages.
    pub const fn name(&self) -> &'static str {
        match self {
            Work::Verify => "verify",
            Work::Clean(_) => "clean",
            Work::Deploy(_) => "deploy",
            Work::Service(_) => "service",
            Work::GoOn(_) => "continue steps",
            Work::AbortSteps(_) => "abort steps",
            Work::AbortRescue => "abort rescue",
            Work::TearDown { .. } => "tear down",
            Work::Inspect => "inspect",
            Work::InspectionResults(_) => "continue inspection",
            Work::Adopt => "adopt",
            Work::TakeOver => "take over",
            Work::Rescue => "rescue",
            Work::Unrescue => "unrescue",
            Work::Heartbeat(_) => "heartbeat",
            Work::Poll(..) => "poll",
            Work::TimedOut(_) => "time-out",
            Work::TakenOver => "abort on take-over",
            Work::Power { .. } => "power action",
            Work::BootMode(_) => "change boot mode",
            Work::SecureBoot(_) => "change secure boot",
            Work::Console { .. } => "set console mode",
            Work::AttachMedia { .. } => "attach virtual media",
            Work::DetachMedia(_) => "detach virtual media",
            Work::Vendor { .. } => "vendor method",
        }
    }

    // Each flow is boxed: the futures of all of them side by side would fill a worker's stack.
    async fn run(self, task: &mut NodeTask) -> Result<(), Fault> {
        match self {
            Work::Verify => Box::pin(verify::run(task)).await,
            Work::Clean(request) => Box::pin(clean::run(task, request)).await,
            Work::Deploy(request) => Box::pin(deploy::run(task, request)).await,
            Work::Service(request) => Box::pin(service::run(task, request)).await,
            Work::GoOn(flow) => Box::pin(heartbeat::go_on(task, flow)).await,
            Work::AbortSteps(flow) => Box::pin(abort::steps(task, flow)).await,
            Work::AbortRescue => Box::pin(abort::rescue(task)).await,
            Work::TearDown { initial } => Box::pin(teardown::run(task, initial)).await,
            Work::Inspect => Box::pin(inspect::run(task)).await,
            Work::InspectionResults(results) => {
                Box::pin(inspect::take_results(task, *results)).await
            }
            Work::Adopt => Box::pin(adopt::run(task)).await,
            Work::TakeOver => Box::pin(adopt::take_over(task)).await,
            Work::Rescue => Box::pin(rescue::rescue(task)).await,
            Work::Unrescue => Box::pin(rescue::unrescue(task)).await,
            Work::Heartbeat(beat) => Box::pin(heartbeat::run(task, &beat)).await,
            Work::Poll(kind, row) => Box::pin(poll::run(task, kind, &row)).await,
            Work::TimedOut(wait) => Box::pin(timeout::run(task, wait)).await,
            Work::TakenOver => Box::pin(timeout::taken_over(task)).await,
            Work::Power { wanted, timeout } => {
                Box::pin(power::set_power(task, wanted, timeout)).await
            }
            Work::BootMode(mode) => Box::pin(management::change_boot_mode(task, mode)).await,
            Work::SecureBoot(on) => Box::pin(management::change_secure_boot(task, on)).await,
            Work::Console { enabled } => Box::pin(console::switch(task, enabled)).await,
            Work::AttachMedia { device, image_url } => {
                Box::pin(management::attach_media(task, device, &image_url)).await
            }
            Work::DetachMedia(devices) => Box::pin(management::detach_media(task, &devices)).await,
            Work::Vendor {
                method,
                http_method,
                info,
            } => {
                let vendor = task.interfaces().vendor.clone();
                vendor
                    .call(task, &method, http_method, &info)
                    .await
                    .map(drop)
            }
        }
    }
}

/// Gives a held node to a free worker, which releases it at the end.
pub fn start(place: Place, task: NodeTask, work: Work) {
    let core = Arc::clone(task.core());
    let context = Arc::clone(task.context());
    let uuid = task.node().uuid.clone();
    let name = work.name();
    let worker = Arc::clone(&core);
    core.workers.run(place, async move {
        let done = AssertUnwindSafe(carry_out(task, work)).catch_unwind().await;
        if done.is_err() {
            tracing::error!(node.uuid = %uuid, work = name, "work on a node panicked");
            crashed(&worker, &context, &uuid, name).await;
        }
    });
}

async fn carry_out(mut task: NodeTask, work: Work) {
    let name = work.name();
    if let Err(fault) = work.run(&mut task).await {
        tracing::error!(node.uuid = %task.node().uuid, work = name, error = %fault, "work on a node failed");
        if task.is_exclusive() && task.node().last_error.is_none() {
            let error = format!("Async execution of {name} failed with error: {fault}");
            task.node_mut().last_error = Some(error);
        }
    }
    if task.is_exclusive()
        && let Err(fault) = task.save().await
    {
        tracing::warn!(node.uuid = %task.node().uuid, error = %fault, "the last changes of a node are lost");
    }
    task.release().await;
}

/// The work on a node panicked: the node must not stay between states.
async fn crashed(core: &Arc<Core>, context: &Arc<RequestContext>, uuid: &Uuid, name: &str) {
    let mut hold = match core.hold(context, &NodeRef::from(uuid)).await {
        Ok(hold) => hold,
        Err(fault) => {
            tracing::error!(node.uuid = %uuid, error = %fault, "a node cannot be failed after a panic");
            return;
        }
    };
    let error =
        format!("The conductor failed while it worked on the node ({name}); its log says why.");
    hold.record_error(EventType::Transition, &error);
    let node = hold.node();
    let fail = Move::by(Event::Fail);
    let can_fail = !node.provision_state.is_stable()
        && plan(node.provision_state, node.target_provision_state, &fail).is_ok();
    let saved = if can_fail {
        hold.apply(fail).await
    } else {
        hold.save().await
    };
    if let Err(fault) = saved {
        tracing::error!(node.uuid = %uuid, error = %fault, "a node cannot be failed after a panic");
    }
    hold.release().await;
}

/// How work begins: the state machine moves, a worker takes over.
pub struct Beginning {
    /// What moves the node.
    pub change: Move,
    /// What the worker does.
    pub work: Work,
    /// What `InvalidStateRequested` calls the action.
    pub action: &'static str,
    /// What the history calls the flow when no worker is free.
    pub event_type: EventType,
}

impl Beginning {
    /// The usual way: the event's own name, `last_error` cleared.
    pub const fn of(event: Event, work: Work) -> Self {
        Beginning {
            change: Move::beginning(event),
            work,
            action: event.as_str(),
            event_type: EventType::Provisioning,
        }
    }

    /// With a target of its own.
    #[must_use]
    pub const fn towards(mut self, target: Option<State>) -> Self {
        self.change.target = target;
        self
    }

    /// Leaving an error for people to see.
    #[must_use]
    pub fn with_error(mut self, error: String) -> Self {
        self.change.last_error = LastError::Set(Some(error));
        self
    }

    /// Called something else in refusals.
    #[must_use]
    pub const fn called(mut self, action: &'static str) -> Self {
        self.action = action;
        self
    }

    /// Filed under another type in the history.
    #[must_use]
    pub const fn filed(mut self, event_type: EventType) -> Self {
        self.event_type = event_type;
        self
    }
}

/// Refuses a verb in a state.
pub fn refused(action: &str, task: &NodeTask) -> Fault {
    Fault::new(
        Class::InvalidStateRequested,
        format!(
            "The requested action \"{action}\" can not be performed on node \"{}\" while it is in state \"{}\".",
            task.node().uuid,
            task.node().provision_state
        ),
    )
}

impl NodeTask {
    /// Moves the node and gives it to a worker.
    ///
    /// # Errors
    /// `InvalidStateRequested`; `NoFreeConductorWorker`, noted with the node, whose state stays; those
    /// of saving. The task has ended then.
    pub async fn begin(mut self, beginning: Beginning) -> Result<(), Fault> {
        let Beginning {
            change,
            work,
            action,
            event_type,
        } = beginning;
        let node = self.node();
        if plan(node.provision_state, node.target_provision_state, &change).is_err() {
            let fault = refused(action, &self);
            return self.finish(Err(fault)).await;
        }
        let Some(place) = self.place(event_type).await? else {
            return self.finish(Err(no_free_worker())).await;
        };
        match self.apply(change).await {
            Ok(()) => {
                start(place, self, work);
                Ok(())
            }
            Err(fault) => self.finish(Err(fault)).await,
        }
    }

    /// Gives the node to a worker as it is; what has changed is saved first.
    ///
    /// # Errors
    /// As [`NodeTask::begin`].
    pub async fn hand_over(mut self, work: Work) -> Result<(), Fault> {
        let Some(place) = self.place(EventType::Conductor).await? else {
            return self.finish(Err(no_free_worker())).await;
        };
        match self.save().await {
            Ok(()) => {
                start(place, self, work);
                Ok(())
            }
            Err(fault) => self.finish(Err(fault)).await,
        }
    }

    /// A free worker; without one, that is noted with the node as it was.
    async fn place(&mut self, event_type: EventType) -> Result<Option<Place>, Fault> {
        match self.core().workers.place(Lane::Request) {
            Ok(place) => Ok(Some(place)),
            Err(_) => {
                self.refresh().await?;
                self.record_error(event_type, "No free conductor workers available");
                self.save().await?;
                Ok(None)
            }
        }
    }
}

fn no_free_worker() -> Fault {
    Fault::new(
        Class::NoFreeConductorWorker,
        "Requested action cannot be performed due to lack of free conductor workers.",
    )
}
