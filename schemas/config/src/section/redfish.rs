//! `[redfish]`.

use crate::section::deploy::ServedFrom;
use crate::section::section;
use crate::value::{DecimalMode, KernelParameters, TlsVersion, choice};

choice! {
    /// How to authenticate to Redfish BMCs.
    pub enum RedfishAuth {
        /// HTTP basic authentication.
        Basic = "basic",
        /// A session.
        Session = "session",
        /// A session, or basic authentication where there are no sessions.
        Auto = "auto",
    }
}

section! {
    /// `[redfish]`: Redfish BMCs.
    Redfish;

    /// How to authenticate to BMCs.
    auth_type: RedfishAuth = "auto";
    /// Seconds within which a boot mode change must show; 0 does not wait.
    boot_mode_config_timeout: u64 = 900, min(0.0);
    /// Seconds to connect to a BMC.
    connect_timeout: u64 = 30, min(1.0);
    /// How often connecting to a BMC is tried.
    connection_attempts: u64 = 5, min(1.0);
    /// BMC sessions kept; 0 keeps none.
    connection_cache_size: u64 = 1000, min(0.0);
    /// Seconds between two tries to connect to a BMC.
    connection_retry_interval: u64 = 4, min(1.0);
    /// Hooks that inspection runs unless told otherwise.
    default_inspection_hooks: String = "validate-interfaces,ports,architecture";
    /// Check and set the BMC's clock while verifying.
    enable_verify_bmc_clock: bool = false;
    /// Wait until the BMC reports the medium as inserted.
    enable_vmedia_insert_polling: bool = false;
    /// Mode of files served to BMCs, as a decimal number.
    file_permission: DecimalMode = 420;
    /// Where BMCs fetch firmware from.
    firmware_source: ServedFrom = "http", mutable;
    /// Seconds for a BMC to come back after its update.
    firmware_update_bmc_timeout: u64 = 300, min(0.0);
    /// Seconds between two reads of the BMC's version.
    firmware_update_bmc_version_check_interval: u64 = 30, min(0.0);
    /// Seconds between two searches for failed updates; 0 never searches.
    firmware_update_fail_interval: u64 = 60, min(0.0);
    /// Seconds to wait before a NIC's update is looked at.
    firmware_update_nic_starting_wait: u64 = 30, min(0.0);
    /// Seconds for a whole update.
    firmware_update_overall_timeout: u64 = 7200, min(0.0);
    /// Seconds to wait after the reboot of an update.
    firmware_update_reboot_delay: u64 = 300, min(0.0);
    /// Answers in a row that make a BMC stable again.
    firmware_update_required_successes: u64 = 3, min(0.0);
    /// Seconds for a BMC's resources to come back.
    firmware_update_resource_validation_timeout: u64 = 480, min(0.0);
    /// Seconds between two checks of running updates; 0 never checks.
    firmware_update_status_interval: u64 = 60, min(0.0);
    /// Seconds between two of the answers that make a BMC stable.
    firmware_update_validation_interval: u64 = 30, min(0.0);
    /// Seconds to wait while a BMC does not answer.
    firmware_update_wait_unresponsive_bmc: u64 = 0, min(0.0);
    /// Hooks that inspection runs, in order.
    inspection_hooks: String = "$default_inspection_hooks";
    /// Kernel parameters for ramdisks booted by virtual media.
    kernel_append_params: KernelParameters = "nofb vga=normal", mutable;
    /// How often reading a just booted machine is tried.
    post_boot_retry_attempts: u64 = 6, min(1.0);
    /// Seconds between two reads of a just booted machine.
    post_boot_retry_delay: u64 = 5, min(1.0);
    /// How often power on is tried while the BMC reports a conflict.
    power_on_conflict_retry_attempts: u64 = 6, min(0.0);
    /// Seconds between two tries to power on.
    power_on_conflict_retry_interval: u64 = 10, min(1.0);
    /// Seconds between two searches for failed RAID changes; 0 never searches.
    raid_config_fail_interval: u64 = 60, min(0.0);
    /// Seconds between two checks of running RAID changes; 0 never checks.
    raid_config_status_interval: u64 = 60, min(0.0);
    /// Seconds to wait for a BMC's answer.
    read_timeout: u64 = 60, min(1.0);
    /// Swift container for virtual media images.
    swift_container: String = "ironic_redfish_container", mutable;
    /// Seconds after which Swift deletes a virtual media image.
    swift_object_expiry_timeout: i64 = 900, mutable;
    /// Ciphers for BMCs, in OpenSSL's format.
    tls_ciphers: Option<String>;
    /// Lowest TLS version for BMCs.
    tls_minimum_version: Option<TlsVersion>;
    /// Serve virtual media images from Swift.
    use_swift: bool = false, mutable;
    /// CA file or directory for BMCs that do not name their own.
    verify_ca: Option<String>;
    /// Seconds between two looks whether a medium is inserted.
    vmedia_insert_poll_interval: u64 = 2, min(1.0);
    /// Seconds within which a medium must be inserted.
    vmedia_insert_timeout: u64 = 60, min(1.0);
}
