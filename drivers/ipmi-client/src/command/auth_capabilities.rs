//! Get Channel Authentication Capabilities (IPMI 2.0 §22.13), sent before a session exists.

use super::Command;
use crate::session::Privilege;
use crate::wire::message::NetFn;
use crate::wire::{Cursor, Malformed};

/// The channel the request arrives on.
const THIS_CHANNEL: u8 = 0x0e;
/// Also return IPMI 2.0 capabilities.
const EXTENDED: u8 = 0x80;

/// Get Channel Authentication Capabilities.
#[derive(Debug, Clone, Copy)]
pub struct GetAuthCapabilities {
    /// Level that will be asked for.
    pub privilege: Privilege,
    /// Whether to ask for IPMI 2.0 capabilities.
    pub rmcp_plus: bool,
}

/// What a channel accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthCapabilities {
    /// IPMI 1.5 without authentication.
    pub none: bool,
    /// IPMI 1.5 with MD5 codes.
    pub md5: bool,
    /// IPMI 1.5 with the password in every packet.
    pub password: bool,
    /// IPMI 2.0 is supported.
    pub rmcp_plus: bool,
    /// The BMC has a Kg key that is not all zeros.
    pub kg_required: bool,
}

impl Command for GetAuthCapabilities {
    const NAME: &'static str = "Get Channel Authentication Capabilities";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x38;
    type Output = AuthCapabilities;

    fn data(&self) -> Vec<u8> {
        let extended = if self.rmcp_plus { EXTENDED } else { 0 };
        vec![THIS_CHANNEL | extended, self.privilege as u8]
    }

    fn decode(data: &[u8]) -> Result<AuthCapabilities, Malformed> {
        AuthCapabilities::decode(data)
    }
}

impl AuthCapabilities {
    /// Reads the answer's data.
    pub fn decode(data: &[u8]) -> Result<Self, Malformed> {
        let mut cursor = Cursor::new(data);
        let [_channel, types, status] = cursor.array("authentication capabilities")?;
        let extended = types & 0x80 != 0;
        // The extended byte is reserved, and may be missing, unless bit 7 of the types is set.
        let versions = cursor.u8("extended capabilities").unwrap_or(0);
        Ok(AuthCapabilities {
            none: types & 0x01 != 0,
            md5: types & 0x04 != 0,
            password: types & 0x10 != 0,
            rmcp_plus: extended && versions & 0x02 != 0,
            kg_required: extended && status & 0x20 != 0,
        })
    }
}
