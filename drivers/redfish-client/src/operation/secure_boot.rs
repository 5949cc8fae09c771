//! Secure boot.

use serde_json::json;

use crate::{
    Bmc, Result,
    schema::{
        secure_boot::{RESET_KEYS, ResetKeys, SecureBoot},
        system::ComputerSystem,
    },
};

impl Bmc {
    /// The secure boot settings.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if the BMC has none.
    pub async fn secure_boot(&self, system: &ComputerSystem) -> Result<SecureBoot> {
        self.get(&system.require("SecureBoot")?)
            .await
            .map(SecureBoot::new)
    }

    /// Switches secure boot on or off, usually from the next boot on.
    pub async fn set_secure_boot(&self, secure_boot: &SecureBoot, enabled: bool) -> Result<()> {
        self.patch(secure_boot.document(), json!({"SecureBootEnable": enabled}))
            .await
            .map(drop)
    }

    /// Restores or deletes the keys.
    pub async fn reset_secure_boot_keys(
        &self,
        secure_boot: &SecureBoot,
        keys: ResetKeys,
    ) -> Result<()> {
        self.act(
            secure_boot.document(),
            RESET_KEYS,
            "ResetKeysType",
            keys.as_str(),
        )
        .await
        .map(drop)
    }
}
