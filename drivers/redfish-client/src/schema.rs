//! Typed views of the resources that drivers use, and builders of request bodies. No I/O.
//!
//! A view wraps a [`crate::Document`] and decodes a property when it is asked for.

pub mod action;
pub mod assembly;
pub mod bios;
pub mod boot;
pub mod chassis;
pub mod ethernet_interface;
pub mod event_service;
pub mod log;
pub mod manager;
pub mod memory;
pub mod pcie;
pub mod port;
pub mod processor;
pub mod reading;
pub mod secure_boot;
pub mod sensor;
pub mod serial_console;
pub mod service_root;
pub mod status;
pub mod storage;
pub mod system;
pub mod task;
pub mod update_service;
pub mod virtual_media;

/// Declares a view: a newtype around a document with `new` and `document`.
macro_rules! view {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name(crate::document::Document);

        impl $name {
            /// The view of a document that has been read.
            pub const fn new(document: crate::document::Document) -> Self {
                $name(document)
            }

            /// The document itself.
            pub const fn document(&self) -> &crate::document::Document {
                &self.0
            }

            /// `Id`, or the last segment of the path.
            ///
            /// # Errors
            /// [`crate::ErrorKind::WrongType`].
            pub fn id(&self) -> crate::Result<&str> {
                self.0.id()
            }
        }
    };
}

pub(crate) use view;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{
        action::Action,
        assembly::Assembly,
        bios::Bios,
        boot::BootOverride,
        chassis::Chassis,
        ethernet_interface::EthernetInterface,
        log::{LogEntry, LogService},
        manager::Manager,
        pcie::{PcieDevice, PcieFunction},
        port::Port,
        reading::{Excerpt, Sensor},
        sensor::{Fan, PowerSupply, Temperature},
        storage::{Drive, SimpleStorage, Storage},
        system::ComputerSystem,
        task::Task,
        virtual_media::VirtualMedia,
    };
    use crate::document::tests::document;

    /// Property names that the views look at, so that random documents hit them.
    const NAMES: &[&str] = &[
        "Id",
        "UUID",
        "PowerState",
        "Boot",
        "Actions",
        "#ComputerSystem.Reset",
        "target",
        "Links",
        "Chassis",
        "ManagedBy",
        "Members",
        "@odata.id",
        "Status",
        "State",
        "Health",
        "Attributes",
        "MediaTypes",
        "Devices",
        "Drives",
        "CapacityBytes",
        "Reading",
        "ReadingRangeMax",
        "DataSourceUri",
        "SpeedPercent",
        "SpeedRPM",
        "Fans",
        "StorageControllers",
        "Messages",
        "TaskState",
        "IndicatorLED",
        "MACAddress",
        "BootSourceOverrideTarget",
        "MemorySummary",
        "TotalSystemMemoryGiB",
        "@Redfish.Settings",
        "SettingsObject",
        "ResetType@Redfish.AllowableValues",
        "SerialConsole",
        "PCIeDevices",
        "PCIeFunctions",
        "VendorId",
        "Ethernet",
        "LLDPReceive",
        "ChassisId",
        "ManagementVlanId",
        "SupportedDeviceProtocols",
        "SpeedGbps",
        "Entries",
        "Created",
        "SensorNumber",
        "EntryCode",
        "Assemblies",
        "Producer",
    ];

    fn any_document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(|number| json!(number)),
            "(/redfish/v1/.{0,4}|On|OK|.{0,6})".prop_map(Value::from),
        ];
        let tree = leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(prop::sample::select(NAMES), inner, 0..6).prop_map(
                    |map| map
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect::<serde_json::Map<_, _>>()
                        .into()
                ),
            ]
        });
        prop::collection::btree_map(prop::sample::select(NAMES), tree, 0..10).prop_map(|map| {
            map.into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<serde_json::Map<_, _>>()
                .into()
        })
    }

    proptest! {
        /// Every accessor returns a value or a typed error that names the document, whatever came.
        #[test]
        fn no_document_upsets_a_view(body in any_document()) {
            let document = document("/redfish/v1/X", body);
            let mut errors = Vec::new();
            macro_rules! read {
                ($($result:expr),+ $(,)?) => { $(errors.extend($result.err());)+ };
            }
            let system = ComputerSystem::new(document.clone());
            read!(system.id(), system.uuid(), system.power_state(), system.indicator_led(), system.status(), system.boot(),
                system.settings(), system.memory_gib(), system.chassis(), system.managers(), system.link("Bios"));
            let manager = Manager::new(document.clone());
            read!(manager.console("SerialConsole"), manager.virtual_media(), manager.date_time());
            let (chassis, storage, simple) = (Chassis::new(document.clone()), Storage::new(document.clone()), SimpleStorage::new(document.clone()));
            read!(chassis.uuid(), storage.drives(), storage.controllers(), simple.devices());
            let (drive, media, bios) = (Drive::new(document.clone()), VirtualMedia::new(document.clone()), Bios::new(document.clone()));
            read!(drive.capacity_bytes(), drive.volumes(), media.media_types(), media.inserted(), bios.attributes(), bios.settings());
            let (task, interface) = (Task::new(document.clone()), EthernetInterface::new(document.clone()));
            read!(task.state(), task.succeeded(), interface.mac_address(), Action::find(&document, "#ComputerSystem.Reset"));
            read!(Excerpt::of(&document.root()), Sensor::of(&document), Fan::of_subsystem(&document, None), PowerSupply::of_subsystem(&document, None));
            read!(Fan::of(&document.root()), Temperature::of(&document.root()), PowerSupply::of(&document.root()), BootOverride::of(&document.root()));
            let (device, function) = (PcieDevice::new(document.clone()), PcieFunction::new(document.clone()));
            read!(device.functions(), function.vendor_id(), Port::new(document.clone()).neighbour(), system.pcie_devices());
            let (log, entry) = (LogService::new(document.clone()), LogEntry::new(document.clone()));
            read!(log.entries(), entry.created(), entry.message(), entry.sensor_number(), entry.entry_code(), Assembly::all(&document));
            let _ = (LogService::of_events(vec![log]), task.explanation());
            for error in errors {
                prop_assert!(error.to_string().contains("/redfish/v1/X"), "{error}");
            }
        }
    }
}
