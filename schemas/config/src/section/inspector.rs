//! `[inspector]`.

use std::collections::BTreeMap;

use crate::section::section;
use crate::value::{KernelParameters, Multi, choice};

choice! {
    /// For which interfaces inspection adds ports.
    pub enum AddPorts {
        /// All that were found.
        All = "all",
        /// Those with an address.
        Active = "active",
        /// Those that booted the ramdisk.
        Pxe = "pxe",
        /// None.
        Disabled = "disabled",
    }
}

choice! {
    /// Which ports survive inspection.
    pub enum KeepPorts {
        /// All.
        All = "all",
        /// Those that were found.
        Present = "present",
        /// Those that inspection added.
        Added = "added",
    }
}

section! {
    /// `[inspector]`: inspection.
    Inspector;

    /// For which interfaces ports are added.
    add_ports: AddPorts = "pxe";
    /// API address for ramdisks.
    callback_endpoint_override: Option<String>, to_be_removed;
    /// Capabilities by CPU flag.
    cpu_capabilities: BTreeMap<String, String> =
        "vmx:cpu_vt,svm:cpu_vt,aes:cpu_aes,pse:cpu_hugepages,pdpe1gb:cpu_hugepages_1g,smx:cpu_txt";
    /// Hooks that run unless told otherwise.
    default_hooks: String = "ramdisk-error,validate-interfaces,ports,architecture";
    /// Leave 1 GiB of the disk out of `local_gb`.
    disk_partitioning_spacing: bool = true;
    /// Refuse extra data with a record that is too short.
    extra_hardware_strict: bool = false;
    /// Further kernel parameters for ramdisks.
    extra_kernel_params: KernelParameters = "";
    /// Have ramdisks use DHCP on every interface.
    force_dhcp: bool = false;
    /// Hooks that run, in order.
    hooks: String = "$default_hooks";
    /// Which ports survive.
    keep_ports: KeepPorts = "all";
    /// YAML file with known accelerator devices.
    known_accelerators: String =
        "$pybasedir/drivers/modules/inspector/hooks/known_accelerators.yaml";
    /// Names of PCI devices, as JSON.
    pci_device_alias: Multi<String>;
    /// Physical networks by CIDR, as `cidr:network`.
    physical_network_cidr_map: Vec<String> = "";
    /// Power machines off afterwards.
    power_off: bool = true;
    /// Create ports from the BMC's data beforehand.
    pre_create_ports: bool = true;
    /// Demand that the boot interface boots the ramdisk.
    require_managed_boot: bool = true;
    /// Seconds between two checks of running inspections.
    status_check_period: i64 = 60;
    /// Set `pxe_enabled` of ports by what was found.
    update_pxe_enabled: bool = true;
}
