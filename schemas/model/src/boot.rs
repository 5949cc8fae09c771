//! Boot devices and boot modes (Ironic 39.0.0, `boot_devices`, `boot_modes`).

use crate::wire_enum::wire_enum;

wire_enum! {
    /// What a machine boots from.
    pub enum BootDevice("boot device") {
        /// Network.
        Pxe = "pxe",
        /// Local disk.
        Disk = "disk",
        /// CD or virtual CD.
        Cdrom = "cdrom",
        /// Firmware setup.
        Bios = "bios",
        /// Safe mode of the local disk.
        Safe = "safe",
        /// Wide area network.
        WanBoot = "wanboot",
        /// iSCSI volume.
        IscsiBoot = "iscsiboot",
        /// Virtual floppy.
        Floppy = "floppy",
        /// UEFI HTTP boot.
        UefiHttp = "uefihttp",
    }
}

wire_enum! {
    /// Firmware interface used at boot.
    pub enum BootMode("boot mode") {
        /// Legacy BIOS.
        Bios = "bios",
        /// UEFI.
        Uefi = "uefi",
    }
}
