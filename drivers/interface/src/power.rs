//! On and off.

use std::time::Duration;

use async_trait::async_trait;
use schemas_model::Fault;
use schemas_model::power::PowerState;

use crate::{Interface, Task};

/// Power control.
#[async_trait]
pub trait Power: Interface {
    /// Reads the power state from the machine: on, off, error, or nothing when it is not known.
    ///
    /// # Errors
    /// When the BMC cannot be asked; names the BMC and what was tried.
    async fn power_state(&self, task: &mut dyn Task) -> Result<Option<PowerState>, Fault>;

    /// Brings the machine into a state and waits until it is there, at most `timeout`
    /// (the interface's own default when absent).
    ///
    /// # Errors
    /// `PowerStateFailure` when it does not get there, or the BMC's refusal.
    async fn set_power_state(
        &self,
        task: &mut dyn Task,
        state: PowerState,
        timeout: Option<Duration>,
    ) -> Result<(), Fault>;

    /// Off (if on) and on again.
    ///
    /// # Errors
    /// As [`Power::set_power_state`].
    async fn reboot(&self, task: &mut dyn Task, timeout: Option<Duration>) -> Result<(), Fault>;

    /// What may be asked of this machine.
    fn supported_power_states(&self, task: &dyn Task) -> Vec<PowerState> {
        let _ = task;
        vec![PowerState::On, PowerState::Off, PowerState::Reboot]
    }

    /// Whether the periodic power synchronisation makes sense for this machine.
    fn supports_power_sync(&self, task: &dyn Task) -> bool {
        let _ = task;
        true
    }
}
