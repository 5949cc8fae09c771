//! Firmware of network adapters, which belong to the chassis.

use drivers_redfish_client::{
    Document, Error,
    schema::{chassis::Chassis, system::ComputerSystem},
};

use super::Read;
use crate::connection::NodeBmc;

/// The adapters of the first chassis that name a firmware package.
pub(super) async fn all(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Vec<Read>, Error> {
    let Some(path) = system.chassis()?.into_iter().next() else {
        return Ok(Vec::new());
    };
    let chassis = Chassis::new(bmc.bmc.get(&path).await?);
    let Some(adapters) = chassis.link("NetworkAdapters")? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for adapter in bmc.bmc.collect(&adapters).await? {
        found.extend(components(&adapter)?);
    }
    Ok(found)
}

/// One component for each controller that has a version.
fn components(adapter: &Document) -> Result<Vec<Read>, Error> {
    let text = |name: &str| {
        Ok::<_, Error>(
            adapter
                .field(name)
                .text()?
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
        )
    };
    let serial_number = text("SerialNumber")?;
    let id = serial_number
        .clone()
        .map_or_else(|| adapter.id().map(str::to_owned), Ok)?;
    let mut found = Vec::new();
    for controller in adapter.field("Controllers").items()? {
        let version = controller
            .field("FirmwarePackageVersion")
            .text()?
            .filter(|version| !version.is_empty());
        found.extend(
            version
                .map(str::to_owned)
                .map(|version| (id.clone(), version)),
        );
    }
    let (vendor, model) = (text("Manufacturer")?, text("Model")?);
    let read = |(id, version)| Read {
        component: format!("nic:{id}"),
        version,
        vendor: vendor.clone(),
        model: model.clone(),
        serial_number: serial_number.clone(),
    };
    Ok(found.into_iter().map(read).collect())
}
