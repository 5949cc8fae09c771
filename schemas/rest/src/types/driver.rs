//! The fields of a driver (a hardware type that some conductor has).
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.driver`.

use schemas_model::ConductorInterface;
use schemas_model::interface::InterfaceKind;

use crate::field::{Field, Json, Resource, Show};
use crate::versions::Feature;

/// A driver in the API.
pub struct DriverResource;

type Row = Field<DriverResource>;

/// A driver and where it runs.
#[derive(Clone, Copy, Debug)]
pub struct DriverView<'a> {
    /// The hardware type.
    pub name: &'a str,
    /// The conductors that have it.
    pub hosts: &'a [String],
    /// What they offer for it, several conductors together.
    pub interfaces: &'a [ConductorInterface],
}

impl DriverView<'_> {
    fn default_of(&self, kind: InterfaceKind) -> Option<&str> {
        self.interfaces
            .iter()
            .rfind(|interface| interface.kind == kind && interface.default)
            .map(|interface| interface.name.as_str())
    }

    fn enabled(&self, kind: InterfaceKind) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .interfaces
            .iter()
            .filter(|interface| interface.kind == kind)
            .map(|interface| interface.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

const fn default_of(
    name: &'static str,
    since: Feature,
    show: Show<DriverResource>,
) -> Field<DriverResource> {
    Row::shown(name, Json::String, show).since(since).one_only()
}

const fn enabled(
    name: &'static str,
    since: Feature,
    show: Show<DriverResource>,
) -> Field<DriverResource> {
    Row::shown(name, Json::Array, show).since(since).one_only()
}

impl Resource for DriverResource {
    type View<'a> = DriverView<'a>;
    type Model = ();
    const NAME: &'static str = "driver";
    const COLLECTION: &'static str = "drivers";
    const SHORT: &'static [&'static str] = &["name", "hosts", "properties", "type"];
    const FIELDS: &'static [Field<Self>] = &[
        Row::shown("name", Json::String, |v, out| out.text(v.name)),
        Row::shown("hosts", Json::Array, |v, out| out.texts(v.hosts)),
        Row::shown("links", Json::Array, |v, out| {
            out.links(format_args!("drivers/{}", v.name));
        })
        .always(),
        Row::shown("properties", Json::Array, |v, out| {
            out.links(format_args!("drivers/{}/properties", v.name));
        })
        .since(Feature::LinksNodestatesDriverproperties),
        // Classic drivers are gone; every driver is made of interfaces.
        Row::shown("type", Json::String, |_, out| out.text("dynamic"))
            .since(Feature::DynamicDrivers),
        default_of(
            "default_bios_interface",
            Feature::BiosInterface,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Bios));
            },
        ),
        enabled(
            "enabled_bios_interfaces",
            Feature::BiosInterface,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Bios));
            },
        ),
        default_of(
            "default_boot_interface",
            Feature::DynamicDrivers,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Boot));
            },
        ),
        enabled(
            "enabled_boot_interfaces",
            Feature::DynamicDrivers,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Boot));
            },
        ),
        default_of(
            "default_console_interface",
            Feature::DynamicDrivers,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Console));
            },
        ),
        enabled(
            "enabled_console_interfaces",
            Feature::DynamicDrivers,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Console));
            },
        ),
        default_of(
            "default_deploy_interface",
            Feature::DynamicDrivers,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Deploy));
            },
        ),
        enabled(
            "enabled_deploy_interfaces",
            Feature::DynamicDrivers,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Deploy));
            },
        ),
        default_of(
            "default_firmware_interface",
            Feature::FirmwareInterface,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Firmware));
            },
        ),
        enabled(
            "enabled_firmware_interfaces",
            Feature::FirmwareInterface,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Firmware));
            },
        ),
        default_of(
            "default_inspect_interface",
            Feature::DynamicDrivers,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Inspect));
            },
        ),
        enabled(
            "enabled_inspect_interfaces",
            Feature::DynamicDrivers,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Inspect));
            },
        ),
        default_of(
            "default_management_interface",
            Feature::DynamicDrivers,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Management));
            },
        ),
        enabled(
            "enabled_management_interfaces",
            Feature::DynamicDrivers,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Management));
            },
        ),
        default_of(
            "default_network_interface",
            Feature::DynamicDrivers,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Network));
            },
        ),
        enabled(
            "enabled_network_interfaces",
            Feature::DynamicDrivers,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Network));
            },
        ),
        default_of(
            "default_power_interface",
            Feature::DynamicDrivers,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Power));
            },
        ),
        enabled(
            "enabled_power_interfaces",
            Feature::DynamicDrivers,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Power));
            },
        ),
        default_of(
            "default_raid_interface",
            Feature::DynamicDrivers,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Raid));
            },
        ),
        enabled(
            "enabled_raid_interfaces",
            Feature::DynamicDrivers,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Raid));
            },
        ),
        default_of(
            "default_rescue_interface",
            Feature::RescueInterface,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Rescue));
            },
        ),
        enabled(
            "enabled_rescue_interfaces",
            Feature::RescueInterface,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Rescue));
            },
        ),
        default_of(
            "default_storage_interface",
            Feature::StorageInterface,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Storage));
            },
        ),
        enabled(
            "enabled_storage_interfaces",
            Feature::StorageInterface,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Storage));
            },
        ),
        default_of(
            "default_vendor_interface",
            Feature::DynamicDrivers,
            |v, out| {
                out.maybe_text(v.default_of(InterfaceKind::Vendor));
            },
        ),
        enabled(
            "enabled_vendor_interfaces",
            Feature::DynamicDrivers,
            |v, out| {
                out.texts(v.enabled(InterfaceKind::Vendor));
            },
        ),
    ];
}
