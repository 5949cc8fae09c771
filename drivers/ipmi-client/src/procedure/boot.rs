//! Setting the boot flags as a careful console does (IPMI 2.0 §28.12–28.13).

use std::time::Duration;

use tokio::time::sleep;

use crate::Operation;
use crate::command::Command;
use crate::command::boot_options::{
    BootFlags, BootParameter, GetBootFlags, KEEP_AFTER_TIMEOUT, SetBootOptions,
};
use crate::error::{Error, Failure};

/// "Set in progress" values.
const COMPLETE: u8 = 0;
const IN_PROGRESS: u8 = 1;
/// Time given to a BMC that does not tell what it was just told.
const SETTLING: Duration = Duration::from_millis(500);

impl Operation {
    /// Tells the BMC to keep the boot flags although the machine is not started within 60 seconds.
    /// Some BMCs do not have the parameter; that is for the caller to judge.
    pub async fn keep_boot_flags(&mut self) -> Result<(), Error> {
        self.run(&SetBootOptions(BootParameter::KeepFlagsOn(
            KEEP_AFTER_TIMEOUT,
        )))
        .await
    }

    /// Writes the boot flags alone, in one command.
    pub async fn write_boot_flags(&mut self, flags: BootFlags) -> Result<(), Error> {
        self.run(&SetBootOptions(BootParameter::Flags(flags))).await
    }

    /// Writes the boot flags as one change: announces it, acknowledges the boot info for the BIOS,
    /// writes, and ends the change, also when writing failed. BMCs without the first two
    /// parameters are served as well.
    pub async fn set_boot_flags(&mut self, flags: BootFlags) -> Result<(), Error> {
        let announced = self
            .optional(BootParameter::SetInProgress(IN_PROGRESS))
            .await?;
        self.optional(BootParameter::InfoAcknowledge(0x01, 0x01))
            .await?;
        let written = self.write_boot_flags(flags).await;
        if announced {
            self.optional(BootParameter::SetInProgress(COMPLETE))
                .await?;
        }
        written
    }

    /// The boot flags.
    pub async fn boot_flags(&mut self) -> Result<BootFlags, Error> {
        self.run(&GetBootFlags).await
    }

    /// Reads back whether the BMC keeps the boot device of `flags`, and whether it kept the rest.
    /// Some need a moment; some cannot tell, which is no reason to fail.
    ///
    /// # Errors
    /// [`Failure::NotKept`] if it keeps another device.
    pub async fn verify_boot_flags(&mut self, flags: BootFlags) -> Result<bool, Error> {
        let mut told = self.told_boot_flags().await?;
        if told.is_some_and(|told| told.device != flags.device) {
            sleep(SETTLING).await;
            told = self.told_boot_flags().await?;
        }
        match told {
            Some(told) if told.device != flags.device => {
                let failure = Failure::NotKept {
                    what: "boot device",
                    found: format!(
                        "it says device {:#x} instead of {:#x}",
                        told.device.code(),
                        flags.device.code()
                    ),
                };
                Err(self.error(GetBootFlags::NAME, failure))
            }
            Some(told) => Ok((told.efi, told.persistent) == (flags.efi, flags.persistent)),
            None => Ok(true),
        }
    }

    async fn told_boot_flags(&mut self) -> Result<Option<BootFlags>, Error> {
        match self.boot_flags().await {
            Ok(flags) => Ok(Some(flags)),
            Err(Error {
                failure: Failure::Completion { .. } | Failure::Malformed(_),
                ..
            }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sets a parameter that a BMC may lack; says whether it took it.
    async fn optional(&mut self, parameter: BootParameter) -> Result<bool, Error> {
        match self.run(&SetBootOptions(parameter)).await {
            Ok(()) => Ok(true),
            Err(Error {
                failure: Failure::Completion { code, .. },
                ..
            }) if !code.is_transient() => Ok(false),
            Err(error) => Err(error),
        }
    }
}
