//! `[pxe]`.

use std::collections::BTreeMap;

use crate::section::section;
use crate::value::{DecimalMode, KernelParameters, Quoted, choice};

choice! {
    /// The IP version that machines boot with.
    pub enum IpVersion {
        /// IPv4.
        V4 = "4",
        /// IPv6.
        V6 = "6",
    }
}

section! {
    /// `[pxe]`: booting over the network.
    Pxe;

    /// Seconds between two searches for machines that did not boot.
    boot_retry_check_interval: u64 = 90, min(1.0);
    /// Seconds after which a machine is booted again; never when unset.
    boot_retry_timeout: Option<u64>, min(60.0);
    /// File system of ephemeral partitions.
    default_ephemeral_format: String = "ext4", mutable;
    /// Mode of TFTP directories, as a decimal number.
    dir_permission: Option<DecimalMode>;
    /// Let nodes name their own templates (unsafe).
    enable_insecure_template_override: bool = false;
    /// Keep PXE files for nodes that boot from disk.
    enable_netboot_fallback: bool = false, mutable;
    /// Mode of boot files, as a decimal number.
    file_permission: DecimalMode = 420;
    /// Size of the image cache, in MiB.
    image_cache_size: i64 = 20480;
    /// Minutes for which images are cached.
    image_cache_ttl: i64 = 10080;
    /// Directory for images in use.
    images_path: String = "/var/lib/ironic/images/";
    /// Template of grub's first configuration.
    initial_grub_template: String = "$pybasedir/drivers/modules/initial_grub_cfg.template";
    /// Directory of the image cache; no cache when empty.
    instance_master_path: String = "/var/lib/ironic/master_images";
    /// IP version that machines boot with.
    ip_version: IpVersion = "4", mutable, to_be_removed;
    /// Template of the first iPXE script.
    ipxe_boot_script: String = "$pybasedir/drivers/modules/boot.ipxe";
    /// Boot file for iPXE on legacy BIOS.
    ipxe_bootfile_name: String = "undionly.kpxe";
    /// Boot files for iPXE, by CPU architecture.
    ipxe_bootfile_name_by_arch: BTreeMap<String, String> = "";
    /// Template of a node's iPXE script.
    ipxe_config_template: String = "$pybasedir/drivers/modules/ipxe_config.template", mutable;
    /// iPXE script for machines without one of their own.
    ipxe_fallback_script: Option<String>;
    /// Seconds for a download by iPXE; 0 waits for ever.
    ipxe_timeout: i64 = 0;
    /// Let iPXE download from Swift.
    ipxe_use_swift: bool = false, mutable;
    /// Kernel parameters for ramdisks booted over the network.
    kernel_append_params: KernelParameters = "nofb vga=normal",
        formerly(&[(None, "pxe_append_params")]),
        mutable;
    /// Boot loaders to copy into the boot directory, as `target:source`.
    loader_file_paths: BTreeMap<String, Quoted> = "";
    /// Boot file for PXE on legacy BIOS.
    pxe_bootfile_name: String = "pxelinux.0";
    /// Boot files for PXE, by CPU architecture.
    pxe_bootfile_name_by_arch: BTreeMap<String, String> = "";
    /// Directory of links by MAC or IP address.
    pxe_config_subdir: String = "pxelinux.cfg";
    /// Template of a node's PXE configuration on legacy BIOS.
    pxe_config_template: String = "$pybasedir/drivers/modules/pxe_config.template", mutable;
    /// Templates of a node's PXE configuration, by CPU architecture.
    pxe_config_template_by_arch: BTreeMap<String, String> = "", mutable;
    /// Directory of the TFTP image cache; no cache when empty.
    tftp_master_path: String = "/tftpboot/master_images";
    /// Root directory of the TFTP server.
    tftp_root: String = "/tftpboot";
    /// Address of the TFTP server.
    tftp_server: String = "$my_ip";
    /// Boot file for iPXE on UEFI.
    uefi_ipxe_bootfile_name: String = "snponly.efi";
    /// Boot file for PXE on UEFI.
    uefi_pxe_bootfile_name: String = "bootx64.efi";
    /// Template of a node's PXE configuration on UEFI.
    uefi_pxe_config_template: String = "$pybasedir/drivers/modules/pxe_grub_config.template",
        mutable;
}
