//! `fake-hardware`: every interface without a machine behind it, for tests, load and demonstrations.
//!
//! Behaviour is that of Ironic 39.0.0's fake interfaces, delays included (`[fake]*_delay`).
//! Nothing here touches a network.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod bios;
mod boot;
mod console;
mod delay;
mod deploy;
mod firmware;
mod inspect;
mod management;
mod power;
mod raid;
mod rescue;
mod storage;
mod vendor;

pub use bios::FakeBios;
pub use boot::FakeBoot;
pub use console::FakeConsole;
pub use deploy::FakeDeploy;
pub use firmware::FakeFirmware;
pub use inspect::FakeInspect;
pub use management::FakeManagement;
pub use power::FakePower;
pub use raid::FakeRaid;
pub use rescue::FakeRescue;
pub use storage::FakeStorage;
pub use vendor::{FakeVendorA, FakeVendorB};

/// Gives a unit struct the name `fake` and its kind.
macro_rules! fake_interface {
    ($type:ty, $kind:ident) => {
        #[drivers_interface::async_trait]
        impl drivers_interface::Interface for $type {
            fn name(&self) -> &'static str {
                "fake"
            }
            fn kind(&self) -> schemas_model::interface::InterfaceKind {
                schemas_model::interface::InterfaceKind::$kind
            }
        }
    };
}
pub(crate) use fake_interface;
