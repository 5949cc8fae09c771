//! The older way to update firmware: the management step `update_firmware`, which knows files and no
//! components. Kept with the node in Ironic 39.0.0's shape (`driver_internal_info/firmware_updates`).

use chrono::Utc;
use drivers_interface::{Outcome, Polled, Task, parse_args};
use drivers_redfish_client::ResourcePath;
use schemas_config::section::deploy::ServedFrom;
use schemas_model::power::PowerState;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Node};
use serde_json::{Map, Value, json};

use crate::async_step::{self, Waiting};
use crate::bmc_task::{self, Seen};
use crate::connection::NodeBmc;
use crate::firmware::{moment, staging, submit};

/// Key of the list; its presence is what the poll looks for.
pub(super) const UPDATES: &str = "firmware_updates";
/// Most files of one step.
const MAX_IMAGES: usize = 64;

#[derive(serde::Deserialize)]
struct Arguments {
    firmware_images: Vec<Image>,
}

/// Where BMCs fetch a file from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Source {
    Http,
    Local,
    Swift,
}

impl From<Source> for ServedFrom {
    fn from(source: Source) -> Self {
        match source {
            Source::Http => ServedFrom::Http,
            Source::Local => ServedFrom::Local,
            Source::Swift => ServedFrom::Swift,
        }
    }
}

