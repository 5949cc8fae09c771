//! Deploy interfaces that work through the agent's ramdisk.

mod autodetect;
mod direct;
mod ramdisk;
mod tear_down;

pub use autodetect::AutodetectDeploy;
pub use direct::AgentDeploy;
pub use ramdisk::RamdiskDeploy;
