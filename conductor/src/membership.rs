//! Belonging to the cluster: registration, heartbeats, and what a restart means for nodes.

use std::sync::Arc;
use std::time::Duration;

use schemas_db::{Children, ConductorRegistration, DbError, NodeFilter, Page};
use schemas_model::interface::InterfaceKind;
use schemas_model::provision::{OnRestart, State};
use schemas_model::{Class, Conductor, ConductorInterface, Fault};
use schemas_rpc::{NodeRef, RequestContext};

use crate::core::Core;
use crate::flow::Work;
use crate::history::EventType;
use crate::periodic::fail_node;
use crate::provision::Move;
use crate::task::Patience;
use crate::workers::Lane;

/// How often a busy database is asked again before a start is given up, and how long is waited before.
const REGISTRATION_RETRIES: u32 = 30;
const REGISTRATION_PAUSE: Duration = Duration::from_secs(1);

/// Clears what an earlier life of this host left locked. Before registration, so that nobody takes
/// the leftovers for work going on.
///
/// # Errors
/// Those of the database.
pub async fn clear_leftovers(core: &Core) -> Result<(), Fault> {
    let database = &core.database;
    let powered = patiently(|| database.conductor_clear_target_power(&core.host)).await?;
    let unlocked = patiently(|| database.conductor_clear_reservations(&core.host)).await?;
    if !powered.is_empty() || !unlocked.is_empty() {
        tracing::warn!(
            nodes.unlocked = unlocked.len(),
            nodes.power_forgotten = powered.len(),
            "an earlier run of this conductor left nodes locked; they are free again"
        );
    }
    Ok(())
}

/// Registers this conductor and the interfaces it offers.
///
/// # Errors
/// `NoDriversLoaded`; those of the database.
pub async fn register(core: &Core) -> Result<(), Fault> {
    let hardware = core.registry.hardware_types();
    if hardware.is_empty() {
        return Err(Fault::new(
            Class::NoDriversLoaded,
            format!(
                "Conductor {} cannot be started because no hardware types were loaded: name some in \
                 [DEFAULT]enabled_hardware_types.",
                core.host
            ),
        ));
    }
    let registration = ConductorRegistration {
        hostname: core.host.to_string(),
        drivers: hardware
            .iter()
            .map(|hardware| hardware.name.to_owned())
            .collect(),
        conductor_group: core.config.conductor.conductor_group.clone(),
    };
    let conductor = patiently(|| enlist(core, &registration)).await?;
    let mut offered = Vec::new();
    for hardware in hardware {
        for kind in InterfaceKind::ALL {
            let default = core.registry.default_interface(hardware, *kind, None)?;
            for name in core.registry.enabled_interfaces(hardware, *kind) {
                offered.push(ConductorInterface {
                    conductor_id: conductor.id,
                    hardware_type: hardware.name.to_owned(),
                    kind: *kind,
                    name: name.to_owned(),
                    default: name == default,
                });
            }
        }
    }
    let (database, id) = (&core.database, conductor.id);
    patiently(|| database.conductor_interfaces_unregister(id)).await?;
    patiently(|| database.conductor_interfaces_register(id, &offered)).await?;
    // Set once: a second start makes a new core.
    let _ = core.id.set(conductor.id);
    core.rings.reset().await;
    Ok(())
}

/// Registers, also over what an earlier life of this host left behind.
async fn enlist(core: &Core, registration: &ConductorRegistration) -> Result<Conductor, DbError> {
    match core.database.conductor_register(registration, false).await {
        Err(DbError::ConductorRegistered { .. }) => {
            tracing::warn!(host = %core.host, "this conductor was registered already; its registration is taken over");
            core.database.conductor_register(registration, true).await
        }
        other => other,
    }
}

