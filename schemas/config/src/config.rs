//! The whole configuration: THE list of sections, and loading.

use crate::error::ConfigError;
use crate::ignored;
use crate::layer::Layer;
pub use crate::live::Config;
use crate::location::Location;
use crate::reader::Reader;
use crate::resolver::{Layers, Resolver};
use crate::schema::{Schema, SectionTable, is_or_was_credential};
use crate::section::{self, Section};
use crate::source::Sources;
use crate::warning::{Warning, WarningKind};

/// Declares [`Values`]: for each section a field, its type and its name in files.
macro_rules! config {
    ($($(#[doc = $doc:literal])+ $field:ident: $ty:ty = $name:literal;)+) => {
        /// A whole configuration as it was read, typed. Reached through a [`Config`].
        #[derive(Debug, Clone)]
        pub struct Values {
            $($(#[doc = $doc])+ pub $field: $ty,)+
            /// What it was read from.
            pub(crate) layers: Layers,
            /// What mutable options were last read from, after a reload.
            pub(crate) mutable_layers: Option<Layers>,
        }

        impl Config {
            /// The table of every section.
            pub const SECTIONS: &'static [SectionTable] = &[
                $(SectionTable {
                    name: $name,
                    about: <$ty as Section>::ABOUT,
                    rows: <$ty as Section>::ROWS,
                    shared: <$ty as Section>::SHARED,
                    defaults: <$ty as Section>::DEFAULTS,
                }),+
            ];

            /// Reads every section; `None` when a value is wrong, which the reader has noted.
            fn read(reader: &mut Reader<'_>, layers: Layers) -> Option<Self> {
                $(let $field = <$ty>::read(reader.enter($name));)+
                Some(Config::from(Values { $($field: $field?,)+ layers, mutable_layers: None }))
            }
        }
    };
}

config! {
    /// `[DEFAULT]`.
    default: section::default::DefaultSection = "DEFAULT";
    /// `[agent]`.
    agent: section::agent::Agent = "agent";
    /// `[agent_containers]`.
    agent_containers: section::agent_containers::AgentContainers = "agent_containers";
    /// `[anaconda]`.
    anaconda: section::anaconda::Anaconda = "anaconda";
    /// `[ansible]`.
    ansible: section::ansible::Ansible = "ansible";
    /// `[api]`.
    api: section::api::Api = "api";
    /// `[audit]`.
    audit: section::audit::Audit = "audit";
    /// `[auto_discovery]`.
    auto_discovery: section::auto_discovery::AutoDiscovery = "auto_discovery";
    /// `[cifs]`.
    cifs: section::cifs::Cifs = "cifs";
    /// `[cinder]`.
    cinder: section::cinder::Cinder = "cinder";
    /// `[conductor]`.
    conductor: section::conductor::Conductor = "conductor";
    /// `[console]`.
    console: section::console::Console = "console";
    /// `[cors]`.
    cors: section::cors::Cors = "cors";
    /// `[database]`.
    database: section::database::Database = "database";
    /// `[deploy]`.
    deploy: section::deploy::Deploy = "deploy";
    /// `[dhcp]`.
    dhcp: section::dhcp::Dhcp = "dhcp";
    /// `[disk_utils]`.
    disk_utils: section::disk_utils::DiskUtils = "disk_utils";
    /// `[dnsmasq]`.
    dnsmasq: section::dnsmasq::Dnsmasq = "dnsmasq";
    /// `[drac]`.
    drac: section::drac::Drac = "drac";
    /// `[errors]`.
    errors: section::errors::Errors = "errors";
    /// `[fake]`.
    fake: section::fake::Fake = "fake";
    /// `[ferric_console]`.
    ferric_console: section::ferric_console::FerricConsole = "ferric_console";
    /// `[ferric_redfish]`.
    ferric_redfish: section::ferric_redfish::FerricRedfish = "ferric_redfish";
    /// `[glance]`.
    glance: section::glance::Glance = "glance";
    /// `[healthcheck]`.
    healthcheck: section::healthcheck::Healthcheck = "healthcheck";
    /// `[ibmc]`.
    ibmc: section::ibmc::Ibmc = "ibmc";
    /// `[inspection_rules]`.
    inspection_rules: section::inspection_rules::InspectionRules = "inspection_rules";
    /// `[inspector]`.
    inspector: section::inspector::Inspector = "inspector";
    /// `[inventory]`.
    inventory: section::inventory::Inventory = "inventory";
    /// `[ipmi]`.
    ipmi: section::ipmi::Ipmi = "ipmi";
    /// `[ironic_networking]`.
    ironic_networking: section::ironic_networking::IronicNetworking = "ironic_networking";
    /// `[ironic_networking_json_rpc]`.
    ironic_networking_json_rpc: section::json_rpc::JsonRpc = "ironic_networking_json_rpc";
    /// `[json_rpc]`.
    json_rpc: section::json_rpc::JsonRpc = "json_rpc";
    /// `[keystone_authtoken]`.
    keystone_authtoken: section::keystone_authtoken::KeystoneAuthtoken = "keystone_authtoken";
    /// `[mdns]`.
    mdns: section::mdns::Mdns = "mdns";
    /// `[metrics]`.
    metrics: section::metrics::Metrics = "metrics";
    /// `[metrics_statsd]`.
    metrics_statsd: section::metrics_statsd::MetricsStatsd = "metrics_statsd";
    /// `[neutron]`.
    neutron: section::neutron::Neutron = "neutron";
    /// `[nfs]`.
    nfs: section::nfs::Nfs = "nfs";
    /// `[nova]`.
    nova: section::nova::Nova = "nova";
    /// `[oci]`.
    oci: section::oci::Oci = "oci";
    /// `[oslo_concurrency]`.
    oslo_concurrency: section::oslo_concurrency::OsloConcurrency = "oslo_concurrency";
    /// `[oslo_messaging_notifications]`.
    oslo_messaging_notifications: section::oslo_messaging_notifications::OsloMessagingNotifications = "oslo_messaging_notifications";
    /// `[oslo_messaging_rabbit]`.
    oslo_messaging_rabbit: section::oslo_messaging_rabbit::OsloMessagingRabbit = "oslo_messaging_rabbit";
    /// `[oslo_middleware]`.
    oslo_middleware: section::oslo_middleware::OsloMiddleware = "oslo_middleware";
    /// `[oslo_policy]`.
    oslo_policy: section::oslo_policy::OsloPolicy = "oslo_policy";
    /// `[pxe]`.
    pxe: section::pxe::Pxe = "pxe";
    /// `[pxe_filter]`.
    pxe_filter: section::pxe_filter::PxeFilter = "pxe_filter";
    /// `[redfish]`.
    redfish: section::redfish::Redfish = "redfish";
    /// `[sensor_data]`.
    sensor_data: section::sensor_data::SensorData = "sensor_data";
    /// `[service_catalog]`.
    service_catalog: section::service_catalog::ServiceCatalog = "service_catalog";
    /// `[swift]`.
    swift: section::swift::Swift = "swift";
    /// `[vnc]`.
    vnc: section::vnc::Vnc = "vnc";
}

impl Config {
    /// Reads and checks everything. Blocks on file I/O; call it before the runtime starts or from
    /// a blocking task.
    ///
    /// # Errors
    /// A file that cannot be read or does not follow the syntax, or wrong values, all of them.
    pub fn load(sources: Sources) -> Result<(Self, Vec<Warning>), ConfigError> {
        let schema = Schema::new(Self::SECTIONS);
        let layers = Layers::read(sources)?;
        let resolver = Resolver::new(&schema, &layers);
        let (config, mut warnings) = Self::build(resolver, layers.clone())?;
        let elsewhere = layers.auth_sections(&schema);
        for layer in layers.upwards() {
            name_warnings(&schema, layer, &elsewhere, &mut warnings);
        }
        variable_warnings(layers.sources(), &mut warnings);
        Ok((config, warnings))
    }

    /// The configuration of a process without any source: Ironic's defaults.
    ///
    /// # Errors
    /// None in practice: a test shows that every default is a valid value.
    pub fn defaults(machine: crate::machine::Machine) -> Result<Self, ConfigError> {
        Self::load(Sources::new(machine)).map(|(config, _)| config)
    }

    /// Reads typed values through a resolver.
    pub(crate) fn build(
        resolver: Resolver<'_>,
        layers: Layers,
    ) -> Result<(Self, Vec<Warning>), ConfigError> {
        let mut reader = Reader::new(resolver);
        let config = Self::read(&mut reader, layers);
        if let Some(config) = &config {
            config.check(&mut reader);
        }
        match config {
            Some(config) if reader.invalid.is_empty() => Ok((config, reader.warnings)),
            _ => Err(ConfigError::Invalid(reader.invalid)),
        }
    }

    /// Whether anything here reads an option; who sets another one is warned.
    pub fn has_effect(section: &str, option: &str) -> bool {
        !ignored::contains(section, option)
    }

    /// Whether any source sets an option (rather than its default applying).
    pub fn is_set(&self, section: &str, option: &str) -> bool {
        let schema = Schema::new(Self::SECTIONS);
        schema.row(section, option).is_some_and(|(section, row)| {
            let fresh = self.mutable_layers.as_ref().filter(|_| row.mutable);
            fresh.unwrap_or(&self.layers).find(section, row).is_some()
        })
    }
}

/// Names of a layer that nobody knows, that do nothing here, or that are old. Sections in
/// `elsewhere` hold credentials for others.
fn name_warnings(
    schema: &Schema,
    layer: &Layer,
    elsewhere: &[String],
    warnings: &mut Vec<Warning>,
) {
    let from = warnings.len();
    for (section, option, location) in layer.names() {
        let kind = if let Some((_, row)) = schema.row(section, option) {
            if ignored::contains(section, option) {
                // The argument-less mode keeps all paths in one place, whoever reads them.
                if location == Location::Embedded {
                    continue;
                }
                WarningKind::NoEffect
            } else if row.to_be_removed {
                WarningKind::ToBeRemoved
            } else {
                continue;
            }
        } else if let Some((section, row)) = schema.formerly(section, option) {
            if ignored::contains(section, row.name) {
                WarningKind::NoEffect
            } else {
                WarningKind::Deprecated {
                    section,
                    option: row.name,
                }
            }
        } else if is_or_was_credential(option) && elsewhere.iter().any(|name| name == section) {
            continue;
        } else if ignored::contains(section, option) {
            WarningKind::NoEffect
        } else {
            WarningKind::Unknown
        };
        let (section, option) = (section.to_owned(), option.to_owned());
        warnings.push(Warning {
            location,
            section,
            option,
            kind,
        });
    }
    if let Some(new) = warnings.get_mut(from..) {
        new.sort_by(|a, b| (line(a), &a.section, &a.option).cmp(&(line(b), &b.section, &b.option)));
    }
}

/// Variables for a known section that name no option of it, or one that does nothing here. Others
/// may belong to other programs.
fn variable_warnings(sources: &Sources, warnings: &mut Vec<Warning>) {
    let from = warnings.len();
    for (variable, section, option) in sources.variables() {
        let found = Config::SECTIONS
            .iter()
            .find(|table| table.name.to_uppercase() == section);
        let Some(table) = found else { continue };
        let row = table
            .all_rows()
            .find(|row| row.name.to_uppercase() == option);
        let kind = match row {
            Some(row) if ignored::contains(table.name, row.name) => WarningKind::NoEffect,
            Some(_) => continue,
            None => WarningKind::Unknown,
        };
        warnings.push(Warning {
            location: Location::Environment(variable.to_owned()),
            section: table.name.to_owned(),
            option: option.to_lowercase(),
            kind,
        });
    }
    if let Some(new) = warnings.get_mut(from..) {
        new.sort_by(|a, b| (&a.section, &a.option).cmp(&(&b.section, &b.option)));
    }
}

fn line(warning: &Warning) -> usize {
    match warning.location {
        Location::File { line, .. } => line,
        _ => 0,
    }
}
