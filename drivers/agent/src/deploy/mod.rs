//! Deploy interfaces that work through the agent's ramdisk.

mod direct;
mod ramdisk;

pub use direct::AgentDeploy;
pub use ramdisk::RamdiskDeploy;