/// Asks a database that is busy again: where several conductors start at once, they stand in each
/// other's way for longer than a request may wait.
async fn patiently<T, F>(mut work: impl FnMut() -> F) -> Result<T, DbError>
where
    F: Future<Output = Result<T, DbError>>,
{
    for _ in 0..REGISTRATION_RETRIES {
        match work().await {
            Err(DbError::Busy { reason }) => {
                tracing::warn!(
                    reason,
                    "the database is busy; the registration is tried again"
                );
                tokio::time::sleep(REGISTRATION_PAUSE).await;
            }
            other => return other,
        }
    }
    work().await
}

/// Fails the nodes that were left in the middle of something nobody works on any more.
///
/// # Errors
/// Those of the database.
pub async fn fail_stuck(core: &Arc<Core>) -> Result<(), Fault> {
    let stuck: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| state.on_restart() == OnRestart::Fail)
        .collect();
    let filter = NodeFilter {
        reserved: Some(false),
        provision_state_in: Some(stuck),
        children: Children::Included,
        ..NodeFilter::default()
    };
    for node in core.own_nodes(&filter, &Page::all()).await? {
        let state = node.provision_state;
        let error = format!(
            "The {state} state can't be resumed by conductor {}. Moving to fail state.",
            core.host
        );
        fail_node(core, &node.uuid, &[state], &error).await;
    }
    Ok(())
}

/// Shows the cluster that this conductor lives, until `stop`. SQLite has no cluster to show it to.
pub async fn beat(core: Arc<Core>, stop: tokio_util::sync::CancellationToken) {
    if !core.database.backend().has_clock_rules() {
        return;
    }
    let pause = u64::try_from(core.config.conductor.heartbeat_interval)
        .unwrap_or(10)
        .max(1);
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(pause)) => {}
            () = stop.cancelled() => return,
        }
        let online = !core.stopping.is_cancelled();
        if let Err(error) = core.database.conductor_touch(&core.host, online).await {
            tracing::warn!(%error, "the conductor's heartbeat was not written");
        }
    }
}

/// Fails a node whose conductor died in the middle of something, and undoes what was prepared.
///
/// # Errors
/// `NoFreeConductorWorker`, `NodeLocked`; those of the database.
pub async fn fail_taken_over(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    node: &NodeRef,
    states: &[State],
) -> Result<(), Fault> {
    let mut task = core.exclusive(context, node, Patience::Usual).await?;
    if !states.contains(&task.node().provision_state) {
        task.release().await;
        return Ok(());
    }
    let place = match core.workers.place(Lane::Background) {
        Ok(place) => place,
        Err(fault) => return task.finish(Err(fault)).await,
    };
    let fail = Move::beginning(schemas_model::provision::Event::Fail);
    match task.apply(fail).await {
        Ok(()) => {
            crate::flow::work::start(place, task, Work::TakenOver);
            Ok(())
        }
        Err(fault) => task.finish(Err(fault)).await,
    }
}

/// Forgets a power change that another conductor did not finish.
///
/// # Errors
/// `NodeLocked`; those of the database.
pub async fn forget_power_change(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    node: &NodeRef,
) -> Result<(), Fault> {
    let mut hold = core.hold(context, node).await?;
    let mut forgotten = Ok(());
    if !hold.node().maintenance && hold.node().target_power_state.is_some() {
        hold.node_mut().target_power_state = None;
        let error = "Pending power operation was aborted due to conductor take over";
        hold.record_error(EventType::Takeover, error);
        forgotten = hold.save().await;
    }
    hold.release().await;
    forgotten
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy() -> DbError {
        DbError::Busy {
            reason: "a deadlock".to_owned(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_database_is_asked_again_but_not_for_ever() {
        let mut left = 3;
        let asked = patiently(|| {
            left -= 1;
            let answer = if left > 0 {
                Err(busy())
            } else {
                Ok("enlisted")
            };
            async { answer }
        });
        assert!(matches!(asked.await, Ok("enlisted")));
        let mut asked = 0;
        let refused = patiently(|| {
            asked += 1;
            async { Err::<(), _>(busy()) }
        });
        assert!(matches!(refused.await, Err(DbError::Busy { .. })));
        assert_eq!(asked, REGISTRATION_RETRIES + 1);
    }
}
