//! Restarting the BMC itself.

use crate::Operation;
use crate::command::bmc_reset::{ColdReset, WarmReset};
use crate::command::device_id::GetDeviceId;
use crate::error::{Error, Failure};

/// How the BMC restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResetKind {
    /// Keeping its settings.
    Warm,
    /// With default settings; it may not answer.
    Cold,
}

impl Operation {
    /// Restarts the BMC. The session is over afterwards.
    pub async fn reset_bmc(&mut self, kind: ResetKind) -> Result<(), Error> {
        // A kept session that the BMC has forgotten would swallow the reset without a word.
        self.run(&GetDeviceId).await?;
        let ended = match kind {
            ResetKind::Warm => self.run_once(&WarmReset).await,
            ResetKind::Cold => self.run_once(&ColdReset).await,
        };
        match ended {
            Ok(()) => {
                self.abandon();
                Ok(())
            }
            // A controller that restarts at once cannot answer any more.
            Err(Error {
                failure: Failure::Timeout { unanswered, .. },
                ..
            }) if kind == ResetKind::Cold && unanswered > 0 => {
                self.abandon();
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
