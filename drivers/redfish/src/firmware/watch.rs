//! Going on with a list of updates: one look at the current one, and what follows.
//!
//! Everything that is known between two looks is persisted with the node ([`super::update`]), so any
//! conductor can take the next look, also after a restart of itself or of the BMC.

use std::time::Duration;

use chrono::{DateTime, Utc};
use drivers_interface::{Polled, Task};
use schemas_model::power::PowerState;
use schemas_model::{Class, Fault};
use serde_json::Value;

use super::component::Component;
use super::decide::{self, Next, Version};
use super::update::{self, REBOOT_REQUESTED, STARTED, Update, VERSION_BEFORE};
use super::{moment, stability, staging, submit};
use crate::async_step::{self, Waiting};
use crate::bmc_task::{self, Seen};
use crate::connection::NodeBmc;

/// Begins the first update of a list and keeps the list; the caller saves.
pub(super) async fn begin(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    updates: &mut [Update],
) -> Result<(), Fault> {
    let Some(first) = updates.first_mut() else {
        return Ok(());
    };
    let component = first.component()?;
    update::forget_one(task);
    if component == Component::Bmc {
        match bmc_version(bmc).await {
            Some(version) => task
                .node_mut()
                .driver_internal_info
                .set(VERSION_BEFORE, version),
            None => {
                tracing::warn!(node.uuid = %bmc.node, "the version of the BMC before its update is not known");
            }
        }
    }
    if component == Component::Bios {
        first.bios_version_before = bios_version(bmc).await;
    }
    let delay = task.config().redfish.firmware_update_reboot_delay;
    let from = task.config().redfish.firmware_source;
    let url = staging::stage(task, &first.url, from, None).await?;
    first.power_timeout = Some(delay);
    let monitor = submit::simple_update(bmc, &url).await?;
    first.task_monitor = Some(monitor.as_str().to_owned());
    if component == Component::Bmc {
        let now = Utc::now();
        let wait = first.wait.unwrap_or(delay);
        first.begin_wait(wait, now);
        first.bmc_check_start_time = Some(moment::stamp(now));
        first.component_type = Some("bmc".to_owned());
    }
    update::store(task, updates);
    let kind = async_step::current_kind(task.node());
    let how = Waiting {
        reboot: component == Component::Bios,
        again: false,
        polled: true,
    };
    async_step::wait(task, kind, how);
    Ok(())
}

/// Takes one look.
///
/// # Errors
/// Why the update has failed; what was left of the list is discarded.
pub(super) async fn look(task: &mut dyn Task, bmc: &NodeBmc) -> Result<Polled, Fault> {
    let mut updates = update::load(task.node())?;
    if updates.is_empty() {
        return Ok(Polled::Silent);
    }
    let now = Utc::now();
    if let Some(fault) = overdue(task, bmc, now) {
        clear(task).await?;
        return Err(fault);
    }
    // A BMC that is being updated does not answer for a while.
    if let Err(error) = bmc.bmc.update_service().await {
        tracing::info!(node.uuid = %bmc.node, %error, "the BMC does not answer during its firmware update");
        return Ok(Polled::Silent);
    }
    let next = match follow(task, bmc, &mut updates, now).await {
        Ok(next) => next,
        Err(fault) => {
            clear(task).await?;
            return Err(fault);
        }
    };
    carry_out(task, bmc, updates, next, now).await
}

/// Whether the list has taken too long.
fn overdue(task: &dyn Task, bmc: &NodeBmc, now: DateTime<Utc>) -> Option<Fault> {
    let patience = task.config().redfish.firmware_update_overall_timeout;
    let started = task.node().driver_internal_info.text_member(STARTED)?;
    let gone = moment::seconds_since(started, now)?;
    (patience > 0 && gone >= patience).then(|| {
        Fault::new(
            Class::RedfishError,
            format!(
                "Firmware update on node {} has exceeded the overall timeout of {patience} seconds: it has taken {gone} s on BMC {}. Look at the BMC's log, or allow more time with [redfish]firmware_update_overall_timeout.",
                bmc.node,
                bmc.address()
            ),
        )
    })
}

