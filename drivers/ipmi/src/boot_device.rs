//! THE table of boot devices: Ironic's names and the codes of the boot flags.

use drivers_ipmi_client::command::boot_options::BootDevice as Code;
use schemas_model::Node;
use schemas_model::boot::{BootDevice, BootMode};

/// Device and code, in the order in which Ironic lists them.
const DEVICES: [(BootDevice, Code); 5] = [
    (BootDevice::Pxe, Code::PXE),
    (BootDevice::Disk, Code::DISK),
    (BootDevice::Cdrom, Code::CDROM),
    (BootDevice::Bios, Code::BIOS_SETUP),
    (BootDevice::Safe, Code::SAFE_MODE),
];

/// Names under which Supermicro is found in `properties/vendor`: the one Ironic knows, and the one
/// its registered enterprise number gives.
const SUPERMICRO: [&str; 2] = ["supermicro", "super micro computer inc."];

/// Devices that can be set.
pub(crate) fn supported() -> Vec<BootDevice> {
    DEVICES.map(|row| row.0).to_vec()
}

/// The code to send for a device, or nothing if it cannot be set.
pub(crate) fn code(device: BootDevice, mode: BootMode, node: &Node) -> Option<Code> {
    // Supermicro firmware boots the UEFI disk as "primary remote media".
    if device == BootDevice::Disk && mode == BootMode::Uefi && is_supermicro(node) {
        return Some(Code::PRIMARY_REMOTE);
    }
    DEVICES.iter().find(|row| row.0 == device).map(|row| row.1)
}

/// Codes that are only read: what virtual media of a BMC are called.
const ALSO_READ: [(BootDevice, Code); 2] = [
    (BootDevice::Cdrom, Code::REMOTE_CDROM),
    (BootDevice::Disk, Code::REMOTE_DISK),
];

/// The device a BMC names by code; `None` for those that Ironic has no name for.
pub(crate) fn device(code: Code, node: &Node) -> Option<BootDevice> {
    if code == Code::PRIMARY_REMOTE && is_supermicro(node) {
        return Some(BootDevice::Disk);
    }
    DEVICES
        .iter()
        .chain(&ALSO_READ)
        .find(|row| row.1 == code)
        .map(|row| row.0)
}

fn is_supermicro(node: &Node) -> bool {
    node.properties
        .text_member("vendor")
        .is_some_and(|vendor| SUPERMICRO.contains(&vendor.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    fn node(vendor: &str) -> Node {
        let mut node = Node::new(Uuid::random(), "ipmi");
        node.properties.set("vendor", vendor);
        node
    }

    #[test]
    fn supermicro_has_its_own_uefi_disk() {
        for vendor in ["Supermicro", "super micro computer inc."] {
            let node = node(vendor);
            let disk = |mode| code(BootDevice::Disk, mode, &node);
            assert_eq!(disk(BootMode::Uefi), Some(Code::PRIMARY_REMOTE));
            assert_eq!(disk(BootMode::Bios), Some(Code::DISK));
        }
        let dell = node("dell inc.");
        assert_eq!(
            code(BootDevice::Disk, BootMode::Uefi, &dell),
            Some(Code::DISK)
        );
    }

    #[test]
    fn devices_without_a_code_cannot_be_set() {
        let node = node("");
        assert_eq!(code(BootDevice::WanBoot, BootMode::Uefi, &node), None);
        assert_eq!(code(BootDevice::UefiHttp, BootMode::Uefi, &node), None);
    }

    #[test]
    fn what_is_set_is_read_back() {
        for (name, code) in DEVICES {
            assert_eq!(device(code, &node("")), Some(name));
        }
        assert_eq!(device(Code::NONE, &node("")), None);
        assert_eq!(device(Code::PRIMARY_REMOTE, &node("")), None);
        let supermicro = node("Supermicro");
        assert_eq!(
            device(Code::PRIMARY_REMOTE, &supermicro),
            Some(BootDevice::Disk)
        );
    }
}
