//! THE list of hardware types.
//!
//! Names and orders: Ironic 39.0.0, observed; of `ibmc` Ironic 25.0.0, with what that lacked before
//! what it had for it. The first enabled name of a list is the default of
//! its kind.

use schemas_model::interface::InterfaceKind;

/// A hardware type: a name and the interfaces it works with, the preferred one first.
#[derive(Debug)]
pub struct HardwareType {
    /// The name users put into a node's `driver`.
    pub name: &'static str,
    /// Interface names per kind, in [`InterfaceKind::ALL`] order.
    interfaces: [&'static [&'static str]; 13],
    /// Whether a node may also use interfaces outside the list (`fake-hardware`).
    accepts_any: bool,
}

const NETWORK_BOOT: &[&str] = &["ipxe", "pxe", "http-ipxe", "http"];
const DEPLOY: &[&str] = &[
    "autodetect",
    "direct",
    "ansible",
    "ramdisk",
    "anaconda",
    "bootc",
    "custom-agent",
];
const NETWORK: &[&str] = &["flat", "neutron", "ironic-networking", "noop"];
const RAID: &[&str] = &["no-raid", "agent"];
const RESCUE: &[&str] = &["no-rescue", "agent"];
const STORAGE: &[&str] = &["noop", "cinder", "external"];
const INSPECT: &[&str] = &["agent", "no-inspect"];

/// Every hardware type this executable knows.
pub const HARDWARE_TYPES: &[HardwareType] = &[
    HardwareType {
        name: "fake-hardware",
        interfaces: [
            &["fake", "no-bios"],
            &["fake", "ipxe", "pxe", "http-ipxe", "http"],
            &["fake", "no-console", "fake-graphical"],
            &[
                "fake",
                "autodetect",
                "direct",
                "ansible",
                "ramdisk",
                "anaconda",
                "bootc",
                "custom-agent",
            ],
            &["fake", "no-firmware"],
            &["fake", "agent", "no-inspect"],
            &["fake"],
            NETWORK,
            &["fake"],
            &["fake", "no-raid", "agent"],
            &["fake", "no-rescue", "agent"],
            &["fake", "noop", "cinder", "external"],
            &["fake", "FakeVendorA", "no-vendor"],
        ],
        accepts_any: true,
    },
    HardwareType {
        name: "ibmc",
        interfaces: [
            &["ibmc", "no-bios"],
            &["ipxe", "pxe", "http-ipxe", "http", "redfish-virtual-media"],
            &["ipmitool-socat", "no-console", "fake-graphical"],
            DEPLOY,
            &["no-firmware"],
            &["ibmc", "agent", "no-inspect"],
            &["ibmc"],
            NETWORK,
            &["ibmc"],
            &["ibmc", "no-raid", "agent"],
            RESCUE,
            STORAGE,
            &["ibmc", "no-vendor"],
        ],
        accepts_any: false,
    },
    HardwareType {
        name: "intel-ipmi",
        interfaces: [
            &["no-bios"],
            NETWORK_BOOT,
            &["ipmitool-socat", "no-console", "fake-graphical"],
            DEPLOY,
            &["no-firmware"],
            INSPECT,
            &["intel-ipmitool"],
            NETWORK,
            &["ipmitool"],
            RAID,
            RESCUE,
            STORAGE,
            &["ipmitool", "no-vendor"],
        ],
        accepts_any: false,
    },
    HardwareType {
        name: "ipmi",
        interfaces: [
            &["no-bios"],
            NETWORK_BOOT,
            &["ipmitool-socat", "no-console", "fake-graphical"],
            DEPLOY,
            &["no-firmware"],
            INSPECT,
            &["ipmitool", "noop"],
            NETWORK,
            &["ipmitool"],
            RAID,
            RESCUE,
            STORAGE,
            &["ipmitool", "no-vendor"],
        ],
        accepts_any: false,
    },
    HardwareType {
        name: "manual-management",
        interfaces: [
            &["no-bios"],
            NETWORK_BOOT,
            &["no-console", "fake-graphical"],
            &[
                "autodetect",
                "direct",
                "ansible",
                "ramdisk",
                "anaconda",
                "bootc",
                "custom-agent",
                "noop",
            ],
            &["no-firmware"],
            INSPECT,
            &["noop", "fake"],
            NETWORK,
            &["agent", "fake"],
            RAID,
            RESCUE,
            STORAGE,
            &["no-vendor"],
        ],
        accepts_any: false,
    },
    HardwareType {
        name: "redfish",
        interfaces: [
            &["redfish", "no-bios"],
            &[
                "ipxe",
                "pxe",
                "http-ipxe",
                "http",
                "redfish-virtual-media",
                "redfish-https",
            ],
            &[
                "redfish-graphical",
                "ipmitool-socat",
                "no-console",
                "fake-graphical",
                "redfish-serial",
            ],
            DEPLOY,
            &["redfish", "no-firmware"],
            &["redfish", "agent", "no-inspect"],
            &["redfish", "noop"],
            NETWORK,
            &["redfish"],
            &["redfish", "no-raid", "agent"],
            RESCUE,
            STORAGE,
            &["redfish", "no-vendor"],
        ],
        accepts_any: false,
    },
];

impl HardwareType {
    /// Looks a hardware type up by name.
    pub fn named(name: &str) -> Option<&'static HardwareType> {
        HARDWARE_TYPES.iter().find(|hardware| hardware.name == name)
    }

    /// The interface names of a kind, the preferred one first.
    pub const fn supported(&self, kind: InterfaceKind) -> &'static [&'static str] {
        self.interfaces[kind as usize]
    }

    /// Whether a node of this type may use the interface.
    pub fn accepts(&self, kind: InterfaceKind, interface: &str) -> bool {
        self.accepts_any || self.supported(kind).contains(&interface)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Interfaces that Ironic does not have; never the default of a hardware type of its own.
    const OURS: &[&str] = &["redfish-serial"];

    #[test]
    fn lists_equal_those_of_ironic() {
        let recorded: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(include_str!("../tests/data/hardware-types.json")).unwrap();
        for hardware in HARDWARE_TYPES {
            let Some(theirs) = recorded.get(hardware.name) else {
                assert_eq!(hardware.name, "ibmc", "Ironic 39 has all others");
                continue;
            };
            for kind in InterfaceKind::ALL {
                let supported = hardware.supported(*kind).iter();
                let ours: Vec<_> = supported.filter(|name| !OURS.contains(name)).collect();
                let ours = serde_json::json!(ours);
                assert_eq!(ours, theirs[kind.as_str()], "{} {kind}", hardware.name);
            }
        }
    }
}
