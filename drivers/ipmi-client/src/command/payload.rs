//! Activate Payload, Deactivate Payload, Get Payload Activation Status, Get Payload Instance Info
//! (IPMI 2.0 §24.1–24.5), for serial over LAN.

use super::Command;
use crate::wire::message::NetFn;
use crate::wire::session20::PayloadType;
use crate::wire::{Cursor, Malformed};

/// Serial alerts wait while a line is open, and are not lost (bits 3:2 of the first auxiliary byte).
const ALERTS_DEFERRED: u8 = 0x04;
const ENCRYPTED: u8 = 0x80;
const AUTHENTICATED: u8 = 0x40;

/// Activate Payload for serial over LAN.
#[derive(Debug, Clone, Copy)]
pub struct ActivateSol {
    /// Which line of the BMC; 1 is the first and mostly the only one.
    pub instance: u8,
    /// Characters are to be encrypted.
    pub encrypted: bool,
    /// Packets are to have an integrity code.
    pub authenticated: bool,
}

/// What a BMC says about a line it has opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activated {
    /// Largest payload that the BMC takes, in bytes, with its 4-byte header.
    pub inbound_max: u16,
    /// Largest payload that the BMC sends, in bytes, with its 4-byte header.
    pub outbound_max: u16,
    /// UDP port the payload is to be exchanged on.
    pub port: u16,
}

impl Command for ActivateSol {
    const NAME: &'static str = "Activate Payload";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x48;
    type Output = Activated;

    fn data(&self) -> Vec<u8> {
        let mut auxiliary = ALERTS_DEFERRED;
        if self.encrypted {
            auxiliary |= ENCRYPTED;
        }
        if self.authenticated {
            auxiliary |= AUTHENTICATED;
        }
        let instance = self.instance & 0x0f;
        vec![PayloadType::Sol as u8, instance, auxiliary, 0, 0, 0]
    }

    fn decode(data: &[u8]) -> Result<Activated, Malformed> {
        let mut cursor = Cursor::new(data);
        let _auxiliary = cursor.u32("auxiliary data")?;
        Ok(Activated {
            inbound_max: cursor.u16("inbound payload size")?,
            outbound_max: cursor.u16("outbound payload size")?,
            port: cursor.u16("payload UDP port")?,
        })
    }
}

/// Deactivate Payload for serial over LAN. It ends the line whoever has opened it.
#[derive(Debug, Clone, Copy)]
pub struct DeactivateSol {
    /// Which line of the BMC.
    pub instance: u8,
}

impl Command for DeactivateSol {
    const NAME: &'static str = "Deactivate Payload";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x49;
    type Output = ();

    fn data(&self) -> Vec<u8> {
        vec![PayloadType::Sol as u8, self.instance & 0x0f, 0, 0, 0, 0]
    }

    fn decode(_data: &[u8]) -> Result<(), Malformed> {
        Ok(())
    }
}

/// Get Payload Activation Status for serial over LAN.
#[derive(Debug, Clone, Copy, Default)]
pub struct GetSolStatus;

/// Which lines are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SolStatus {
    /// Bit n - 1: instance n is open.
    pub open: u16,
}

impl SolStatus {
    /// Whether an instance (1–16) is open.
    pub fn is_open(self, instance: u8) -> bool {
        let bit = u32::from(instance.saturating_sub(1));
        1u16.checked_shl(bit)
            .is_some_and(|bit| self.open & bit != 0)
    }
}

impl Command for GetSolStatus {
    const NAME: &'static str = "Get Payload Activation Status";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x4a;
    type Output = SolStatus;

    fn data(&self) -> Vec<u8> {
        vec![PayloadType::Sol as u8]
    }

    fn decode(data: &[u8]) -> Result<SolStatus, Malformed> {
        let mut cursor = Cursor::new(data);
        let _capacity = cursor.u8("instance capacity")?;
        Ok(SolStatus {
            open: cursor.u16("activation status")?,
        })
    }
}

/// Get Payload Instance Info for serial over LAN: which session has a line.
#[derive(Debug, Clone, Copy)]
pub struct GetSolOwner {
    /// Which line of the BMC.
    pub instance: u8,
}

impl Command for GetSolOwner {
    const NAME: &'static str = "Get Payload Instance Info";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x4b;
    /// The number that the BMC gave the session; 0 when nobody has the line.
    type Output = u32;

    fn data(&self) -> Vec<u8> {
        vec![PayloadType::Sol as u8, self.instance & 0x0f]
    }

    fn decode(data: &[u8]) -> Result<u32, Malformed> {
        Cursor::new(data).u32("session")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What ipmi_sim answers while `ipmitool sol activate` runs in its session 0x102.
    #[test]
    fn the_owner_of_a_line_is_a_session() {
        assert_eq!(GetSolOwner { instance: 1 }.data(), [0x01, 0x01]);
        let answer = [0x02, 0x01, 0, 0, 0x01, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(GetSolOwner::decode(&answer).unwrap(), 0x102);
        assert!(GetSolOwner::decode(&answer[..3]).is_err());
    }

    /// The bytes `ipmitool sol activate` sends with cipher suite 3 or 17.
    #[test]
    fn a_line_is_opened_with_the_protection_of_its_session() {
        let command = ActivateSol {
            instance: 1,
            encrypted: true,
            authenticated: true,
        };
        assert_eq!(command.data(), [0x01, 0x01, 0xc4, 0, 0, 0]);
        let plain = ActivateSol {
            encrypted: false,
            ..command
        };
        assert_eq!(plain.data(), [0x01, 0x01, 0x44, 0, 0, 0]);
    }

    #[test]
    fn an_opened_line_says_how_much_it_takes() {
        let answer = [0, 0, 0, 0, 0xff, 0x00, 0x00, 0x01, 0x6f, 0x02, 0xff, 0xff];
        let activated = ActivateSol::decode(&answer).unwrap();
        assert_eq!(
            (
                activated.inbound_max,
                activated.outbound_max,
                activated.port
            ),
            (255, 256, 623)
        );
        assert!(ActivateSol::decode(&answer[..9]).is_err());
    }

    #[test]
    fn status_is_a_bit_per_line() {
        let status = GetSolStatus::decode(&[0x01, 0x01, 0x80]).unwrap();
        assert!(status.is_open(1));
        assert!(!status.is_open(2));
        assert!(status.is_open(16));
        assert!(!status.is_open(17));
    }
}
