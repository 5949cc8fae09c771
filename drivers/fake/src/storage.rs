//! Remote volumes that are nowhere.

use drivers_interface::{Storage, Task, async_trait};
use schemas_model::Fault;

use crate::delay::pause;
use crate::fake_interface;

/// The `fake` storage interface.
#[derive(Debug, Default)]
pub struct FakeStorage;

fake_interface!(FakeStorage, Storage);

#[async_trait]
impl Storage for FakeStorage {
    async fn attach_volumes(&self, task: &mut dyn Task) -> Result<(), Fault> {
        pause(&task.config().fake.storage_delay).await;
        Ok(())
    }

    async fn detach_volumes(&self, task: &mut dyn Task) -> Result<(), Fault> {
        pause(&task.config().fake.storage_delay).await;
        Ok(())
    }
}
