//! Inspection that finds nothing.

use drivers_interface::{Inspect, Outcome, Task, async_trait};
use schemas_model::Fault;

use crate::delay::pause;
use crate::fake_interface;

/// The `fake` inspect interface.
#[derive(Debug, Default)]
pub struct FakeInspect;

fake_interface!(FakeInspect, Inspect);

#[async_trait]
impl Inspect for FakeInspect {
    async fn inspect_hardware(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        pause(&task.config().fake.inspect_delay).await;
        Ok(Outcome::Done)
    }
}
