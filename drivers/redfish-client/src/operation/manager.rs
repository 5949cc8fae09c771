//! The BMC as a resource: restart and clock.

use crate::{
    Bmc, Result,
    schema::{
        manager::{Manager, RESET, clock},
        status::ResetType,
        system::ComputerSystem,
    },
};

impl Bmc {
    /// The managers of a system.
    pub async fn managers(&self, system: &ComputerSystem) -> Result<Vec<Manager>> {
        let mut all = Vec::new();
        for path in system.managers()? {
            all.push(Manager::new(self.get(&path).await?));
        }
        Ok(all)
    }

    /// The first manager of a system.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if the system names none.
    pub async fn manager(&self, system: &ComputerSystem) -> Result<Manager> {
        let first = system.managers()?.into_iter().next();
        let path = first.ok_or_else(|| system.document().missing("Links/ManagedBy"))?;
        self.get(&path).await.map(Manager::new)
    }

    /// Restarts the BMC.
    pub async fn reset_manager(&self, manager: &Manager, reset: ResetType) -> Result<()> {
        self.act(manager.document(), RESET, "ResetType", reset.as_str())
            .await
            .map(drop)
    }

    /// Sets the BMC's clock; `date_time` is ISO 8601, `offset` such as `+00:00`.
    pub async fn set_clock(
        &self,
        manager: &Manager,
        date_time: &str,
        offset: Option<&str>,
    ) -> Result<()> {
        self.patch(manager.document(), clock(date_time, offset))
            .await
            .map(drop)
    }
}
