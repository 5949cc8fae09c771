//! IPMI BMCs: RMCP+ with cipher suites 1–3 and 15–17, Kg, IPMI 1.5, and every command that
//! `ipmitool` has for power, boot flags, sensors, records, inventories, event log, serial over LAN
//! and bridging.
//!
//! ```no_run
//! # async fn story() -> std::io::Result<()> {
//! use drivers_sim::ipmi::{Bmc, Bug, IpmiBmc};
//!
//! let bmc = IpmiBmc::start(Bmc { suites: vec![17], ..Bmc::default() }).await?;
//! let address = bmc.address();               // 127.0.0.1:41327, admin / password
//! bmc.lock().machine.on = true;              // state
//! bmc.lock().bugs.on(Bug::Lose(3));          // every third answer is lost
//! // … the driver works …
//! assert_eq!(bmc.lock().count(0x00, 0x02), 1);
//! assert!(!bmc.lock().is_on());
//! # Ok(()) }
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`bmc`] | datagrams in, datagrams out: no socket, no clock |
//! | `set_up`, [`session`] | RAKP, IPMI 1.5 activation, sessions |
//! | `command` | THE table of commands, one group a file |
//! | [`controller`], [`sdr`], [`fru`] | sensors, records, inventories, event log |
//! | [`machine`] | power and boot flags, and what time does to them |
//! | [`bridge`] | controllers behind the BMC |
//! | [`sol`] | the serial line |
//! | [`bug`] | THE list of misbehaviours |
//! | `server` | one UDP socket per BMC |

pub mod bmc;
pub mod bridge;
pub mod bug;
mod command;
pub mod controller;
mod damage;
pub mod fru;
pub mod machine;
mod message;
pub mod sdr;
mod server;
pub mod session;
mod set_up;
pub mod sol;

pub use bmc::Bmc;
pub use bridge::{Relay, Satellite};
pub use bug::Bug;
pub use controller::Controller;
pub use machine::Timing;
pub use sdr::SensorState;
pub use server::IpmiBmc;
