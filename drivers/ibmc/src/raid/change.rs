//! Changing the volumes of an iBMC: orders, and waiting for what it makes of them.

use std::time::Duration;

use drivers_redfish::NodeBmc;
use drivers_redfish_client::bmc::Answer;
use drivers_redfish_client::extended_info::Message;
use drivers_redfish_client::schema::task::{Task, TaskState};
use drivers_redfish_client::{Document, Error, ErrorKind, ResourcePath};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::controller::{self, Controller};
use super::plan::{Action, Planned};
use crate::oem;

/// How long to wait for an iBMC, and how often to look.
#[derive(Debug, Clone, Copy)]
pub struct Pauses {
    /// Between looks whether the storage is ready.
    pub ready: Duration,
    /// Longest wait for that.
    pub ready_at_most: Duration,
    /// Between looks at a task.
    pub task: Duration,
    /// Longest task.
    pub task_at_most: Duration,
    /// Until a finished task shows in the resources.
    pub effect: Duration,
}

impl Default for Pauses {
    /// python-ibmcclient 0.2.5.1; the longest waits are ours.
    fn default() -> Self {
        Pauses {
            ready: Duration::from_secs(30),
            ready_at_most: Duration::from_secs(1800),
            task: Duration::from_secs(3),
            task_at_most: Duration::from_secs(1800),
            effect: Duration::from_secs(20),
        }
    }
}

/// Changes of one iBMC.
pub(super) struct Change<'a> {
    pub(super) bmc: &'a NodeBmc,
    pub(super) pauses: Pauses,
}

impl Change<'_> {
    fn fail(&self, what: &str, kind: ErrorKind) -> Error {
        Error::new(self.bmc.bmc.name(), what, kind)
    }

    /// Waits until the storage can be configured; an iBMC that does not say is ready.
    pub(super) async fn ready(&self) -> Result<(), Error> {
        let end = Instant::now() + self.pauses.ready_at_most;
        loop {
            let system = self.bmc.read_system().await?;
            let ready = oem::of(system.document())
                .field("StorageConfigReady")
                .integer()?;
            if ready.is_none_or(|ready| ready == 1) {
                return Ok(());
            }
            if Instant::now() >= end {
                let kind = ErrorKind::Timeout(self.pauses.ready_at_most);
                return Err(self.fail("waiting for the storage to be ready", kind));
            }
            tokio::time::sleep(self.pauses.ready).await;
        }
    }

    /// Carries out a plan.
    pub(super) async fn carry_out(
        &self,
        controllers: &[Controller],
        actions: &[Action],
    ) -> Result<(), Error> {
        for action in actions {
            match action {
                Action::Jbod { controller } => {
                    let set =
                        json!({"StorageControllers": [{"Oem": {"Huawei": {"JBODState": true}}}]});
                    let document = &controllers[*controller].document;
                    self.bmc.bmc.patch(document, set).await?;
                }
                Action::Create(planned) => {
                    self.create(&controllers[planned.controller], planned)
                        .await?;
                    tokio::time::sleep(self.pauses.effect).await;
                }
            }
        }
        Ok(())
    }

    async fn create(&self, controller: &Controller, planned: &Planned) -> Result<(), Error> {
        let path = &controller.volumes_path;
        let answer = self.bmc.bmc.post(path, Some(order(planned))).await?;
        let made = self.finish(&format!("POST {path}"), &answer).await?;
        if !planned.bootable {
            return Ok(());
        }
        let Some(volume) = made else {
            return Err(controller
                .document
                .missing("the path of the volume that was created"));
        };
        let volume = self.bmc.bmc.get(&volume).await?;
        let boot = json!({"Oem": {"Huawei": {"BootEnable": true}}});
        self.bmc.bmc.patch(&volume, boot).await.map(drop)
    }

    /// Deletes all volumes and releases the hot spares.
    pub(super) async fn delete_all(&self) -> Result<(), Error> {
        self.ready().await?;
        for controller in controller::all(self.bmc).await? {
            if !controller.manageable {
                let what = format!("OOBSupport of controller {}", controller.shown());
                return Err(controller.document.missing(&what));
            }
            for volume in &controller.volumes {
                let path = volume.document.path();
                let answer = self.bmc.bmc.delete(path).await?;
                self.finish(&format!("DELETE {path}"), &answer).await?;
            }
            if !controller.volumes.is_empty() {
                tokio::time::sleep(self.pauses.effect).await;
            }
            for disk in controller.disks.iter().filter(|disk| disk.is_hot_spare()) {
                let release = json!({"HotspareType": "None"});
                self.bmc.bmc.patch(&disk.document, release).await?;
            }
        }
        Ok(())
    }

    /// Waits for the end of what an answer began. Returns what its messages say was made.
    async fn finish(&self, what: &str, answer: &Answer) -> Result<Option<ResourcePath>, Error> {
        let Some(path) = answer.task() else {
            return Ok(answer.created());
        };
        let end = Instant::now() + self.pauses.task_at_most;
        loop {
            let task = Task::new(self.bmc.bmc.get(&path).await?);
            match task.state()? {
                Some(TaskState::Completed) => return made(&task),
                Some(state) if state.is_final() || state == TaskState::Interrupted => {
                    let kind = ErrorKind::Task {
                        state: state.to_string(),
                        messages: task.explanation(),
                    };
                    return Err(self.fail(what, kind));
                }
                _ if Instant::now() >= end => {
                    return Err(self.fail(what, ErrorKind::Timeout(self.pauses.task_at_most)));
                }
                _ => tokio::time::sleep(self.pauses.task).await,
            }
        }
    }
}