/// One file: what was asked for, and how far it has come.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
struct Image {
    url: String,
    checksum: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wait: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    task_monitor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wait_start_time: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

fn images(step: &Step) -> Result<Vec<Image>, Fault> {
    let Arguments { firmware_images } = parse_args(step)?;
    let invalid = |why: &str| Fault::invalid_parameter(format!("Invalid firmware update: {why}."));
    if firmware_images.is_empty() || firmware_images.len() > MAX_IMAGES {
        return Err(invalid("firmware_images must have 1 to 64 files"));
    }
    for image in &firmware_images {
        if image.url.is_empty() || image.checksum.is_empty() {
            return Err(invalid("url and checksum must not be empty"));
        }
        if image.wait == Some(0) {
            return Err(invalid("wait must be at least 1 second"));
        }
        if let Some(unknown) = image.rest.keys().next() {
            return Err(invalid(&format!("'{unknown}' is not known")));
        }
    }
    Ok(firmware_images)
}

fn load(node: &Node) -> Result<Vec<Image>, Fault> {
    let Some(list) = node.driver_internal_info.member(UPDATES) else {
        return Ok(Vec::new());
    };
    serde_json::from_value(list.clone()).map_err(|why| {
        let error = format!(
            "Node {}: driver_internal_info/{UPDATES} can't be read: {why}.",
            node.uuid
        );
        Fault::new(Class::RedfishError, error)
    })
}

fn store(task: &mut dyn Task, images: &[Image]) {
    task.node_mut()
        .driver_internal_info
        .set(UPDATES, json!(images));
}

/// The step.
pub(super) async fn run(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    kind: StepKind,
    step: &Step,
) -> Result<Outcome, Fault> {
    let mut images = images(step)?;
    tracing::warn!(node.uuid = %bmc.node, "the step update_firmware of the management interface is deprecated; use the step update of the firmware interface");
    if let Err(fault) = begin(task, bmc, &mut images).await {
        clear(task).await?;
        return Err(fault);
    }
    let how = Waiting {
        reboot: true,
        again: false,
        polled: true,
    };
    async_step::wait(task, kind, how);
    async_step::reboot(task, kind, "the BMC updates the firmware").await
}

/// Begins the first update of a list and keeps the list; the caller saves.
async fn begin(task: &mut dyn Task, bmc: &NodeBmc, images: &mut [Image]) -> Result<(), Fault> {
    let Some(first) = images.first_mut() else {
        return Ok(());
    };
    let configured = task.config().redfish.firmware_source;
    let from = first.source.map_or(configured, ServedFrom::from);
    let url = staging::stage(task, &first.url, from, Some(&first.checksum)).await?;
    let monitor = submit::simple_update(bmc, &url).await?;
    first.task_monitor = Some(monitor.as_str().to_owned());
    store(task, images);
    Ok(())
}

/// Takes one look.
///
/// # Errors
/// Why the update has failed; what was left of the list is discarded.
pub(super) async fn look(task: &mut dyn Task, bmc: &NodeBmc) -> Result<Polled, Fault> {
    let mut images = load(task.node())?;
    let Some(current) = images.first_mut() else {
        return Ok(Polled::Silent);
    };
    if let (Some(start), Some(wait)) = (&current.wait_start_time, current.wait) {
        let gone = moment::seconds_since(start, Utc::now());
        if gone.is_some_and(|gone| gone < wait) {
            return Ok(Polled::Busy);
        }
        (current.wait, current.wait_start_time) = (None, None);
        return go_on(task, bmc, images).await;
    }
    let monitor = current.task_monitor.as_deref();
    let Some(monitor) = monitor.and_then(|text| ResourcePath::parse(text).ok()) else {
        return go_on(task, bmc, images).await;
    };
    match bmc_task::look(bmc, &monitor).await {
        Seen::Running(_) => Ok(Polled::Busy),
        Seen::Succeeded => go_on(task, bmc, images).await,
        Seen::Gone => {
            tracing::warn!(node.uuid = %bmc.node, firmware = %current.url, "the BMC has forgotten the firmware update; it counts as done");
            go_on(task, bmc, images).await
        }
        Seen::Nothing(error) => {
            tracing::info!(node.uuid = %bmc.node, %error, "it is not known how the firmware update stands");
            Ok(Polled::Silent)
        }
        Seen::Failed(why) => {
            let error = format!(
                "Firmware update failed for node {}, firmware {}. BMC {} says: {why}.",
                bmc.node,
                current.url,
                bmc.address()
            );
            clear(task).await?;
            Err(Fault::new(Class::RedfishError, error))
        }
    }
}

/// The current update is over: the wait that was asked for, then the next one, or the end.
async fn go_on(
    task: &mut dyn Task,
    bmc: &NodeBmc,
    mut images: Vec<Image>,
) -> Result<Polled, Fault> {
    if let Some(current) = images.first_mut().filter(|current| current.wait.is_some()) {
        current.wait_start_time = Some(moment::stamp(Utc::now()));
        store(task, &images);
        task.save().await?;
        return Ok(Polled::Busy);
    }
    if images.len() <= 1 {
        clear(task).await?;
        return Ok(Polled::Done);
    }
    images.remove(0);
    if let Err(fault) = begin(task, bmc, &mut images).await {
        clear(task).await?;
        return Err(fault);
    }
    task.save().await?;
    task.power_action(PowerState::Reboot, None).await?;
    Ok(Polled::Busy)
}

/// Forgets the list and removes staged files.
pub(super) async fn clear(task: &mut dyn Task) -> Result<(), Fault> {
    staging::clean_up(task).await;
    task.node_mut().driver_internal_info.unset(UPDATES);
    task.save().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(images: Value) -> Result<Vec<Image>, Fault> {
        let step = json!({"interface": "management", "step": "update_firmware", "args": {"firmware_images": images}});
        super::images(&serde_json::from_value(step).unwrap())
    }

    #[test]
    fn good_and_bad_arguments() {
        let good = json!([{"url": "http://x/a", "checksum": "0", "wait": 5, "source": "local"}]);
        assert_eq!(parsed(good).unwrap().len(), 1);
        for bad in [
            json!([]),
            json!([{"url": "http://x/a"}]),
            json!([{"url": "", "checksum": "0"}]),
            json!([{"url": "http://x/a", "checksum": "0", "wait": 0}]),
            json!([{"url": "http://x/a", "checksum": "0", "source": "ftp"}]),
            json!([{"url": "http://x/a", "checksum": "0", "more": 1}]),
        ] {
            assert!(parsed(bad.clone()).is_err(), "{bad}");
        }
    }
}
