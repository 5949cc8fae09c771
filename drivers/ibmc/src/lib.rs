//! The `ibmc` hardware type: Huawei servers (V3, V5 and later) managed by their iBMC.
//!
//! Ironic had it until 25.0.0; behaviour and names are that release's. Power, management, BIOS and
//! inspection are the generic Redfish interfaces with iBMC's accent as data ([`IBMC`]), so that they
//! also have what the old driver lacked: sensors, indicators, virtual media, BIOS settings,
//! inspection. RAID and the vendor methods are iBMC's own.
//!
//! Invariants
//! * validation never contacts an iBMC; no failure holds a credential;
//! * disks are chosen by a pure function ([`raid`]) before anything is changed;
//! * every wait for an iBMC has an end.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod dialect;
mod driver_info;
mod oem;
pub mod raid;
mod vendor;

use std::sync::Arc;

use drivers_redfish::{Connections, RedfishBios, RedfishInspect, RedfishManagement, RedfishPower};

pub use dialect::IBMC;
pub use raid::{IbmcRaid, Pauses};
pub use vendor::IbmcVendor;

/// The sessions of a conductor with all its iBMCs.
#[derive(Debug, Clone)]
pub struct Ibmcs(Arc<Connections>);

impl Default for Ibmcs {
    fn default() -> Self {
        Ibmcs(Arc::new(Connections::of_dialect(&IBMC)))
    }
}

impl Ibmcs {
    /// Ends all sessions, waiting a few seconds for slow iBMCs.
    pub async fn close(&self) {
        self.0.close().await;
    }
}

/// One of each interface, with a common pool of sessions.
#[derive(Debug)]
pub struct IbmcInterfaces {
    /// BIOS settings.
    pub bios: RedfishBios,
    /// Out-of-band inspection.
    pub inspect: RedfishInspect,
    /// Boot devices and modes, NMI, sensors, indicators, virtual media.
    pub management: RedfishManagement,
    /// Power.
    pub power: RedfishPower,
    /// Volumes.
    pub raid: IbmcRaid,
    /// Boot sequence and controllers.
    pub vendor: IbmcVendor,
}

impl IbmcInterfaces {
    /// Interfaces that use these sessions, which the caller closes at the end.
    pub fn new(ibmcs: &Ibmcs) -> Self {
        Self::with_pauses(ibmcs, Pauses::default())
    }

    /// The same with pauses of one's own.
    pub fn with_pauses(Ibmcs(connections): &Ibmcs, pauses: Pauses) -> Self {
        IbmcInterfaces {
            bios: RedfishBios::new(connections),
            inspect: RedfishInspect::new(connections),
            management: RedfishManagement::new(connections),
            power: RedfishPower::new(connections),
            raid: IbmcRaid::new(connections, pauses),
            vendor: IbmcVendor::new(connections),
        }
    }
}
