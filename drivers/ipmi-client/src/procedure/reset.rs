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
    /// With default settings.
    Cold,
}

impl Operation {
    /// Restarts the BMC. The session is over afterwards.
    ///
    /// A controller that restarts at once cannot answer (IPMI 2.0 §20.2): silence right after an
    /// answer to another question means that it has begun. To take it for a failure would have
    /// callers restart the BMC again and again.
    pub async fn reset_bmc(&mut self, kind: ResetKind) -> Result<(), Error> {
        // A kept session that the BMC has forgotten would swallow the reset without a word.
        self.run(&GetDeviceId).await?;
        let ended = match kind {
            ResetKind::Warm => self.run_last(&WarmReset).await,
            ResetKind::Cold => self.run_last(&ColdReset).await,
        };
        match ended {
            Ok(()) => {
                self.abandon();
                Ok(())
            }
            Err(Error {
                failure: Failure::Timeout { unanswered, .. },
                ..
            }) if unanswered > 0 => {
                self.abandon();
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
