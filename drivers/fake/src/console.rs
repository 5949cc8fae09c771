//! A console nobody can see.

use drivers_interface::{Console, ConsoleInfo, Task, async_trait};
use schemas_model::Fault;

use crate::fake_interface;

/// The `fake` console interface.
#[derive(Debug, Default)]
pub struct FakeConsole;

fake_interface!(FakeConsole, Console);

#[async_trait]
impl Console for FakeConsole {
    async fn start(&self, _task: &mut dyn Task) -> Result<(), Fault> {
        Ok(())
    }

    async fn stop(&self, _task: &mut dyn Task) -> Result<(), Fault> {
        Ok(())
    }

    async fn info(&self, _task: &mut dyn Task) -> Result<Option<ConsoleInfo>, Fault> {
        Ok(None)
    }
}
