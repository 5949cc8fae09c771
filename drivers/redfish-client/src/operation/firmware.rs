//! Firmware inventory and updates.

use crate::{
    Bmc, ResourcePath, Result,
    bmc::Answer,
    schema::{
        service_root::ServiceRoot,
        update_service::{Software, UpdateService, simple_update},
    },
};

impl Bmc {
    /// The update service.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if the BMC has none.
    pub async fn update_service(&self) -> Result<UpdateService> {
        let root = self.service_root().await?;
        self.get(&ServiceRoot::new(&root).require("UpdateService")?)
            .await
            .map(UpdateService::new)
    }

    /// The firmware in the machine.
    pub async fn firmware_inventory(&self, service: &UpdateService) -> Result<Vec<Software>> {
        let Some(path) = service.firmware_inventory()? else {
            return Ok(Vec::new());
        };
        Ok(self
            .collect(&path)
            .await?
            .into_iter()
            .map(Software::new)
            .collect())
    }

    /// Starts an update from a URL that the BMC can reach. The answer usually has a task.
    pub async fn simple_update(
        &self,
        service: &UpdateService,
        uri: &str,
        targets: &[ResourcePath],
    ) -> Result<Answer> {
        let protocol = uri
            .split("://")
            .next()
            .filter(|scheme| matches!(*scheme, "http" | "https"))
            .map(str::to_uppercase);
        self.post(
            &service.simple_update()?.target,
            Some(simple_update(uri, protocol.as_deref(), targets)),
        )
        .await
    }
}
