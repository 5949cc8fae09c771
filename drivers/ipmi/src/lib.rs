//! The `ipmitool` interfaces (power, management, vendor, console) and Intel's variant, without ipmitool.
//!
//! They behave as those of Ironic 39.0.0 with the same names: same `driver_info`, same `[ipmi]`
//! options, same steps and vendor methods. The BMC is spoken to by `drivers-ipmi-client` in this
//! process, over sessions that are kept between operations.
//!
//! Four options of `[ipmi]` are about running ipmitool and have no effect: `debug`,
//! `kill_on_timeout` (every operation has a deadline), `store_cred_in_env` and
//! `use_ipmitool_retries`. So have those of `[console]` that are about running socat: `kill_timeout`,
//! `subprocess_checking_interval`, `subprocess_timeout` and `terminal_pid_dir`.
//!
//! Invariants
//! * every operation on a BMC goes through [`Bmcs`], which applies `[ipmi]min_command_interval` and
//!   `[ipmi]command_retry_timeout`;
//! * every failure names the node, the BMC and what was tried;
//! * validation contacts no BMC.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod bmcs;
mod boot_device;
mod boot_mode;
mod console;
mod driver_info;
mod force_boot_device;
mod identify;
mod intel;
mod management;
mod manufacturer;
mod number;
mod power;
mod properties;
mod raw_bytes;
mod retryable;
mod sensors;
mod vendor;

pub use bmcs::Bmcs;
pub use console::IpmitoolSocat;
pub use driver_info::target;
pub use intel::IntelIpmitoolManagement;
pub use management::IpmitoolManagement;
pub use manufacturer::manufacturer;
pub use power::IpmitoolPower;
pub use properties::PROPERTIES;
pub use sensors::Reading;
pub use vendor::IpmitoolVendor;
