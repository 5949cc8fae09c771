//! The `redfish` hardware type's interfaces, named `redfish`: power, management, vendor, bios,
//! inspect, raid, firmware. Behaviour as Ironic 39.0.0's, over our own client. Hardware types whose
//! BMCs speak Redfish with an accent use the same interfaces with a [`Dialect`] of their own.
//!
//! Invariants
//! * `driver_info` is parsed in one place ([`driver_info`]); validation never contacts a BMC;
//! * all interfaces share one pool of sessions ([`Connections`]); it is sized by the configuration
//!   at its first use;
//! * a failure names the node, the BMC, what was tried and what to do; it never holds a credential.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod async_step;
mod bios;
mod bmc_task;
mod connection;
mod console;
mod dialect;
mod driver_info;
mod fault;
mod firmware;
mod inspect;
mod management;
mod node_fields;
mod number;
mod power;
mod raid;
mod vendor;

use std::sync::Arc;

pub use bios::RedfishBios;
pub use connection::{Connections, NodeBmc};
pub use console::RedfishSerial;
pub use dialect::{DefaultSystem, Dialect, REDFISH, Reboot};
pub use driver_info::{Access, DriverInfo};
pub use firmware::RedfishFirmware;
pub use inspect::RedfishInspect;
pub use management::RedfishManagement;
pub use power::RedfishPower;
pub use raid::RedfishRaid;
pub use vendor::RedfishVendor;

/// One of each interface, with a common pool of BMC sessions.
#[derive(Debug, Default)]
pub struct RedfishInterfaces {
    /// Firmware settings.
    pub bios: RedfishBios,
    /// Firmware components.
    pub firmware: RedfishFirmware,
    /// Out-of-band inspection.
    pub inspect: RedfishInspect,
    /// Boot devices and modes, sensors, indicators, NMI, virtual media.
    pub management: RedfishManagement,
    /// Power.
    pub power: RedfishPower,
    /// Volumes.
    pub raid: RedfishRaid,
    /// Event subscriptions and ejection of media.
    pub vendor: RedfishVendor,
}

impl RedfishInterfaces {
    /// Interfaces that use `connections`, which the caller closes at the end.
    pub fn new(connections: &Arc<Connections>) -> Self {
        RedfishInterfaces {
            bios: RedfishBios::new(connections),
            firmware: RedfishFirmware::new(connections),
            inspect: RedfishInspect::new(connections),
            management: RedfishManagement::new(connections),
            power: RedfishPower::new(connections),
            raid: RedfishRaid::new(connections),
            vendor: RedfishVendor::new(connections),
        }
    }
}

/// Declares an interface: a struct with the shared connections, its constructor, and its name,
/// kind, properties, validation, step table and, if it has one, poll table. Steps are run by the
/// type's own `run` method, polls by its `look`.
///
/// Example: `redfish_interface!(RedfishPower, Power, properties: Dialect::properties, steps: &[]);`
macro_rules! redfish_interface {
    ($(#[$meta:meta])* $name:ident, $kind:ident, properties: $properties:expr, steps: $steps:expr $(, polls: $polls:expr)?) => {
        $(#[$meta])*
        #[derive(Debug, Default)]
        pub struct $name {
            pub(crate) connections: std::sync::Arc<crate::Connections>,
        }

        impl $name {
            /// The interface on a pool of sessions.
            pub fn new(connections: &std::sync::Arc<crate::Connections>) -> Self {
                $name { connections: std::sync::Arc::clone(connections) }
            }
        }

        #[drivers_interface::async_trait]
        impl drivers_interface::Interface for $name {
            fn name(&self) -> &'static str {
                self.connections.dialect().name
            }

            fn kind(&self) -> schemas_model::interface::InterfaceKind {
                schemas_model::interface::InterfaceKind::$kind
            }

            fn properties(&self) -> &'static [drivers_interface::Property] {
                $properties(self.connections.dialect())
            }

            async fn validate(&self, task: &dyn drivers_interface::Task) -> Result<(), schemas_model::Fault> {
                (self.connections.dialect().access)(task.node(), task.config()).map(drop)
            }

            fn step_table(&self) -> &'static [drivers_interface::StepSpec] {
                $steps
            }

            async fn run_step(
                &self,
                task: &mut dyn drivers_interface::Task,
                kind: schemas_model::step::StepKind,
                step: &schemas_model::step::Step,
            ) -> Result<drivers_interface::Outcome, schemas_model::Fault> {
                self.run(task, kind, step).await
            }

            $(fn polls(&self) -> &'static [drivers_interface::Poll] {
                $polls
            }

            async fn poll(
                &self,
                task: &mut dyn drivers_interface::Task,
                poll: &drivers_interface::Poll,
            ) -> Result<drivers_interface::Polled, schemas_model::Fault> {
                self.look(task, poll).await
            })?
        }
    };
}
pub(crate) use redfish_interface;
