//! `cinder` without the Block Storage service.
//!
//! Nodes may name it, as Ironic enables it by default. A node without remote volumes loses nothing;
//! one with volumes is told that there is no Block Storage service to attach them.

use drivers_interface::{Interface, Storage, Task, async_trait};
use schemas_model::interface::InterfaceKind;
use schemas_model::{Class, Fault};

/// The `cinder` storage interface.
#[derive(Debug)]
pub(crate) struct CinderStorage;

fn refuse_volumes(task: &dyn Task) -> Result<(), Fault> {
    if task.volume_targets().is_empty() {
        return Ok(());
    }
    Err(Fault::new(
        Class::StorageError,
        format!(
            "Node {} has {} volume targets and the storage interface 'cinder', which needs the Block Storage service \
             (Cinder); this version does not speak to it.",
            task.node().uuid,
            task.volume_targets().len()
        ),
    ))
}

#[async_trait]
impl Interface for CinderStorage {
    fn name(&self) -> &'static str {
        "cinder"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Storage
    }
}

#[async_trait]
impl Storage for CinderStorage {
    async fn attach_volumes(&self, task: &mut dyn Task) -> Result<(), Fault> {
        refuse_volumes(task)
    }

    async fn detach_volumes(&self, task: &mut dyn Task) -> Result<(), Fault> {
        refuse_volumes(task)
    }

    fn should_write_image(&self, task: &dyn Task) -> bool {
        !task
            .volume_targets()
            .iter()
            .any(|target| target.boot_index == 0)
    }
}
