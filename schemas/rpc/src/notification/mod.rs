//! Notifications: what happened, for whoever listens on the bus (`baremetal.node.power_set.end`, ...).
//!
//! Names, payloads and their versions are those of Ironic 39.0.0, observed.
//!
//! * [`event`] – level, status, and how an event is called;
//! * [`payload`] – THE table of payload classes; [`subject`] – what a payload is filled from;
//! * [`message`] – the message on the bus; [`notifier`] – where events are put;
//! * [`delivery`] – the task that sends them (`messagingv2`, `messaging`, `log`).
//!
//! Invariants
//! * nothing that notifies ever waits for the bus: events go into a bounded queue and are dropped,
//!   counted, when it is full;
//! * no secret leaves: `driver_info` and the like are masked, and tokens of callers are left out.

pub mod delivery;
pub mod event;
pub mod message;
pub mod notifier;
pub mod payload;
pub mod subject;

pub use delivery::{Delivery, Driver};
pub use event::{Level, Status};
pub use message::{Bus, Notification};
pub use notifier::Notifier;
pub use subject::Subject;
