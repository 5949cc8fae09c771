//! The 13 kinds of hardware interface a node has, and the set of names chosen for a node.

use crate::wire_enum::wire_enum;

wire_enum! {
    /// A kind of hardware interface, in the order Ironic lists them.
    pub enum InterfaceKind("interface kind") {
        /// Firmware settings.
        Bios = "bios",
        /// How the machine is made to boot.
        Boot = "boot",
        /// Serial or graphical console.
        Console = "console",
        /// How an image gets onto it.
        Deploy = "deploy",
        /// Firmware components and updates.
        Firmware = "firmware",
        /// Finding out what is inside.
        Inspect = "inspect",
        /// Boot devices, sensors, indicators, NMI.
        Management = "management",
        /// Which networks its ports are on.
        Network = "network",
        /// On and off.
        Power = "power",
        /// Disk arrays.
        Raid = "raid",
        /// Rescue ramdisk.
        Rescue = "rescue",
        /// Remote volumes.
        Storage = "storage",
        /// Everything else a vendor offers.
        Vendor = "vendor",
    }
}

impl InterfaceKind {
    /// The node field that names the interface, e.g. `bios_interface`.
    pub const fn field(self) -> &'static str {
        match self {
            InterfaceKind::Bios => "bios_interface",
            InterfaceKind::Boot => "boot_interface",
            InterfaceKind::Console => "console_interface",
            InterfaceKind::Deploy => "deploy_interface",
            InterfaceKind::Firmware => "firmware_interface",
            InterfaceKind::Inspect => "inspect_interface",
            InterfaceKind::Management => "management_interface",
            InterfaceKind::Network => "network_interface",
            InterfaceKind::Power => "power_interface",
            InterfaceKind::Raid => "raid_interface",
            InterfaceKind::Rescue => "rescue_interface",
            InterfaceKind::Storage => "storage_interface",
            InterfaceKind::Vendor => "vendor_interface",
        }
    }

    /// The kind whose node field this is.
    pub fn from_field(field: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.field() == field)
    }
}

/// The interface names of one node, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InterfaceNames([Option<String>; 13]);

impl InterfaceNames {
    /// The name chosen for a kind.
    pub fn get(&self, kind: InterfaceKind) -> Option<&str> {
        self.0[kind as usize].as_deref()
    }

    /// Chooses (or clears) the name for a kind.
    pub fn set(&mut self, kind: InterfaceKind, name: Option<String>) {
        self.0[kind as usize] = name;
    }

    /// Kinds with their names, in table order.
    pub fn iter(&self) -> impl Iterator<Item = (InterfaceKind, Option<&str>)> {
        InterfaceKind::ALL
            .iter()
            .map(|kind| (*kind, self.get(*kind)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_kind_and_suffix() {
        for kind in InterfaceKind::ALL {
            assert_eq!(kind.field(), format!("{kind}_interface"));
            assert_eq!(InterfaceKind::from_field(kind.field()), Some(*kind));
        }
    }

    #[test]
    fn names_are_kept_by_kind() {
        let mut names = InterfaceNames::default();
        names.set(InterfaceKind::Vendor, Some("no-vendor".into()));
        assert_eq!(names.get(InterfaceKind::Vendor), Some("no-vendor"));
        assert_eq!(names.get(InterfaceKind::Bios), None);
        assert_eq!(names.iter().count(), 13);
    }
}
