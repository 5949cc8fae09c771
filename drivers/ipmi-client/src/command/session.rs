//! Set Session Privilege Level and Close Session (IPMI 2.0 §22.18–22.19).

use super::Command;
use crate::session::Privilege;
use crate::wire::message::NetFn;
use crate::wire::{Cursor, Malformed};

/// Set Session Privilege Level.
#[derive(Debug, Clone, Copy)]
pub struct SetSessionPrivilege {
    /// The level.
    pub privilege: Privilege,
}

impl Command for SetSessionPrivilege {
    const NAME: &'static str = "Set Session Privilege Level";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x3b;
    /// The level that is in force.
    type Output = u8;

    fn data(&self) -> Vec<u8> {
        vec![self.privilege as u8]
    }

    fn decode(data: &[u8]) -> Result<u8, Malformed> {
        Cursor::new(data).u8("privilege level")
    }
}

/// Close Session.
#[derive(Debug, Clone, Copy)]
pub struct CloseSession {
    /// Session id that the BMC chose.
    pub session: u32,
}

impl Command for CloseSession {
    const NAME: &'static str = "Close Session";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x3c;
    type Output = ();

    fn data(&self) -> Vec<u8> {
        self.session.to_le_bytes().to_vec()
    }

    fn decode(_data: &[u8]) -> Result<(), Malformed> {
        Ok(())
    }
}
