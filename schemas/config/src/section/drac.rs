//! `[drac]`.

use crate::section::section;

section! {
    /// `[drac]`: Dell iDRAC BMCs.
    Drac;

    /// Seconds for a BIOS reset.
    bios_factory_reset_timeout: u64 = 600, min(1.0), to_be_removed;
    /// Seconds for a boot device change.
    boot_device_job_status_timeout: u64 = 30, min(1.0);
    /// How often a configuration job is looked at.
    config_job_max_retries: u64 = 240, min(1.0), to_be_removed;
    /// Seconds between two checks of running RAID changes.
    query_raid_config_job_status_interval: u64 = 120, min(1.0);
    /// Seconds for a RAID change.
    raid_job_timeout: u64 = 300, min(1.0);
}
