//! What a machine is made of, for inspection.

use crate::{
    Bmc, Result,
    schema::{
        chassis::Chassis,
        ethernet_interface::EthernetInterface,
        memory::Memory,
        pcie::{PcieDevice, PcieFunction},
        port::Port,
        processor::Processor,
        storage::{Drive, SimpleStorage, Storage, Volume},
        system::{ComputerSystem, PcieDevices},
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

    /// The PCIe devices; none if the BMC doesn't list them. What can't be read of them is left out.
    ///
    /// # Errors
    /// When the BMC does not answer any more, or the operation has taken its time.
    pub async fn pcie_devices(&self, system: &ComputerSystem) -> Result<Vec<PcieDevice>> {
        let paths = match system.pcie_devices()? {
            PcieDevices::Listed(paths) => paths,
            PcieDevices::In(collection) => {
                readable(self.members(&collection).await)?.unwrap_or_default()
            }
        };
        let mut devices = Vec::new();
        for path in paths.into_iter().take(self.settings().limits.members) {
            devices.extend(readable(self.get(&path).await)?.map(PcieDevice::new));
        }
        Ok(devices)
    }

    /// The functions of a PCIe device; none if it does not list them.
    pub async fn pcie_functions(&self, device: &PcieDevice) -> Result<Vec<PcieFunction>> {
        let Some(collection) = device.functions()? else {
            return Ok(Vec::new());
        };
        let members = self.collect(&collection).await?;
        Ok(members.into_iter().map(PcieFunction::new).collect())
    }

    /// The ports of all network adapters of all chassis. What can't be read of them is left out.
    ///
    /// # Errors
    /// When the BMC does not answer any more, or the operation has taken its time.
    pub async fn adapter_ports(&self, system: &ComputerSystem) -> Result<Vec<Port>> {
        let mut ports = Vec::new();
        for path in system.chassis()? {
            let Some(chassis) = readable(self.get(&path).await)?.map(Chassis::new) else {
                continue;
            };
            let Some(adapters) = readable(chassis.link("NetworkAdapters"))?.flatten() else {
                continue;
            };
            for adapter in readable(self.collect(&adapters).await)?.unwrap_or_default() {
                if let Some(collection) = readable(adapter.field("Ports").link())?.flatten() {
                    let members = readable(self.collect(&collection).await)?;
                    ports.extend(members.unwrap_or_default().into_iter().map(Port::new));
                }
            }
        }
        Ok(ports)
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

/// What can't be made sense of is left out; a BMC that does not answer is an error.
fn readable<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_connection() || error.is_access() => Err(error),
        Err(error) => {
            tracing::debug!(%error, "a part of the inventory is left out");
            Ok(None)
        }
    }
}
