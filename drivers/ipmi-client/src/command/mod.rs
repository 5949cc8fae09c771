//! Commands: what to ask and how to read the answer. Pure data, one concept a file.

pub mod auth_capabilities;
pub mod bmc_reset;
pub mod boot_options;
pub mod chassis;
pub mod device_id;
pub mod fru;
pub mod payload;
pub mod sdr;
pub mod sel;
pub mod sensor;
pub mod session;
pub mod session15;
pub mod sol_configuration;

use crate::wire::Malformed;
use crate::wire::message::{NetFn, Request};

/// A command of the specification.
pub trait Command {
    /// Its name in the specification, for errors and logs.
    const NAME: &'static str;
    /// Network function.
    const NETFN: NetFn;
    /// Command number.
    const COMMAND: u8;
    /// What a successful answer says.
    type Output;

    /// Request data.
    fn data(&self) -> Vec<u8>;

    /// Reads the data of a successful answer (what follows the completion code).
    fn decode(data: &[u8]) -> Result<Self::Output, Malformed>;

    /// Logical unit of the responder.
    fn lun(&self) -> u8 {
        0
    }

    /// The request.
    fn request(&self) -> Request {
        Request {
            netfn: Self::NETFN,
            lun: self.lun(),
            command: Self::COMMAND,
            data: self.data(),
        }
    }
}
