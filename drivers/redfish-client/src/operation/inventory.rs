//! What a machine is made of, for inspection.

use crate::{
    Bmc, Result,
    schema::{
        ethernet_interface::EthernetInterface,
        memory::Memory,
        processor::Processor,
        storage::{Drive, SimpleStorage, Storage, Volume},
        system::ComputerSystem,
    },
};

impl Bmc {
    /// The network ports.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if the BMC doesn't list them (Cisco UCS).
    pub async fn ethernet_interfaces(
        &self,
        system: &ComputerSystem,
    ) -> Result<Vec<EthernetInterface>> {
        let members = self.collect(&system.require("EthernetInterfaces")?).await?;
        Ok(members.into_iter().map(EthernetInterface::new).collect())
    }

    /// The processors.
    pub async fn processors(&self, system: &ComputerSystem) -> Result<Vec<Processor>> {
        let members = self.collect(&system.require("Processors")?).await?;
        Ok(members.into_iter().map(Processor::new).collect())
    }

    /// The memory modules.
    pub async fn memory(&self, system: &ComputerSystem) -> Result<Vec<Memory>> {
        let members = self.collect(&system.require("Memory")?).await?;
        Ok(members.into_iter().map(Memory::new).collect())
    }

    /// The storage subsystems.
    pub async fn storage(&self, system: &ComputerSystem) -> Result<Vec<Storage>> {
        let members = self.collect(&system.require("Storage")?).await?;
        Ok(members.into_iter().map(Storage::new).collect())
    }

    /// The storage controllers in the older form.
    pub async fn simple_storage(&self, system: &ComputerSystem) -> Result<Vec<SimpleStorage>> {
        let members = self.collect(&system.require("SimpleStorage")?).await?;
        Ok(members.into_iter().map(SimpleStorage::new).collect())
    }

    /// The drives of a storage subsystem.
    pub async fn drives(&self, storage: &Storage) -> Result<Vec<Drive>> {
        let mut drives = Vec::new();
        for path in storage
            .drives()?
            .into_iter()
            .take(self.settings().limits.members)
        {
            drives.push(Drive::new(self.get(&path).await?));
        }
        Ok(drives)
    }

    /// The volumes of a storage subsystem; none if it has no such collection.
    pub async fn volumes(&self, storage: &Storage) -> Result<Vec<Volume>> {
        let Some(path) = storage.volumes()? else {
            return Ok(Vec::new());
        };
        Ok(self
            .collect(&path)
            .await?
            .into_iter()
            .map(Volume::new)
            .collect())
    }
}
