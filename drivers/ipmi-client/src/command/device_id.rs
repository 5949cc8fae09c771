//! Get Device ID (IPMI 2.0 §20.1).

use ipmi_rs_core::app::DeviceId;

use super::Command;
use crate::wire::Malformed;
use crate::wire::message::NetFn;

/// Get Device ID: what the management controller is. Also the cheapest question there is, so it
/// keeps sessions alive.
#[derive(Debug, Clone, Copy, Default)]
pub struct GetDeviceId;

impl Command for GetDeviceId {
    const NAME: &'static str = "Get Device ID";
    const NETFN: NetFn = NetFn::APP;
    const COMMAND: u8 = 0x01;
    type Output = DeviceId;

    fn data(&self) -> Vec<u8> {
        Vec::new()
    }

    fn decode(data: &[u8]) -> Result<DeviceId, Malformed> {
        DeviceId::from_data(data).ok_or(Malformed("device id too short"))
    }
}
