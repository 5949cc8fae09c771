//! System boot options (IPMI 2.0 §28.12–28.14): what the machine boots from next.

use super::Command;
use crate::wire::message::NetFn;
use crate::wire::{Cursor, Malformed};

/// Boot option parameters that we read or write (IPMI 2.0 table 28-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BootParameter {
    /// "Set in progress": 0 complete, 1 in progress, 2 commit.
    SetInProgress(u8),
    /// Events that do *not* make the BMC clear the boot flags.
    KeepFlagsOn(u8),
    /// Who has seen the boot info: write mask, then values.
    InfoAcknowledge(u8, u8),
    /// The boot flags.
    Flags(BootFlags),
}

/// "Boot flag valid bit clearing": keep the flags although no Chassis Control command came within
/// 60 seconds (bit 3 of parameter 3).
pub const KEEP_AFTER_TIMEOUT: u8 = 0x08;

/// Number of the boot flags parameter.
const FLAGS: u8 = 5;

/// Device selector of the boot flags, as a 4-bit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BootDevice(u8);

impl BootDevice {
    /// No override.
    pub const NONE: BootDevice = BootDevice(0x0);
    /// Network.
    pub const PXE: BootDevice = BootDevice(0x1);
    /// Default hard drive.
    pub const DISK: BootDevice = BootDevice(0x2);
    /// Default hard drive, safe mode.
    pub const SAFE_MODE: BootDevice = BootDevice(0x3);
    /// Diagnostic partition.
    pub const DIAGNOSTIC: BootDevice = BootDevice(0x4);
    /// Default CD or DVD.
    pub const CDROM: BootDevice = BootDevice(0x5);
    /// BIOS set-up.
    pub const BIOS_SETUP: BootDevice = BootDevice(0x6);
    /// Remotely connected CD or DVD.
    pub const REMOTE_CDROM: BootDevice = BootDevice(0x8);
    /// Remotely connected hard drive.
    pub const REMOTE_DISK: BootDevice = BootDevice(0xb);
    /// Remotely connected primary medium. Supermicro firmware takes it for the UEFI hard disk.
    pub const PRIMARY_REMOTE: BootDevice = BootDevice(0x9);

    /// The device with this 4-bit code.
    pub const fn from_code(code: u8) -> Self {
        BootDevice(code & 0x0f)
    }

    /// The 4-bit code.
    pub const fn code(self) -> u8 {
        self.0
    }
}

/// The boot flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootFlags {
    /// The flags apply to the next boot. A BMC clears this bit by itself after use.
    pub valid: bool,
    /// They apply to all later boots as well.
    pub persistent: bool,
    /// Boot in UEFI mode rather than BIOS mode.
    pub efi: bool,
    /// What to boot.
    pub device: BootDevice,
}

impl BootFlags {
    /// The five bytes of the parameter.
    pub const fn encode(self) -> [u8; 5] {
        let mut first = 0;
        if self.valid {
            first |= 0x80;
        }
        if self.persistent {
            first |= 0x40;
        }
        if self.efi {
            first |= 0x20;
        }
        [first, self.device.code() << 2, 0, 0, 0]
    }

    /// Reads the parameter.
    pub fn decode(data: &[u8]) -> Result<Self, Malformed> {
        let [first, second] = Cursor::new(data).array("boot flags")?;
        Ok(BootFlags {
            valid: first & 0x80 != 0,
            persistent: first & 0x40 != 0,
            efi: first & 0x20 != 0,
            device: BootDevice::from_code(second >> 2),
        })
    }
}

/// Set System Boot Options.
#[derive(Debug, Clone, Copy)]
pub struct SetBootOptions(
    /// Parameter and value.
    pub BootParameter,
);

impl Command for SetBootOptions {
    const NAME: &'static str = "Set System Boot Options";
    const NETFN: NetFn = NetFn::CHASSIS;
    const COMMAND: u8 = 0x08;
    type Output = ();

    fn data(&self) -> Vec<u8> {
        match self.0 {
            BootParameter::SetInProgress(state) => vec![0, state],
            BootParameter::KeepFlagsOn(events) => vec![3, events],
            BootParameter::InfoAcknowledge(mask, values) => vec![4, mask, values],
            BootParameter::Flags(flags) => {
                let mut data = vec![FLAGS];
                data.extend_from_slice(&flags.encode());
                data
            }
        }
    }

    fn decode(_data: &[u8]) -> Result<(), Malformed> {
        Ok(())
    }
}

/// Get System Boot Options, for the boot flags.
#[derive(Debug, Clone, Copy, Default)]
pub struct GetBootFlags;

impl Command for GetBootFlags {
    const NAME: &'static str = "Get System Boot Options";
    const NETFN: NetFn = NetFn::CHASSIS;
    const COMMAND: u8 = 0x09;
    type Output = BootFlags;

    fn data(&self) -> Vec<u8> {
        vec![FLAGS, 0, 0]
    }

    fn decode(data: &[u8]) -> Result<BootFlags, Malformed> {
        let mut cursor = Cursor::new(data);
        let [_version, parameter] = cursor.array("boot option parameter")?;
        if parameter & 0x7f != FLAGS {
            return Err(Malformed("another boot option parameter"));
        }
        BootFlags::decode(cursor.rest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes Ironic 39 sends raw for UEFI.
    #[test]
    fn persistent_uefi_pxe() {
        let flags = BootFlags {
            valid: true,
            persistent: true,
            efi: true,
            device: BootDevice::PXE,
        };
        assert_eq!(
            SetBootOptions(BootParameter::Flags(flags)).data(),
            [5, 0xe0, 0x04, 0, 0, 0]
        );
        assert_eq!(BootFlags::decode(&flags.encode()).unwrap(), flags);
    }

    #[test]
    fn one_time_bios_disk() {
        let flags = BootFlags {
            valid: true,
            persistent: false,
            efi: false,
            device: BootDevice::DISK,
        };
        assert_eq!(flags.encode(), [0x80, 0x08, 0, 0, 0]);
    }

    #[test]
    fn another_parameter_is_not_taken_for_the_flags() {
        assert!(GetBootFlags::decode(&[1, 4, 0x80, 0x04, 0, 0, 0]).is_err());
        assert!(GetBootFlags::decode(&[1, 5, 0x80]).is_err());
        assert!(GetBootFlags::decode(&[1, 5, 0x80, 0x04, 0, 0, 0]).is_ok());
    }
}
