//! Waits that take too long: one row a wait.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemas_config::Config;
use schemas_db::{Children, NodeFilter, Page};
use schemas_model::provision::{Event, State};
use schemas_model::{Class, Fault};
use schemas_rpc::{NodeRef, RequestContext};

use super::{Done, PeriodicTask, seconds, workers};
use crate::core::Core;
use crate::flow::Work;
use crate::flow::timeout::Wait;
use crate::flow::work::start;
use crate::provision::Move;
use crate::task::Patience;
use crate::workers::Lane;

/// A row: a waiting state, and where its patience is configured.
#[derive(Clone, Copy)]
pub struct Timeout {
    name: &'static str,
    state: State,
    wait: Wait,
    /// Whether the node keeps its target (manual cleaning stays manual).
    keeps_target: bool,
    patience: fn(&Config) -> u64,
    interval: fn(&Config) -> u64,
}

/// THE list.
pub const TIMEOUTS: &[Timeout] = &[
    Timeout {
        name: "deploy timeouts",
        state: State::DeployWait,
        wait: Wait::Deploy,
        keeps_target: false,
        patience: |config| config.conductor.deploy_callback_timeout,
        interval: |config| config.conductor.check_provision_state_interval,
    },
    Timeout {
        name: "clean timeouts",
        state: State::CleanWait,
        wait: Wait::Clean,
        keeps_target: true,
        patience: |config| config.conductor.clean_callback_timeout,
        interval: |config| config.conductor.check_provision_state_interval,
    },
    Timeout {
        name: "service timeouts",
        state: State::ServiceWait,
        wait: Wait::Service,
        keeps_target: false,
        patience: |config| config.conductor.service_callback_timeout,
        interval: |config| config.conductor.check_provision_state_interval,
    },
    Timeout {
        name: "rescue timeouts",
        state: State::RescueWait,
        wait: Wait::Rescue,
        keeps_target: true,
        patience: |config| config.conductor.rescue_callback_timeout,
        interval: |config| config.conductor.check_rescue_state_interval,
    },
    Timeout {
        name: "inspection timeouts",
        state: State::InspectWait,
        wait: Wait::Inspect,
        keeps_target: false,
        patience: |config| config.conductor.inspect_wait_timeout,
        interval: |config| config.conductor.check_provision_state_interval,
    },
];

#[async_trait]
impl PeriodicTask for Timeout {
    fn name(&self) -> &'static str {
        self.name
    }

    fn interval(&self, config: &Config) -> Option<Duration> {
        seconds((self.patience)(config)).and(seconds((self.interval)(config)))
    }

    async fn run(&self, core: &Arc<Core>) -> Result<Done, Fault> {
        let patience = Duration::from_secs((self.patience)(&core.config));
        let inspection = self.wait == Wait::Inspect;
        let filter = NodeFilter {
            reserved: Some(false),
            maintenance: Some(false),
            provision_state: Some(self.state),
            provisioned_before: (!inspection).then_some(patience),
            inspection_started_before: inspection.then_some(patience),
            children: Children::Included,
            ..NodeFilter::default()
        };
        let page = Page {
            sort_key: Some(
                if inspection {
                    "inspection_started_at"
                } else {
                    "provision_updated_at"
                }
                .to_owned(),
            ),
            ..Page::default()
        };
        let nodes = core.own_nodes(&filter, &page).await?;
        let mut done = Done {
            examined: nodes.len(),
            acted: 0,
        };
        let context = Arc::new(RequestContext::service());
        for node in nodes {
            match self.fail(core, &context, &NodeRef::Id(node.id)).await {
                Ok(true) => done.acted += 1,
                Ok(false) => {}
                Err(fault) if fault.is_a(Class::NoFreeConductorWorker) => break,
                Err(fault) => {
                    tracing::warn!(node.uuid = %node.uuid, error = %fault, "a node that waited too long is not failed yet");
                }
            }
            if done.acted >= workers(core) {
                break;
            }
        }
        Ok(done)
    }
}

impl Timeout {
    async fn fail(
        &self,
        core: &Arc<Core>,
        context: &Arc<RequestContext>,
        node: &NodeRef,
    ) -> Result<bool, Fault> {
        let mut task = core.exclusive(context, node, Patience::None).await?;
        if task.node().provision_state != self.state || task.node().maintenance {
            task.release().await;
            return Ok(false);
        }
        let place = match core.workers.place(Lane::Background) {
            Ok(place) => place,
            Err(fault) => return task.finish(Err(fault)).await,
        };
        let target = task
            .node()
            .target_provision_state
            .filter(|_| self.keeps_target);
        match task
            .apply(Move::beginning(Event::Fail).towards(target))
            .await
        {
            Ok(()) => {
                // Whoever sees the failure sees why: the node is released only after the work.
                start(place, task, Work::TimedOut(self.wait));
                Ok(true)
            }
            Err(fault) => task.finish(Err(fault)).await,
        }
    }
}
