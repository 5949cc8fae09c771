//! What configuration enables and prefers, by kind: the one place that knows the option names.

use schemas_config::Config;
use schemas_model::interface::InterfaceKind;

/// The `enabled_*` and `default_*_interface` options as a table.
#[derive(Clone, Copy)]
pub struct Enabled<'a> {
    config: &'a Config,
}

/// Options with and without a default of their own, read alike.
trait Setting {
    fn names(&self) -> &[String] {
        &[]
    }
    fn name(&self) -> Option<&str> {
        None
    }
}

impl Setting for Vec<String> {
    fn names(&self) -> &[String] {
        self
    }
}

impl Setting for Option<Vec<String>> {
    fn names(&self) -> &[String] {
        self.as_deref().unwrap_or_default()
    }
}

impl Setting for String {
    fn name(&self) -> Option<&str> {
        Some(self)
    }
}

impl Setting for Option<String> {
    fn name(&self) -> Option<&str> {
        self.as_deref()
    }
}

macro_rules! by_kind {
    ($self:ident, $kind:ident, $($variant:ident => $enabled:ident, $default:ident;)+) => {
        match $kind {
            $(InterfaceKind::$variant => (
                $self.config.default.$enabled.names(),
                $self.config.default.$default.name(),
            ),)+
        }
    };
}

impl<'a> Enabled<'a> {
    /// A view of `config`.
    pub const fn new(config: &'a Config) -> Self {
        Enabled { config }
    }

    /// Names of enabled hardware types.
    pub fn hardware_types(self) -> &'a [String] {
        &self.config.default.enabled_hardware_types
    }

    /// Names of enabled interfaces of a kind.
    pub fn interfaces(self, kind: InterfaceKind) -> &'a [String] {
        self.options(kind).0
    }

    /// The configured default of a kind, if any.
    pub fn default_interface(self, kind: InterfaceKind) -> Option<&'a str> {
        self.options(kind).1
    }

    fn options(self, kind: InterfaceKind) -> (&'a [String], Option<&'a str>) {
        by_kind! { self, kind,
            Bios => enabled_bios_interfaces, default_bios_interface;
            Boot => enabled_boot_interfaces, default_boot_interface;
            Console => enabled_console_interfaces, default_console_interface;
            Deploy => enabled_deploy_interfaces, default_deploy_interface;
            Firmware => enabled_firmware_interfaces, default_firmware_interface;
            Inspect => enabled_inspect_interfaces, default_inspect_interface;
            Management => enabled_management_interfaces, default_management_interface;
            Network => enabled_network_interfaces, default_network_interface;
            Power => enabled_power_interfaces, default_power_interface;
            Raid => enabled_raid_interfaces, default_raid_interface;
            Rescue => enabled_rescue_interfaces, default_rescue_interface;
            Storage => enabled_storage_interfaces, default_storage_interface;
            Vendor => enabled_vendor_interfaces, default_vendor_interface;
        }
    }
}
