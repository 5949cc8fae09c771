//! `SecureBoot` of a system.

use super::view;
use crate::{Result, wire_enum::wire_enum};

/// The action that changes the keys.
pub const RESET_KEYS: &str = "#SecureBoot.ResetKeys";

wire_enum! {
    /// `ResetKeysType`.
    ResetKeys {
        /// The manufacturer's keys.
        ToDefault = "ResetAllKeysToDefault",
        /// No keys.
        DeleteAll = "DeleteAllKeys",
        /// No platform key: setup mode.
        DeletePk = "DeletePK",
    }
}

view! {
    /// View of `SecureBoot`.
    SecureBoot
}

impl SecureBoot {
    /// `SecureBootEnable`: whether it holds from the next boot on.
    pub fn enabled(&self) -> Result<Option<bool>> {
        self.document().field("SecureBootEnable").boolean()
    }

    /// `SecureBootCurrentBoot`, `Enabled` or `Disabled`: whether it holds now.
    pub fn current_boot(&self) -> Result<Option<&str>> {
        self.document().field("SecureBootCurrentBoot").text()
    }

    /// `SecureBootMode`, for example `DeployedMode`.
    pub fn mode(&self) -> Result<Option<&str>> {
        self.document().field("SecureBootMode").text()
    }
}
