//! Interfaces that stand for "this machine does not have one": `no-*` refuse, `noop` do nothing.

mod cinder;
mod flat;
mod noop;
mod refuse;

pub(crate) use cinder::CinderStorage;
pub(crate) use flat::FlatNetwork;
pub(crate) use noop::{NoopDeploy, NoopManagement, NoopNetwork, NoopStorage};
pub(crate) use refuse::{NoBios, NoConsole, NoFirmware, NoInspect, NoRaid, NoRescue, NoVendor};
