//! Cold Reset and Warm Reset of the management controller (IPMI 2.0 §20.2–20.3).

use super::Command;
use crate::wire::Malformed;
use crate::wire::message::NetFn;

/// Restart the controller with its default settings. It may not answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct ColdReset;

/// Restart the controller, keeping its settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct WarmReset;

impl Command for ColdReset {
    const NAME: &'static str = "Cold Reset";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x02;
    type Output = ();

    fn data(&self) -> Vec<u8> {
        Vec::new()
    }

    fn decode(_data: &[u8]) -> Result<(), Malformed> {
        Ok(())
    }
}

impl Command for WarmReset {
    const NAME: &'static str = "Warm Reset";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x03;
    type Output = ();

    fn data(&self) -> Vec<u8> {
        Vec::new()
    }

    fn decode(_data: &[u8]) -> Result<(), Malformed> {
        Ok(())
    }
}
