//! `EthernetInterface`: a network card's port.

use super::{status::Status, view};
use crate::Result;

view! {
    /// View of an `EthernetInterface`.
    EthernetInterface
}

impl EthernetInterface {
    /// `MACAddress`, the current one, or `PermanentMACAddress`; in lower case with colons.
    pub fn mac_address(&self) -> Result<Option<String>> {
        let current = self
            .document()
            .field("MACAddress")
            .text()?
            .filter(|mac| !mac.is_empty());
        let mac = match current {
            Some(mac) => Some(mac),
            None => self
                .document()
                .field("PermanentMACAddress")
                .text()?
                .filter(|mac| !mac.is_empty()),
        };
        Ok(mac.map(|mac| mac.to_lowercase().replace('-', ":")))
    }

    /// `SpeedMbps`.
    pub fn speed_mbps(&self) -> Result<Option<i64>> {
        self.document().field("SpeedMbps").integer()
    }

    /// `Status`.
    pub fn status(&self) -> Result<Status> {
        Status::of(&self.document().root())
    }
}
