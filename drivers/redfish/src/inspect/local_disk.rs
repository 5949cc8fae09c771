//! The size of the disk that a deployment would use.

use drivers_redfish_client::{
    Error,
    schema::storage::{Drive, SimpleStorage, Storage},
};
use schemas_model::Fault;

use super::inventory::optional;
use super::storage::Shown;
use crate::connection::NodeBmc;

const GIB: i64 = 1 << 30;
/// Smaller ones are not disks to deploy to.
const SMALLEST: i64 = 4 * GIB;

/// GiB of the smallest suitable disk, less one (a scheduler counts so); 0 if there is none. Volumes
/// count before the drives they are made of.
pub(super) async fn size_gb(bmc: &NodeBmc, storage: &Shown) -> Result<i64, Fault> {
    let simple = known(bmc, simple(&storage.simple))?;
    let full = storage.full.as_deref().unwrap_or_default();
    let volumes = known(bmc, volumes(bmc, full).await)?;
    let full = match volumes {
        Some(size) => Some(size),
        None => known(bmc, drives(full))?,
    };
    let bytes = match (simple, full) {
        (Some(simple), Some(full)) => simple.min(full),
        (simple, full) => simple.or(full).unwrap_or(0),
    };
    Ok((bytes / GIB - 1).max(0))
}

fn known(bmc: &NodeBmc, sizes: Result<Vec<i64>, Error>) -> Result<Option<i64>, Fault> {
    optional(bmc, "disk sizes", sizes, Vec::new()).map(smallest)
}

fn smallest(sizes: Vec<i64>) -> Option<i64> {
    sizes.into_iter().filter(|size| *size >= SMALLEST).min()
}

fn simple(storage: &[SimpleStorage]) -> Result<Vec<i64>, Error> {
    let mut sizes = Vec::new();
    for storage in storage {
        let devices = storage.devices()?.into_iter();
        let enabled = devices.filter(|device| device.status.is_enabled());
        sizes.extend(enabled.filter_map(|device| device.capacity_bytes));
    }
    Ok(sizes)
}

async fn volumes(bmc: &NodeBmc, storage: &[(Storage, Vec<Drive>)]) -> Result<Vec<i64>, Error> {
    let mut sizes = Vec::new();
    for (storage, _) in storage {
        for volume in bmc.bmc.volumes(storage).await? {
            sizes.extend(volume.capacity_bytes()?);
        }
    }
    Ok(sizes)
}

fn drives(storage: &[(Storage, Vec<Drive>)]) -> Result<Vec<i64>, Error> {
    let drives = storage.iter().flat_map(|(_, drives)| drives);
    drives
        .filter_map(|drive| drive.capacity_bytes().transpose())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sticks_are_not_disks() {
        assert_eq!(smallest(vec![100 * GIB, 2 * GIB, 50 * GIB]), Some(50 * GIB));
        assert_eq!(smallest(vec![2 * GIB]), None);
    }
}
