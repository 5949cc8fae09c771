//! Hardware health as a BMC reports it (`nodes.health`, since 1.109).

use crate::wire_enum::wire_enum;

wire_enum! {
    /// DMTF Redfish `Status.Health` values.
    pub enum Health("health") {
        /// Normal.
        Ok = "OK",
        /// Needs attention.
        Warning = "Warning",
        /// Needs attention now.
        Critical = "Critical",
    }
}
