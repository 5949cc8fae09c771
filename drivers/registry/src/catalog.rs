//! THE list of interface implementations: a line each.

use std::collections::BTreeMap;
use std::sync::Arc;

use drivers_agent as agent;
use drivers_console::Consoles;
use drivers_fake as fake;
use drivers_ibmc as ibmc;
use drivers_interface::{
    Bios, Boot, Console, Deploy, Firmware, Inspect, Interface, Management, Network, Power, Raid,
    Rescue, Storage, Vendor,
};
use drivers_ipmi as ipmi;
use drivers_pxe as pxe;
use drivers_redfish as redfish;
use schemas_model::interface::InterfaceKind;

use crate::absent;

/// Defines [`Catalog`]: one map per kind, insertion by kind, and lookups over all kinds.
///
/// Example row: `bios: Bios = Bios;` gives the field `bios`, the trait `Bios`, the kind `Bios`.
macro_rules! catalog {
    ($($field:ident: $trait:ident;)+) => {
        /// Implementations by kind and name.
        #[derive(Default)]
        pub struct Catalog {
            consoles: Consoles,
            ibmc: ibmc::Ibmcs,
            ipmi: ipmi::Bmcs,
            redfish: Arc<redfish::Connections>,
            $(pub(crate) $field: BTreeMap<&'static str, Arc<dyn $trait>>,)+
        }

        impl Catalog {
            $(
                /// Adds an implementation under its own name.
                pub fn $field(&mut self, implementation: impl $trait + 'static) -> &mut Self {
                    self.$field.insert(implementation.name(), Arc::new(implementation));
                    self
                }
            )+

            /// Names of a kind, sorted.
            pub fn names(&self, kind: InterfaceKind) -> Vec<&'static str> {
                match kind {
                    $(InterfaceKind::$trait => self.$field.keys().copied().collect(),)+
                }
            }

            /// An implementation as far as all kinds are alike.
            pub fn interface(&self, kind: InterfaceKind, name: &str) -> Option<&dyn Interface> {
                match kind {
                    $(InterfaceKind::$trait => self.$field.get(name).map(|found| &**found as &dyn Interface),)+
                }
            }

            /// Keeps what `wanted` says yes to.
            pub(crate) fn retain(&mut self, wanted: impl Fn(InterfaceKind, &str) -> bool) {
                $(self.$field.retain(|name, _| wanted(InterfaceKind::$trait, name));)+
            }
        }
    };
}

catalog! {
    bios: Bios;
    boot: Boot;
    console: Console;
    deploy: Deploy;
    firmware: Firmware;
    inspect: Inspect;
    management: Management;
    network: Network;
    power: Power;
    raid: Raid;
    rescue: Rescue;
    storage: Storage;
    vendor: Vendor;
}

impl Catalog {
    /// Everything this executable has.
    pub fn all() -> Self {
        let mut catalog = Catalog::default();
        catalog
            .bios(absent::NoBios)
            .console(absent::NoConsole)
            .deploy(absent::NoopDeploy)
            .firmware(absent::NoFirmware)
            .inspect(absent::NoInspect)
            .management(absent::NoopManagement)
            .network(absent::FlatNetwork)
            .network(absent::NoopNetwork)
            .raid(absent::NoRaid)
            .rescue(absent::NoRescue)
            .storage(absent::CinderStorage)
            .storage(absent::NoopStorage)
            .vendor(absent::NoVendor);
        catalog
            .bios(fake::FakeBios)
            .boot(fake::FakeBoot)
            .console(fake::FakeConsole)
            .deploy(fake::FakeDeploy)
            .firmware(fake::FakeFirmware)
            .inspect(fake::FakeInspect)
            .management(fake::FakeManagement)
            .power(fake::FakePower)
            .raid(fake::FakeRaid)
            .rescue(fake::FakeRescue)
            .storage(fake::FakeStorage)
            .vendor(fake::FakeVendorA)
            .vendor(fake::FakeVendorB);
        catalog
            .deploy(agent::AgentDeploy::DIRECT)
            .deploy(agent::AgentDeploy::BOOTC)
            .deploy(agent::AgentDeploy::CUSTOM)
            .deploy(agent::AutodetectDeploy)
            .deploy(agent::RamdiskDeploy)
            .inspect(agent::AgentInspect)
            .power(agent::AgentPower)
            .raid(agent::AgentRaid)
            .rescue(agent::AgentRescue);
        catalog
            .boot(pxe::NetworkBoot::HTTP)
            .boot(pxe::NetworkBoot::HTTP_IPXE)
            .boot(pxe::NetworkBoot::IPXE)
            .boot(pxe::NetworkBoot::PXE)
            .boot(pxe::VirtualMediaBoot);
        let (bmcs, consoles) = (catalog.ipmi.clone(), catalog.consoles.clone());
        catalog
            .console(ipmi::IpmitoolSocat::new(bmcs.clone(), consoles.clone()))
            .management(ipmi::IntelIpmitoolManagement::new(bmcs.clone()))
            .management(ipmi::IpmitoolManagement::new(bmcs.clone()))
            .power(ipmi::IpmitoolPower::new(bmcs.clone()))
            .vendor(ipmi::IpmitoolVendor::new(bmcs));
        let connections = Arc::clone(&catalog.redfish);
        let over_redfish = redfish::RedfishInterfaces::new(&connections);
        catalog
            .bios(over_redfish.bios)
            .console(redfish::RedfishSerial::new(&connections, consoles))
            .firmware(over_redfish.firmware)
            .inspect(over_redfish.inspect)
            .management(over_redfish.management)
            .power(over_redfish.power)
            .raid(over_redfish.raid)
            .vendor(over_redfish.vendor);
        let over_ibmc = ibmc::IbmcInterfaces::new(&catalog.ibmc.clone());
        catalog
            .bios(over_ibmc.bios)
            .inspect(over_ibmc.inspect)
            .management(over_ibmc.management)
            .power(over_ibmc.power)
            .raid(over_ibmc.raid)
            .vendor(over_ibmc.vendor);
        catalog
    }

    /// The serial consoles of this process.
    pub(crate) const fn consoles(&self) -> &Consoles {
        &self.consoles
    }

    /// Ends all consoles and the sessions with all BMCs.
    pub(crate) async fn close(&self) {
        self.consoles.close().await;
        self.redfish.close().await;
        self.ibmc.close().await;
        self.ipmi.shutdown().await;
    }
}
