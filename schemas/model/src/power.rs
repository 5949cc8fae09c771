//! Power states and targets (Ironic 39.0.0, `ironic.common.states`).

use crate::wire_enum::wire_enum;

wire_enum! {
    /// The power state of a node, or what was asked of it.
    pub enum PowerState("power state") {
        /// Powered on.
        On = "power on",
        /// Powered off.
        Off = "power off",
        /// Request only: off and on again, or reset.
        Reboot = "rebooting",
        /// Request only: ask the operating system to shut down.
        SoftOff = "soft power off",
        /// Request only: soft off, then on.
        SoftReboot = "soft rebooting",
        /// The BMC could not be read.
        Error = "error",
    }
}

impl PowerState {
    /// The state a node is in when the request has been carried out.
    pub const fn settled(self) -> PowerState {
        match self {
            PowerState::On | PowerState::Reboot | PowerState::SoftReboot => PowerState::On,
            PowerState::Off | PowerState::SoftOff => PowerState::Off,
            PowerState::Error => PowerState::Error,
        }
    }

    /// Whether the request goes through the operating system.
    pub const fn is_soft(self) -> bool {
        matches!(self, PowerState::SoftOff | PowerState::SoftReboot)
    }
}
