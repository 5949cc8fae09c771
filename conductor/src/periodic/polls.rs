//! What drivers want to be asked after: a periodic task for each row of their poll tables.
//!
//! A run only finds the nodes; a worker asks after each of them, so that a slow BMC costs nobody
//! else a turn. A node that is locked, or whose last poll still goes on, is left for the next run.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use drivers_interface::{Poll, PollOf, Task};
use schemas_config::Config;
use schemas_db::{Children, NodeFilter, Page};
use schemas_model::interface::InterfaceKind;
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Node, NodeId};
use schemas_rpc::{NodeRef, RequestContext};

use super::{Done, PeriodicTask, seconds};
use crate::core::Core;
use crate::flow::Work;
use crate::flow::work::start;
use crate::step::StepFlow;
use crate::task::Patience;
use crate::workers::Lane;

/// One row of one interface.
struct DriverPoll {
    kind: InterfaceKind,
    interface: &'static str,
    poll: Poll,
}

/// The tasks for what the enabled interfaces have in their tables.
pub fn of(core: &Core) -> Vec<Arc<dyn PeriodicTask>> {
    let rows = core.registry.polls().into_iter();
    rows.map(|(kind, interface, poll)| {
        let task = DriverPoll {
            kind,
            interface,
            poll,
        };
        Arc::new(task) as Arc<dyn PeriodicTask>
    })
    .collect()
}

/// Provision states of the nodes in question.
fn states(of: PollOf) -> Vec<State> {
    let flows = StepFlow::ALL.iter();
    match of {
        PollOf::Waiting => flows.map(|flow| flow.waiting).collect(),
        PollOf::Failed => flows.map(|flow| flow.failed).collect(),
    }
}

#[async_trait]
impl PeriodicTask for DriverPoll {
    fn name(&self) -> &'static str {
        self.poll.name
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        seconds((self.poll.interval)(config))
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let filter = NodeFilter {
            reserved: Some(false),
            provision_state_in: Some(states(self.poll.of)),
            maintenance: (self.poll.of == PollOf::Failed).then_some(true),
            interface: Some((self.kind, self.interface.to_owned())),
            children: Children::Included,
            ..NodeFilter::default()
        };
        let nodes = core.own_nodes(&filter, &Page::all()).await?;
        let mut done = Done {
            examined: nodes.len(),
            acted: 0,
        };
        for node in nodes {
            match self.ask(core, node.id).await {
                Ok(true) => done.acted += 1,
                Ok(false) => {}
                Err(fault) if fault.is_a(Class::NoFreeConductorWorker) => break,
                Err(fault) => {
                    tracing::debug!(node.uuid = %node.uuid, error = %fault, "a node is polled with the next run");
                }
            }
        }
        Ok(done)
    }
}

impl DriverPoll {
    fn concerns(&self, node: &Node) -> bool {
        let marker = node.driver_internal_info.member(self.poll.marker);
        states(self.poll.of).contains(&node.provision_state)
            && marker.is_some_and(|marker| !marker.is_null())
    }

    async fn ask(&self, core: &Arc<Core>, id: NodeId) -> Result<bool, Fault> {
        if !self.concerns(&core.database.node(id).await?) {
            return Ok(false);
        }
        let place = core.workers.place(Lane::Background)?;
        let context = Arc::new(RequestContext::service());
        let node = NodeRef::Id(id);
        let task = core.exclusive(&context, &node, Patience::None).await?;
        if !self.concerns(task.node()) {
            task.release().await;
            return Ok(false);
        }
        start(place, task, Work::Poll(self.kind, self.poll));
        Ok(true)
    }
}