/// `MessageArgs[0]` of the first message; `Messages` is an object here, not an array.
fn made(task: &Task) -> Result<Option<ResourcePath>, Error> {
    let first = task.messages().into_iter().next().unwrap_or_default();
    let Message { args, .. } = first;
    let document: &Document = task.document();
    let Some(path) = args.first().filter(|path| path.starts_with('/')) else {
        return Ok(None);
    };
    ResourcePath::parse(path)
        .map(Some)
        .map_err(|_| document.missing("a usable path in Messages"))
}

/// The body that creates a volume.
fn order(planned: &Planned) -> Value {
    let mut own = Map::new();
    if let Some(name) = &planned.name {
        own.insert("VolumeName".to_owned(), json!(name));
    }
    if let Some(level) = planned.level {
        own.insert("VolumeRaidLevel".to_owned(), json!(level.oem));
    }
    own.insert("Drives".to_owned(), json!(planned.drives));
    if let Some(span) = planned.span.filter(|span| *span > 1) {
        own.insert("SpanNumber".to_owned(), json!(span));
    }
    let mut body = json!({"Oem": {"Huawei": own}});
    if let Some(bytes) = planned.bytes {
        body["CapacityBytes"] = json!(bytes);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::super::level::Level;
    use super::*;

    #[test]
    fn orders_hold_only_what_is_known() {
        let mut planned = Planned {
            controller: 0,
            name: Some("os".to_owned()),
            level: Level::named("1+0"),
            drives: vec![1, 2, 3, 4],
            bytes: Some(1 << 30),
            span: Some(2),
            bootable: true,
        };
        assert_eq!(
            order(&planned),
            json!({"CapacityBytes": 1_073_741_824, "Oem": {"Huawei": {
                "VolumeName": "os", "VolumeRaidLevel": "RAID10", "Drives": [1, 2, 3, 4], "SpanNumber": 2}}})
        );
        planned.name = None;
        planned.level = None;
        planned.bytes = None;
        planned.span = Some(1);
        planned.drives = vec![1];
        assert_eq!(order(&planned), json!({"Oem": {"Huawei": {"Drives": [1]}}}));
    }
}
