//! Reading and changing the boot override.

use crate::{
    Bmc, Document, Result,
    error::ErrorKind,
    quirks::Quirks,
    schema::{
        boot::{BadBootChange, BootChange, BootOverride},
        system::ComputerSystem,
    },
};

impl Bmc {
    /// The boot override, completed from the settings resource where the system itself is silent.
    pub async fn boot_override(&self, system: &ComputerSystem) -> Result<BootOverride> {
        let boot = system.boot()?;
        if boot.target.is_some() && boot.enabled.is_some() && boot.mode.is_some() {
            return Ok(boot);
        }
        match self.settings_of(system).await {
            Ok(Some(settings)) => Ok(boot.or(&BootOverride::of(&settings.field("Boot"))?)),
            // Settings that can't be read don't make the override unreadable.
            _ => Ok(boot),
        }
    }

    /// Makes the wanted change with as few requests as the BMC needs. What has to be sent instead of a
    /// target is known by the system's own manufacturer, too, whatever vendor the caller knows of.
    ///
    /// # Errors
    /// [`ErrorKind::NotAllowed`] if the BMC lists its targets without the wanted one,
    /// [`ErrorKind::Missing`] if it has no place for the boot URI.
    pub async fn set_boot(
        &self,
        system: &ComputerSystem,
        change: &BootChange,
        quirks: Quirks,
    ) -> Result<()> {
        let boot = system.boot()?;
        let of_maker = Quirks::of(system.manufacturer()?);
        let quirks = Quirks {
            instead: of_maker.instead.or(quirks.instead),
            ..quirks
        };
        let settings = self.settings_of(system).await?;
        let settings_boot = settings
            .as_ref()
            .map(|settings| BootOverride::of(&settings.field("Boot")))
            .transpose()?;
        let requests = change
            .requests(&boot, settings_boot.as_ref(), quirks)
            .map_err(|bad| {
                let kind = match bad {
                    BadBootChange::Target(target) => ErrorKind::NotAllowed {
                        parameter: "BootSourceOverrideTarget",
                        value: target.to_string(),
                        allowed: boot.allowed_targets.clone(),
                    },
                    BadBootChange::HttpBootUri => ErrorKind::Missing("Boot/HttpBootUri".to_owned()),
                };
                self.fail(format!("PATCH {}", system.document().path()), kind)
            })?;
        if let (Some(settings), Some(body)) = (&settings, requests.settings) {
            self.patch(settings, body).await?;
        }
        if let Some(body) = requests.system {
            self.patch(system.document(), body).await?;
        }
        Ok(())
    }

    async fn settings_of(&self, system: &ComputerSystem) -> Result<Option<Document>> {
        match system.settings()? {
            Some(path) => self.get(&path).await.map(Some),
            None => Ok(None),
        }
    }
}
