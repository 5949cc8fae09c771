//! BIOS settings.

use serde_json::{Map, Value};

use crate::{
    Bmc, ResourcePath, Result,
    bmc::Answer,
    schema::{
        action::Action,
        bios::{Attribute, Bios, RESET, change, registry_attributes},
        service_root::ServiceRoot,
        system::ComputerSystem,
    },
};

impl Bmc {
    /// The BIOS settings in force.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if the BMC has none.
    pub async fn bios(&self, system: &ComputerSystem) -> Result<Bios> {
        self.get(&system.require("Bios")?).await.map(Bios::new)
    }

    /// The settings that wait for the next boot; empty if none do.
    pub async fn pending_bios_attributes(&self, bios: &Bios) -> Result<Map<String, Value>> {
        let settings = self.get(&bios.settings()?).await?;
        Bios::new(settings).attributes()
    }

    /// Asks for other values, which take effect with the next boot.
    pub async fn set_bios_attributes(
        &self,
        bios: &Bios,
        attributes: &Map<String, Value>,
    ) -> Result<Answer> {
        let settings = self.get(&bios.settings()?).await?;
        self.patch(&settings, change(attributes, &bios.apply_times()?))
            .await
    }

    /// Asks for the factory's settings, with the next boot.
    pub async fn reset_bios(&self, bios: &Bios) -> Result<Answer> {
        let action = Action::require(bios.document(), RESET)?;
        // Some BMCs want no body, some an empty object.
        match self.post(&action.target, None).await {
            Err(error) if matches!(error.status(), Some(400 | 415)) => {
                self.post(&action.target, Some(Value::Object(Map::new())))
                    .await
            }
            answer => answer,
        }
    }

    /// What the registry says about the attributes, for `language` (two letters); empty if the BMC
    /// has no registry for them.
    pub async fn bios_registry(&self, bios: &Bios, language: &str) -> Result<Vec<Attribute>> {
        let Some(wanted) = bios.attribute_registry()? else {
            return Ok(Vec::new());
        };
        let root = self.service_root().await?;
        let Some(registries) = ServiceRoot::new(&root).link("Registries")? else {
            return Ok(Vec::new());
        };
        for path in self.members(&registries).await? {
            // The names agree only roughly: with and without version, with and without file suffix.
            if !path.last_segment().to_lowercase().contains("bios")
                && !path.last_segment().contains(wanted)
            {
                continue;
            }
            let file = self.get(&path).await?;
            if let Some(location) = registry_location(&file, language)? {
                let registry = self.get(&location).await?;
                if registry.id()?.starts_with(wanted)
                    || file
                        .field("Registry")
                        .text()?
                        .is_some_and(|name| wanted.starts_with(name) || name.starts_with(wanted))
                {
                    return registry_attributes(&registry);
                }
            }
        }
        Ok(Vec::new())
    }
}

/// Where a registry file is for a language, or else for any.
fn registry_location(file: &crate::Document, language: &str) -> Result<Option<ResourcePath>> {
    let mut any = None;
    for location in file.field("Location").items()? {
        let Some(uri) = location.field("Uri").path()? else {
            continue;
        };
        let of_language = location
            .field("Language")
            .text()?
            .is_some_and(|code| code.eq_ignore_ascii_case(language));
        if of_language {
            return Ok(Some(uri));
        }
        any = any.or(Some(uri));
    }
    Ok(any)
}
