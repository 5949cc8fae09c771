//! Disk arrays of no disks.

use drivers_interface::Raid;

use crate::fake_interface;

/// The `fake` RAID interface. It offers no steps (Ironic 39.0.0, observed).
#[derive(Debug, Default)]
pub struct FakeRaid;

fake_interface!(FakeRaid, Raid);

impl Raid for FakeRaid {}
