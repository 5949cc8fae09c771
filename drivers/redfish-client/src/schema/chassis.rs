//! `Chassis`: the enclosure.

use super::{status::IndicatorLed, view};
use crate::{Result, resource_path::ResourcePath};

view! {
    /// View of a `Chassis`.
    Chassis
}

impl Chassis {
    /// `UUID`.
    pub fn uuid(&self) -> Result<Option<&str>> {
        self.document().field("UUID").text()
    }

    /// `IndicatorLED`.
    pub fn indicator_led(&self) -> Result<Option<IndicatorLed>> {
        self.document()
            .field("IndicatorLED")
            .known(IndicatorLed::from_wire)
    }

    /// A sub-resource such as `Thermal`, `Power` or `NetworkAdapters`.
    pub fn link(&self, name: &str) -> Result<Option<ResourcePath>> {
        self.document().field(name).link()
    }
}
