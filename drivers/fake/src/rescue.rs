//! A rescue that is over at once.

use drivers_interface::{Outcome, Rescue, Task, async_trait};
use schemas_model::Fault;

use crate::delay::pause;
use crate::fake_interface;

/// The `fake` rescue interface.
#[derive(Debug, Default)]
pub struct FakeRescue;

fake_interface!(FakeRescue, Rescue);

#[async_trait]
impl Rescue for FakeRescue {
    async fn rescue(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        pause(&task.config().fake.rescue_delay).await;
        Ok(Outcome::Done)
    }

    async fn unrescue(&self, task: &mut dyn Task) -> Result<Outcome, Fault> {
        pause(&task.config().fake.rescue_delay).await;
        Ok(Outcome::Done)
    }
}
