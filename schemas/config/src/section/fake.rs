//! `[fake]`.

use crate::section::section;

section! {
    /// `[fake]`: the pace of `fake` interfaces.
    Fake;

    /// Seconds that a `fake` BIOS operation takes; with two numbers, at random between them.
    bios_delay: String = "0";
    /// Seconds that a `fake` boot operation takes; with two numbers, at random between them.
    boot_delay: String = "0";
    /// Seconds that a `fake` deploy operation takes; with two numbers, at random between them.
    deploy_delay: String = "0";
    /// Seconds that a `fake` firmware operation takes; with two numbers, at random between
    /// them.
    firmware_delay: String = "0";
    /// Seconds that a `fake` inspection takes; with two numbers, at random between them.
    inspect_delay: String = "0";
    /// Seconds that a `fake` management operation takes; with two numbers, at random between
    /// them.
    management_delay: String = "0";
    /// Seconds that a `fake` power operation takes; with two numbers, at random between them.
    power_delay: String = "0";
    /// Seconds that a `fake` RAID operation takes; with two numbers, at random between them.
    raid_delay: String = "0";
    /// Seconds that a `fake` rescue operation takes; with two numbers, at random between them.
    rescue_delay: String = "0";
    /// Seconds that a `fake` storage operation takes; with two numbers, at random between them.
    storage_delay: String = "0";
    /// Seconds that a `fake` vendor operation takes; with two numbers, at random between them.
    vendor_delay: String = "0";
}
