//! Boot preparation that prepares nothing.

use drivers_interface::{Boot, Interface, Task, async_trait};
use schemas_model::interface::InterfaceKind;
use schemas_model::{Fault, Object};

use crate::delay::pause;

/// The `fake` boot interface.
#[derive(Debug, Default)]
pub struct FakeBoot;

#[async_trait]
impl Interface for FakeBoot {
    fn name(&self) -> &'static str {
        "fake"
    }
    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Boot
    }
    fn capabilities(&self) -> &'static [&'static str] {
        &["ipxe_boot", "pxe_boot"]
    }
}

#[async_trait]
impl Boot for FakeBoot {
    async fn prepare_ramdisk(
        &self,
        task: &mut dyn Task,
        _parameters: &Object,
    ) -> Result<(), Fault> {
        pause(&task.config().fake.boot_delay).await;
        Ok(())
    }

    async fn clean_up_ramdisk(&self, task: &mut dyn Task) -> Result<(), Fault> {
        pause(&task.config().fake.boot_delay).await;
        Ok(())
    }

    async fn prepare_instance(&self, task: &mut dyn Task) -> Result<(), Fault> {
        pause(&task.config().fake.boot_delay).await;
        Ok(())
    }

    async fn clean_up_instance(&self, task: &mut dyn Task) -> Result<(), Fault> {
        pause(&task.config().fake.boot_delay).await;
        Ok(())
    }
}
