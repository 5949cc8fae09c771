//! Power that is whatever was asked for last.

use std::time::Duration;

use drivers_interface::{Power, Task, async_trait};
use schemas_model::Fault;
use schemas_model::power::PowerState;

use crate::delay::pause;
use crate::fake_interface;

/// The `fake` power interface. The state is unknown until it is set once.
#[derive(Debug, Default)]
pub struct FakePower;

fake_interface!(FakePower, Power);

#[async_trait]
impl Power for FakePower {
    async fn power_state(&self, task: &mut dyn Task) -> Result<Option<PowerState>, Fault> {
        pause(&task.config().fake.power_delay).await;
        Ok(task.node().power_state)
    }

    async fn set_power_state(
        &self,
        task: &mut dyn Task,
        state: PowerState,
        _timeout: Option<Duration>,
    ) -> Result<(), Fault> {
        pause(&task.config().fake.power_delay).await;
        if matches!(state, PowerState::Error | PowerState::Reboot) {
            return Err(Fault::invalid_parameter(format!(
                "Fake power cannot be set to '{state}'."
            )));
        }
        task.node_mut().power_state = Some(state.settled());
        Ok(())
    }

    async fn reboot(&self, task: &mut dyn Task, _timeout: Option<Duration>) -> Result<(), Fault> {
        pause(&task.config().fake.power_delay).await;
        Ok(())
    }

    fn supported_power_states(&self, _task: &dyn Task) -> Vec<PowerState> {
        vec![
            PowerState::On,
            PowerState::Off,
            PowerState::Reboot,
            PowerState::SoftReboot,
            PowerState::SoftOff,
        ]
    }
}
