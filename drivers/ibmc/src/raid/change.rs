//! Changing the volumes of an iBMC: orders, and waiting for what it makes of them.

use std::time::Duration;

use drivers_redfish::NodeBmc;
use drivers_redfish_client::bmc::Answer;
use drivers_redfish_client::schema::service_root::ServiceRoot;
use drivers_redfish_client::schema::task::{Task, TaskState};
use drivers_redfish_client::{Document, Error, ErrorKind, ResourcePath};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::controller::{self, Controller, Disk};
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
    /// Asked afresh after each wait: the waits have limits of their own.
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
            let system = self.bmc.afresh().read_system().await?;
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
                    self.bmc.afresh().bmc.patch(document, set).await?;
                }
                Action::Create(planned) => {
                    self.create(&controllers[planned.controller], planned)
                        .await?;
                }
            }
        }
        Ok(())
    }

    /// Creates a volume and sees that it is there.
    async fn create(&self, controller: &Controller, planned: &Planned) -> Result<(), Error> {
        let path = &controller.volumes_path;
        let bmc = self.bmc.afresh().bmc;
        let before = bmc.members(path).await?;
        let answer = bmc.post(path, Some(order(planned))).await?;
        let made = self.finish(&format!("POST {path}"), &answer).await?;
        tokio::time::sleep(self.pauses.effect).await;
        let bmc = self.bmc.afresh().bmc;
        let made = match made {
            Some(volume) => Some(volume),
            None => {
                let mut now = bmc.members(path).await?.into_iter();
                now.find(|volume| !before.iter().any(|old| old.same_resource(volume)))
            }
        };
        let Some(volume) = made else {
            let what = "the volume that it has confirmed to be created";
            return Err(controller.document.missing(what));
        };
        let volume = bmc.get(&volume).await?;
        if !planned.bootable {
            return Ok(());
        }
        let boot = json!({"Oem": {"Huawei": {"BootEnable": true}}});
        bmc.patch(&volume, boot).await.map(drop)
    }

    /// Deletes all volumes and releases the hot spares.
    pub(super) async fn delete_all(&self) -> Result<(), Error> {
        self.ready().await?;
        let controllers = controller::all(&self.bmc.afresh()).await?;
        if let Some(other) = controllers.iter().find(|one| !one.manageable) {
            let what = format!("OOBSupport of controller {}", other.shown());
            return Err(other.document.missing(&what));
        }
        for controller in controllers {
            for volume in &controller.volumes {
                let path = volume.document.path();
                let answer = self.bmc.afresh().bmc.delete(path).await?;
                self.finish(&format!("DELETE {path}"), &answer).await?;
            }
            if !controller.volumes.is_empty() {
                tokio::time::sleep(self.pauses.effect).await;
                self.expect_no_volume(&controller).await?;
            }
            for disk in controller.disks.iter().filter(|disk| disk.is_hot_spare()) {
                self.release(disk).await?;
            }
        }
        Ok(())
    }

    async fn expect_no_volume(&self, controller: &Controller) -> Result<(), Error> {
        let left = self
            .bmc
            .afresh()
            .bmc
            .members(&controller.volumes_path)
            .await?;
        match left.first() {
            None => Ok(()),
            Some(volume) => {
                let what = format!("the effect of DELETE {volume}, which it has confirmed");
                Err(controller.document.missing(&what))
            }
        }
    }

    /// Makes an ordinary disk of a hot spare, unless it went with the volume it was for.
    async fn release(&self, disk: &Disk) -> Result<(), Error> {
        let bmc = self.bmc.afresh().bmc;
        let disk = Disk::of(bmc.refresh(&disk.document).await?)?;
        if disk.is_hot_spare() {
            let release = json!({"HotspareType": "None"});
            bmc.patch(&disk.document, release).await?;
        }
        Ok(())
    }

    /// Waits for the end of what an answer began. Returns what its messages say was made.
    async fn finish(&self, what: &str, answer: &Answer) -> Result<Option<ResourcePath>, Error> {
        let (path, mut task) = match self.begun(answer).await? {
            Some((path, task)) => (path, Some(task)),
            None => match answer.task() {
                Some(path) => (path, None),
                None => return Ok(answer.created()),
            },
        };
        let end = Instant::now() + self.pauses.task_at_most;
        loop {
            let task = match task.take() {
                Some(task) => task,
                None => Task::new(self.bmc.afresh().bmc.get(&path).await?),
            };
            match task.state()? {
                Some(TaskState::Completed) if task.succeeded()? => return made(&task),
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

    /// The task that an answer shows, and where it is read again: at its own path, or by its id
    /// below the task service.
    async fn begun(&self, answer: &Answer) -> Result<Option<(ResourcePath, Task)>, Error> {
        let shown = answer.document.as_ref();
        let Some(document) = shown.filter(|body| body.field("TaskState").is_present()) else {
            return Ok(None);
        };
        let path = match document.field("@odata.id").path()? {
            Some(path) => path,
            None => {
                let root = self.bmc.afresh().bmc.service_root().await?;
                let id = document.field("Id").scalar_text()?;
                let tasks = ServiceRoot::new(&root).require("Tasks")?;
                let path = id.and_then(|id| tasks.child("Tasks").ok()?.child(&id).ok());
                path.ok_or_else(|| document.missing("Id"))?
            }
        };
        Ok(Some((path, Task::new(document.clone()))))
    }
}

/// The path among the `MessageArgs`; `Messages` is an object here, not an array.
fn made(task: &Task) -> Result<Option<ResourcePath>, Error> {
    let document: &Document = task.document();
    let told = task.messages().into_iter().flat_map(|message| message.args);
    let Some(path) = told.into_iter().find(|path| path.starts_with('/')) else {
        return Ok(None);
    };
    ResourcePath::parse(&path)
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
