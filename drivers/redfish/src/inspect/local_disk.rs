//! The size of the disk that a deployment would use.

use drivers_redfish_client::{
    Error,
    schema::{
        storage::{Drive, Storage},
        system::ComputerSystem,
    },
};

use crate::connection::NodeBmc;

const GIB: i64 = 1 << 30;
/// Smaller ones are not disks to deploy to.
const SMALLEST: i64 = 4 * GIB;

/// GiB of the smallest suitable disk, less one (a scheduler counts so); 0 if there is none. Volumes
/// count before the drives they are made of.
pub(super) async fn size_gb(
    bmc: &NodeBmc,
    system: &ComputerSystem,
    storage: &[(Storage, Vec<Drive>)],
) -> i64 {
    let simple = known(bmc, simple(bmc, system).await);
    let volumes = known(bmc, volumes(bmc, storage).await);
    let drives = known(bmc, drives(storage));
    let full = volumes.or(drives);
    let bytes = match (simple, full) {
        (Some(simple), Some(full)) => simple.min(full),
        (simple, full) => simple.or(full).unwrap_or(0),
    };
    (bytes / GIB - 1).max(0)
}

fn known(bmc: &NodeBmc, sizes: Result<Vec<i64>, Error>) -> Option<i64> {
    match sizes {
        Ok(sizes) => smallest(sizes),
        Err(error) => {
            tracing::debug!(node.uuid = %bmc.node, %error, "some disk sizes are not known");
            None
        }
    }
}

fn smallest(sizes: Vec<i64>) -> Option<i64> {
    sizes.into_iter().filter(|size| *size >= SMALLEST).min()
}

async fn simple(bmc: &NodeBmc, system: &ComputerSystem) -> Result<Vec<i64>, Error> {
    let mut sizes = Vec::new();
    for storage in bmc.bmc.simple_storage(system).await? {
        sizes.extend(
            storage
                .devices()?
                .into_iter()
                .filter_map(|device| device.capacity_bytes),
        );
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
