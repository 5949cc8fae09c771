//! Changing the power state without doing it twice.

use crate::Operation;
use crate::command::chassis::{ChassisAction, ChassisControl};
use crate::command::device_id::GetDeviceId;
use crate::error::Error;

impl Operation {
    /// Chassis Control. What does harm when it is done twice is sent in one session only, after a
    /// question that finds out whether the BMC still knows it.
    pub async fn chassis_control(&mut self, action: ChassisAction) -> Result<(), Error> {
        match action {
            ChassisAction::PowerDown | ChassisAction::PowerUp => {
                self.run(&ChassisControl(action)).await
            }
            ChassisAction::PowerCycle
            | ChassisAction::HardReset
            | ChassisAction::DiagnosticInterrupt
            | ChassisAction::SoftShutdown => {
                self.run(&GetDeviceId).await?;
                self.run_once(&ChassisControl(action)).await
            }
        }
    }
}