/// Where the current update stands.
enum Stand {
    /// Nothing is to be done before the next look.
    Rest,
    /// Nothing is known.
    Silent,
    /// This follows.
    Then(Next),
    /// The wait the operator asked for is over, or the reboot after a BMC's update.
    GoOn,
}

async fn follow(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    updates: &mut [Update],
    now: DateTime<Utc>,
) -> Result<Stand, Fault> {
    let starting_wait = task.config().redfish.firmware_update_nic_starting_wait;
    let Some(current) = updates.first_mut() else {
        return Ok(Stand::Silent);
    };
    let component = current.component()?;
    if std::mem::take(&mut current.bmc_update_completed) {
        return Ok(Stand::GoOn);
    }
    if current.still_waits(now) {
        return Ok(Stand::Rest);
    }
    let waited = current.wait_start_time.is_some();
    if waited {
        current.end_wait();
        if std::mem::take(&mut current.bmc_version_checking) {
            return Ok(Stand::Then(Next::WatchVersion));
        }
        if current.component_type.as_deref() != Some("bmc") {
            return Ok(Stand::GoOn);
        }
    }
    let Some(monitor) = current.monitor() else {
        return Ok(Stand::Then(decide::gone(current, component)));
    };
    Ok(match bmc_task::look(bmc, &monitor).await {
        Seen::Running(state) => Stand::Then(decide::running(
            current,
            component,
            state,
            starting_wait,
            now,
        )),
        Seen::Succeeded => {
            let before = current.bios_version_before.clone();
            let same = component == Component::Bios
                && before.is_some()
                && before == bios_version(bmc).await;
            Stand::Then(decide::succeeded(current, component, same))
        }
        Seen::Failed(why) => {
            return Err(Fault::new(
                Class::RedfishError,
                format!(
                    "Firmware update failed for node {}, firmware {}, component {}. BMC {} says: {why}.",
                    bmc.node,
                    current.url,
                    current.component,
                    bmc.address()
                ),
            ));
        }
        // A BMC's own update ends with a restart that may take its tasks along.
        Seen::Gone | Seen::Nothing(_) if waited => Stand::Then(Next::WatchVersion),
        Seen::Gone => {
            tracing::warn!(node.uuid = %bmc.node, firmware = %current.url, "the BMC has forgotten the firmware update; it counts as done");
            Stand::Then(decide::gone(current, component))
        }
        Seen::Nothing(error) => {
            tracing::info!(node.uuid = %bmc.node, %error, "it is not known how the firmware update stands");
            Stand::Silent
        }
    })
}

async fn carry_out(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    mut updates: Vec<Update>,
    stand: Stand,
    now: DateTime<Utc>,
) -> Result<Polled, Fault> {
    let next = match stand {
        Stand::Rest => return Ok(Polled::Busy),
        Stand::Silent => return Ok(Polled::Silent),
        Stand::GoOn => return go_on(task, bmc, updates, now).await,
        Stand::Then(Next::WatchVersion) => watch_version(task, bmc, &mut updates, now).await?,
        Stand::Then(next) => next,
    };
    match next {
        Next::LookAgain | Next::WatchVersion => {
            update::store(task, &updates);
            task.save().await?;
            Ok(Polled::Busy)
        }
        Next::Reboot => {
            update::store(task, &updates);
            task.save().await?;
            reboot(task, updates.first()).await?;
            Ok(Polled::Busy)
        }
        Next::Over { reboot } => {
            if reboot {
                let info = &mut task.node_mut().driver_internal_info;
                info.set(REBOOT_REQUESTED, true);
            }
            go_on(task, bmc, updates, now).await
        }
    }
}

async fn reboot(task: &mut dyn Task, current: Option<&Update>) -> Result<(), Fault> {
    let timeout = current.and_then(|current| current.power_timeout);
    let timeout = timeout.filter(|seconds| *seconds > 0);
    tracing::info!(node.uuid = %task.node().uuid, "the machine is rebooted for its firmware update");
    task.power_action(PowerState::Reboot, timeout.map(Duration::from_secs))
        .await
}

