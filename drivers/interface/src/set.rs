//! The 13 interfaces of one node.

use std::sync::Arc;

use schemas_model::interface::InterfaceKind;

use crate::{
    Bios, Boot, Console, Deploy, Firmware, Inspect, Interface, Management, Network, Power, Raid,
    Rescue, Storage, Vendor,
};

/// The interfaces chosen for a node, one of each kind.
#[derive(Clone)]
#[allow(missing_docs, reason = "one field per kind")]
pub struct InterfaceSet {
    pub bios: Arc<dyn Bios>,
    pub boot: Arc<dyn Boot>,
    pub console: Arc<dyn Console>,
    pub deploy: Arc<dyn Deploy>,
    pub firmware: Arc<dyn Firmware>,
    pub inspect: Arc<dyn Inspect>,
    pub management: Arc<dyn Management>,
    pub network: Arc<dyn Network>,
    pub power: Arc<dyn Power>,
    pub raid: Arc<dyn Raid>,
    pub rescue: Arc<dyn Rescue>,
    pub storage: Arc<dyn Storage>,
    pub vendor: Arc<dyn Vendor>,
}

impl InterfaceSet {
    /// The interface of a kind, as far as all kinds are alike.
    pub fn get(&self, kind: InterfaceKind) -> &dyn Interface {
        match kind {
            InterfaceKind::Bios => &*self.bios,
            InterfaceKind::Boot => &*self.boot,
            InterfaceKind::Console => &*self.console,
            InterfaceKind::Deploy => &*self.deploy,
            InterfaceKind::Firmware => &*self.firmware,
            InterfaceKind::Inspect => &*self.inspect,
            InterfaceKind::Management => &*self.management,
            InterfaceKind::Network => &*self.network,
            InterfaceKind::Power => &*self.power,
            InterfaceKind::Raid => &*self.raid,
            InterfaceKind::Rescue => &*self.rescue,
            InterfaceKind::Storage => &*self.storage,
            InterfaceKind::Vendor => &*self.vendor,
        }
    }
}
