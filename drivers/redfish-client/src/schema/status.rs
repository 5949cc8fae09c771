//! The `Status` object and other values that many resources share.

use crate::{Result, document::Field, wire_enum::wire_enum};

wire_enum! {
    /// `Status.Health`.
    Health {
        /// Normal.
        Ok = "OK",
        /// Needs attention.
        Warning = "Warning",
        /// Needs attention at once.
        Critical = "Critical",
    }
}

wire_enum! {
    /// `PowerState` of systems, chassis and managers.
    PowerState {
        /// On.
        On = "On",
        /// Off, though some parts may still have power.
        Off = "Off",
        /// Between off and on.
        PoweringOn = "PoweringOn",
        /// Between on and off.
        PoweringOff = "PoweringOff",
        /// Paused, of virtual machines.
        Paused = "Paused",
    }
}

wire_enum! {
    /// `IndicatorLED`.
    IndicatorLed {
        /// On.
        Lit = "Lit",
        /// Blinking.
        Blinking = "Blinking",
        /// Off.
        Off = "Off",
        /// Not known; deprecated in the schema.
        Unknown = "Unknown",
    }
}

wire_enum! {
    /// `ResetType` of systems, chassis and managers.
    ResetType {
        /// Turn on.
        On = "On",
        /// Turn off at once.
        ForceOff = "ForceOff",
        /// Shut down, then turn off.
        GracefulShutdown = "GracefulShutdown",
        /// Shut down, then restart.
        GracefulRestart = "GracefulRestart",
        /// Restart at once.
        ForceRestart = "ForceRestart",
        /// Diagnostic interrupt.
        Nmi = "Nmi",
        /// Turn on at once.
        ForceOn = "ForceOn",
        /// Press the power button.
        PushPowerButton = "PushPowerButton",
        /// Take power away and give it back.
        PowerCycle = "PowerCycle",
        /// Take power away and give it back; Huawei's own word.
        ForcePowerCycle = "ForcePowerCycle",
        /// Power cycle of everything, standby power too.
        FullPowerCycle = "FullPowerCycle",
        /// Save to disk and turn off.
        Suspend = "Suspend",
        /// Stop the processors.
        Pause = "Pause",
        /// Undo a pause or suspension.
        Resume = "Resume",
    }
}

/// The `Status` object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// `State`, for example `Enabled` or `Absent`.
    pub state: Option<String>,
    /// `Health`, of the resource alone.
    pub health: Option<Health>,
    /// `HealthRollup`, with what depends on it.
    pub health_rollup: Option<Health>,
}

impl Status {
    /// Reads the `Status` of the object at `field`.
    pub fn of(field: &Field<'_>) -> Result<Self> {
        let status = field.field("Status");
        Ok(Status {
            state: status.field("State").text()?.map(str::to_owned),
            health: status.field("Health").known(Health::from_wire)?,
            health_rollup: status.field("HealthRollup").known(Health::from_wire)?,
        })
    }

    /// Whether `State` is `Enabled`.
    pub fn is_enabled(&self) -> bool {
        self.state.as_deref() == Some("Enabled")
    }
}