/// Compares the version of the BMC with what it was.
async fn watch_version(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    updates: &mut [Update],
    now: DateTime<Utc>,
) -> Result<Next, Fault> {
    let more = updates.len() > 1;
    let config = &task.config().redfish;
    let (delay, interval) = (
        config.firmware_update_reboot_delay,
        config.firmware_update_bmc_version_check_interval,
    );
    let Some(current) = updates.first_mut() else {
        return Ok(Next::LookAgain);
    };
    let found = bmc_version(bmc).await;
    let info = &task.node().driver_internal_info;
    let before = info.text_member(VERSION_BEFORE);
    let gone = match &current.bmc_check_start_time {
        Some(start) => moment::seconds_since(start, now),
        None => None,
    };
    let patience = current.wait.unwrap_or(delay);
    let verdict = decide::version(before, found.as_deref(), gone, patience);
    current.end_wait();
    if verdict == Version::Unclear {
        current.begin_wait(interval, now);
        current.bmc_version_checking = true;
        return Ok(Next::LookAgain);
    }
    tracing::info!(node.uuid = %bmc.node, before, now = found, ?verdict, "the firmware update of the BMC is over");
    task.node_mut().driver_internal_info.unset(VERSION_BEFORE);
    Ok(match verdict {
        // Some machines take updates of adapters only after a reboot that follows the BMC's.
        Version::Changed if more => {
            current.bmc_update_completed = true;
            Next::Reboot
        }
        Version::Unknown => Next::Over { reboot: true },
        _ => Next::Over { reboot: false },
    })
}

async fn bios_version(bmc: &NodeBmc) -> Option<String> {
    let system = bmc.read_system().await.ok()?;
    system.bios_version().ok()?.map(str::to_owned)
}

async fn bmc_version(bmc: &NodeBmc) -> Option<String> {
    let read = async {
        let system = bmc.read_system().await?;
        let manager = bmc.bmc.manager(&system).await?;
        Ok::<_, drivers_redfish_client::Error>(manager.firmware_version()?.map(str::to_owned))
    };
    read.await.unwrap_or_else(|error| {
        tracing::debug!(node.uuid = %bmc.node, %error, "the version of the BMC can't be read now");
        None
    })
}

/// The current update is over: the wait that was asked for, then the next one, or the end.
async fn go_on(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    mut updates: Vec<Update>,
    now: DateTime<Utc>,
) -> Result<Polled, Fault> {
    if let Some(current) = updates.first_mut()
        && let Some(wait) = current.wait.filter(|wait| *wait > 0)
    {
        current.begin_wait(wait, now);
        // What is waited for now is not the BMC's version any more.
        current.component_type = None;
        update::store(task, &updates);
        task.save().await?;
        return Ok(Polled::Busy);
    }
    if updates.len() <= 1 {
        let requested = task.node().driver_internal_info.member(REBOOT_REQUESTED);
        let wants_reboot = requested.and_then(Value::as_bool).unwrap_or_default();
        clear(task).await?;
        if wants_reboot {
            reboot(task, updates.first()).await?;
        }
        stability::wait(task, bmc).await?;
        return Ok(Polled::Done);
    }
    updates.remove(0);
    let begun = async {
        stability::wait(task, bmc).await?;
        begin(task, &bmc.afresh(), &mut updates).await
    };
    if let Err(fault) = begun.await {
        clear(task).await?;
        return Err(fault);
    }
    task.save().await?;
    Ok(Polled::Busy)
}

/// Forgets the list and removes staged files.
pub(super) async fn clear(task: &mut dyn Task) -> Result<(), Fault> {
    staging::clean_up(task).await;
    let info = &mut task.node_mut().driver_internal_info;
    info.unset(update::UPDATES);
    info.unset(STARTED);
    update::forget_one(task);
    task.save().await
}
