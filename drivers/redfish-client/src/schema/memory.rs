//! `Memory`: one module.

use super::{status::Status, view};
use crate::Result;

view! {
    /// View of a `Memory` module.
    Memory
}

impl Memory {
    /// `CapacityMiB`.
    pub fn capacity_mib(&self) -> Result<Option<i64>> {
        self.document().field("CapacityMiB").integer()
    }

    /// `MemoryDeviceType`, for example `DDR4`.
    pub fn device_type(&self) -> Result<Option<&str>> {
        self.document().field("MemoryDeviceType").text()
    }

    /// `Status`.
    pub fn status(&self) -> Result<Status> {
        Status::of(&self.document().root())
    }
}
