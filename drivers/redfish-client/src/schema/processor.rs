//! `Processor`.

use super::{status::Status, view};
use crate::Result;

view! {
    /// View of a `Processor`.
    Processor
}

impl Processor {
    /// `ProcessorType`, for example `CPU` or `GPU`.
    pub fn processor_type(&self) -> Result<Option<&str>> {
        self.document().field("ProcessorType").text()
    }

    /// `Model`.
    pub fn model(&self) -> Result<Option<&str>> {
        self.document().field("Model").text()
    }

    /// `Manufacturer`.
    pub fn manufacturer(&self) -> Result<Option<&str>> {
        self.document().field("Manufacturer").text()
    }

    /// `ProcessorArchitecture`, for example `x86` or `ARM`.
    pub fn architecture(&self) -> Result<Option<&str>> {
        self.document().field("ProcessorArchitecture").text()
    }

    /// `InstructionSet`, for example `x86-64` or `ARM-A64`.
    pub fn instruction_set(&self) -> Result<Option<&str>> {
        self.document().field("InstructionSet").text()
    }

    /// `MaxSpeedMHz`.
    pub fn max_speed_mhz(&self) -> Result<Option<i64>> {
        self.document().field("MaxSpeedMHz").integer()
    }

    /// `TotalCores`.
    pub fn total_cores(&self) -> Result<Option<i64>> {
        self.document().field("TotalCores").integer()
    }

    /// `TotalThreads`.
    pub fn total_threads(&self) -> Result<Option<i64>> {
        self.document().field("TotalThreads").integer()
    }

    /// `Status`.
    pub fn status(&self) -> Result<Status> {
        Status::of(&self.document().root())
    }
}
