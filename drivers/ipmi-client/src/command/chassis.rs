//! Chassis commands: status, power control, identification (IPMI 2.0 §28.2–28.5).

use super::Command;
use crate::wire::message::NetFn;
use crate::wire::{Cursor, Malformed};

/// Get Chassis Status.
#[derive(Debug, Clone, Copy, Default)]
pub struct GetChassisStatus;

/// What a chassis says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChassisStatus {
    /// System power is on.
    pub power_on: bool,
    /// Shutdown because of a power overload.
    pub power_overload: bool,
    /// Shutdown because of an interlock switch.
    pub interlock: bool,
    /// A fault in the main power subsystem.
    pub power_fault: bool,
    /// The last power control command failed.
    pub power_control_fault: bool,
    /// The last power-up was commanded over IPMI.
    pub last_on_by_command: bool,
    /// The chassis is open.
    pub intrusion: bool,
    /// A drive has failed.
    pub drive_fault: bool,
    /// A fan has failed or it is too hot.
    pub cooling_fault: bool,
    /// The identify light, if the chassis tells.
    pub identify: Option<IdentifyState>,
}

/// The identify light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentifyState {
    /// Off.
    Off,
    /// On for a while.
    Temporary,
    /// On until switched off.
    On,
}

impl IdentifyState {
    /// From the third byte of the status: bit 6 says that bits 5:4 mean something.
    const fn from_misc(misc: u8) -> Option<Self> {
        match (misc >> 6 & 1, misc >> 4 & 0x03) {
            (1, 0) => Some(IdentifyState::Off),
            (1, 1) => Some(IdentifyState::Temporary),
            (1, 2) => Some(IdentifyState::On),
            _ => None,
        }
    }
}

impl Command for GetChassisStatus {
    const NAME: &'static str = "Get Chassis Status";
    const NETFN: NetFn = NetFn::CHASSIS;
    const COMMAND: u8 = 0x01;
    type Output = ChassisStatus;

    fn data(&self) -> Vec<u8> {
        Vec::new()
    }

    fn decode(data: &[u8]) -> Result<ChassisStatus, Malformed> {
        let mut cursor = Cursor::new(data);
        let power = cursor.u8("current power state")?;
        // Some firmware answers with the power state alone.
        let event = cursor.u8("last power event").unwrap_or(0);
        let misc = cursor.u8("misc chassis state").unwrap_or(0);
        Ok(ChassisStatus {
            power_on: power & 0x01 != 0,
            power_overload: power & 0x02 != 0,
            interlock: power & 0x04 != 0,
            power_fault: power & 0x08 != 0,
            power_control_fault: power & 0x10 != 0,
            last_on_by_command: event & 0x10 != 0,
            intrusion: misc & 0x01 != 0,
            drive_fault: misc & 0x04 != 0,
            cooling_fault: misc & 0x08 != 0,
            identify: IdentifyState::from_misc(misc),
        })
    }
}

/// What Chassis Control does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChassisAction {
    /// Power off at once.
    PowerDown = 0x00,
    /// Power on.
    PowerUp = 0x01,
    /// Power off, wait, power on.
    PowerCycle = 0x02,
    /// Pulse the reset line.
    HardReset = 0x03,
    /// Diagnostic interrupt: the NMI.
    DiagnosticInterrupt = 0x04,
    /// Ask the operating system to shut down, as the power button does (ACPI).
    SoftShutdown = 0x05,
}

/// Chassis Control.
#[derive(Debug, Clone, Copy)]
pub struct ChassisControl(
    /// What to do.
    pub ChassisAction,
);

impl Command for ChassisControl {
    const NAME: &'static str = "Chassis Control";
    const NETFN: NetFn = NetFn::CHASSIS;
    const COMMAND: u8 = 0x02;
    type Output = ();

    fn data(&self) -> Vec<u8> {
        vec![self.0 as u8]
    }

    fn decode(_data: &[u8]) -> Result<(), Malformed> {
        Ok(())
    }
}

/// Chassis Identify: the blinking light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChassisIdentify {
    /// For so many seconds; 0 turns it off.
    Seconds(u8),
    /// Until turned off.
    Forever,
}

impl Command for ChassisIdentify {
    const NAME: &'static str = "Chassis Identify";
    const NETFN: NetFn = NetFn::CHASSIS;
    const COMMAND: u8 = 0x04;
    type Output = ();

    fn data(&self) -> Vec<u8> {
        match self {
            ChassisIdentify::Seconds(seconds) => vec![*seconds],
            ChassisIdentify::Forever => vec![0, 1],
        }
    }

    fn decode(_data: &[u8]) -> Result<(), Malformed> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_as_a_bmc_sends_it() {
        let status = GetChassisStatus::decode(&[0x21, 0x10, 0x40]).unwrap();
        assert!(status.power_on && status.last_on_by_command);
        assert!(!status.power_fault && !status.intrusion);
        assert!(!GetChassisStatus::decode(&[0x60]).unwrap().power_on);
        assert!(GetChassisStatus::decode(&[]).is_err());
        assert_eq!(status.identify, Some(IdentifyState::Off));
        let light = |misc| GetChassisStatus::decode(&[0, 0, misc]).unwrap().identify;
        assert_eq!(light(0x60), Some(IdentifyState::On));
        assert_eq!(light(0x20), None);
    }
}
