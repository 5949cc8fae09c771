//! Get and Set SOL Configuration Parameters (IPMI 2.0 §26.2–26.5), as far as a line needs them.

use super::Command;
use crate::wire::message::NetFn;
use crate::wire::{Cursor, Malformed};

/// The channel a request comes in on.
const THIS_CHANNEL: u8 = 0x0e;
/// Parameter selector of "SOL Enable".
const ENABLE: u8 = 0x01;

/// Reads whether serial over LAN is enabled on this channel.
#[derive(Debug, Clone, Copy, Default)]
pub struct GetSolEnabled;

impl Command for GetSolEnabled {
    const NAME: &'static str = "Get SOL Configuration Parameters";
    const NETFN: NetFn = NetFn::TRANSPORT;
    const COMMAND: u8 = 0x22;
    type Output = bool;

    fn data(&self) -> Vec<u8> {
        vec![THIS_CHANNEL, ENABLE, 0, 0]
    }

    fn decode(data: &[u8]) -> Result<bool, Malformed> {
        let mut cursor = Cursor::new(data);
        let _revision = cursor.u8("parameter revision")?;
        Ok(cursor.u8("SOL enable")? & 0x01 != 0)
    }
}

/// Enables serial over LAN on this channel.
#[derive(Debug, Clone, Copy, Default)]
pub struct SetSolEnabled;

impl Command for SetSolEnabled {
    const NAME: &'static str = "Set SOL Configuration Parameters";
    const NETFN: NetFn = NetFn::TRANSPORT;
    const COMMAND: u8 = 0x21;
    type Output = ();

    fn data(&self) -> Vec<u8> {
        vec![THIS_CHANNEL, ENABLE, 0x01]
    }

    fn decode(_data: &[u8]) -> Result<(), Malformed> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enable_is_parameter_1_of_the_present_channel() {
        assert_eq!(GetSolEnabled.request().data, [0x0e, 0x01, 0x00, 0x00]);
        assert_eq!(SetSolEnabled.request().data, [0x0e, 0x01, 0x01]);
        assert!(GetSolEnabled::decode(&[0x11, 0x01]).unwrap());
        assert!(!GetSolEnabled::decode(&[0x11, 0x00]).unwrap());
        assert!(GetSolEnabled::decode(&[0x11]).is_err());
    }
}
