//! The enabled part of the catalogue, and what a node gets out of it.

use std::sync::Arc;

use drivers_console::Consoles;
use drivers_interface::{InterfaceSet, Poll, Property};
use schemas_config::Config;
use schemas_model::interface::InterfaceKind;
use schemas_model::{Class, Fault, Node};

use crate::{Catalog, Enabled, HardwareType};

/// Configuration enables what does not exist. Stops the start.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RegistryError {
    /// An unknown hardware type.
    #[error("[DEFAULT]enabled_hardware_types names '{name}', which does not exist; known: {known}")]
    HardwareType {
        /// What was named.
        name: String,
        /// What there is.
        known: String,
    },
    /// An unknown interface.
    #[error(
        "[DEFAULT]enabled_{kind}_interfaces names '{name}', which does not exist; known: {known}"
    )]
    Interface {
        /// The kind.
        kind: InterfaceKind,
        /// What was named.
        name: String,
        /// What there is.
        known: String,
    },
    /// A hardware type without any enabled interface of a kind.
    #[error(
        "Hardware type '{hardware}' works with the {kind} interfaces {supported}, and none of them is in \
         [DEFAULT]enabled_{kind}_interfaces: enable one of them, or take the hardware type out of \
         [DEFAULT]enabled_hardware_types"
    )]
    NoInterface {
        /// The hardware type.
        hardware: &'static str,
        /// The kind.
        kind: InterfaceKind,
        /// Its list.
        supported: String,
    },
}

/// Enabled hardware types and interfaces.
pub struct Registry {
    config: Arc<Config>,
    hardware: Vec<&'static HardwareType>,
    enabled: Catalog,
}

impl Registry {
    /// Takes from the catalogue what `config` enables.
    ///
    /// # Errors
    /// [`RegistryError`] for a name that does not exist, and for a hardware type that could not be used.
    pub fn new(config: Arc<Config>, mut catalog: Catalog) -> Result<Self, RegistryError> {
        let wanted = Enabled::new(&config);
        let mut hardware = Vec::new();
        for name in wanted
            .hardware_types()
            .iter()
            .filter(|name| !name.is_empty())
        {
            let known = HardwareType::named(name).ok_or_else(|| RegistryError::HardwareType {
                name: name.clone(),
                known: crate::HARDWARE_TYPES
                    .iter()
                    .map(|h| h.name)
                    .collect::<Vec<_>>()
                    .join(", "),
            })?;
            if !hardware
                .iter()
                .any(|h: &&HardwareType| h.name == known.name)
            {
                hardware.push(known);
            }
        }
        hardware.sort_by_key(|h| h.name);
        for kind in InterfaceKind::ALL {
            let names = catalog.names(*kind);
            for name in wanted
                .interfaces(*kind)
                .iter()
                .filter(|name| !name.is_empty())
            {
                if !names.contains(&name.as_str()) {
                    return Err(RegistryError::Interface {
                        kind: *kind,
                        name: name.clone(),
                        known: names.join(", "),
                    });
                }
            }
        }
        catalog.retain(|kind, name| {
            let named = wanted.interfaces(kind);
            if named.is_empty() {
                // Unset, as power and management are by default: what the enabled hardware types work with.
                hardware
                    .iter()
                    .any(|hardware| hardware.supported(kind).contains(&name))
            } else {
                named.iter().any(|enabled| enabled == name)
            }
        });
        let registry = Registry {
            config: config.clone(),
            hardware,
            enabled: catalog,
        };
        for hardware in &registry.hardware {
            for kind in InterfaceKind::ALL {
                registry
                    .default_interface(hardware, *kind, None)
                    .map_err(|_| RegistryError::NoInterface {
                        hardware: hardware.name,
                        kind: *kind,
                        supported: hardware.supported(*kind).join(", "),
                    })?;
            }
        }
        Ok(registry)
    }

    /// The enabled hardware types, sorted by name.
    pub fn hardware_types(&self) -> &[&'static HardwareType] {
        &self.hardware
    }

    /// An enabled hardware type.
    ///
    /// # Errors
    /// `DriverNotFound`.
    pub fn hardware_type(&self, name: &str) -> Result<&'static HardwareType, Fault> {
        self.hardware
            .iter()
            .copied()
            .find(|hardware| hardware.name == name)
            .ok_or_else(|| {
                Fault::new(
                    Class::DriverNotFound,
                    format!("Could not find the following driver(s) or hardware type(s): {name}."),
                )
            })
    }

    /// The interfaces of a kind that a hardware type can use here, sorted by name.
    pub fn enabled_interfaces(
        &self,
        hardware: &HardwareType,
        kind: InterfaceKind,
    ) -> Vec<&'static str> {
        self.enabled
            .names(kind)
            .into_iter()
            .filter(|name| hardware.supported(kind).contains(name))
            .collect()
    }

    /// The interface a node of this type gets when it names none.
    ///
    /// # Errors
    /// `NoValidDefaultForInterface`; `InterfaceNotFoundInEntrypoint` when the configured default is not enabled.
    pub fn default_interface(
        &self,
        hardware: &HardwareType,
        kind: InterfaceKind,
        node: Option<&Node>,
    ) -> Result<&'static str, Fault> {
        let none = || {
            let which = node.map_or_else(String::new, |node| format!(" of node {}", node.uuid));
            Fault::new(
                Class::NoValidDefaultForInterface,
                format!(
                    "For the hardware type '{}'{which} no default {kind} interface can be found: enable one of {} in \
                     [DEFAULT]enabled_{kind}_interfaces, or name one in the node's {}.",
                    hardware.name,
                    hardware.supported(kind).join(", "),
                    kind.field(),
                ),
            )
        };
        match Enabled::new(&self.config).default_interface(kind) {
            Some(configured) => match self.check(hardware, kind, configured) {
                Ok(name) => Ok(name),
                Err(fault) if fault.class == Class::IncompatibleInterface => Err(none()),
                Err(fault) => Err(fault),
            },
            None => hardware
                .supported(kind)
                .iter()
                .copied()
                .find(|name| self.enabled.interface(kind, name).is_some())
                .ok_or_else(none),
        }
    }

    /// Checks that an interface is enabled and fits the hardware type.
    ///
    /// # Errors
    /// `InterfaceNotFoundInEntrypoint`, `IncompatibleInterface`.
    pub fn check(
        &self,
        hardware: &HardwareType,
        kind: InterfaceKind,
        name: &str,
    ) -> Result<&'static str, Fault> {
        let Some(found) = self.enabled.interface(kind, name) else {
            return Err(Fault::new(
                Class::InterfaceNotFoundInEntrypoint,
                format!(
                    "Could not find the {kind} interface '{name}'; enabled are: {}.",
                    self.enabled.names(kind).join(", ")
                ),
            ));
        };
        if hardware.accepts(kind, name) {
            Ok(found.name())
        } else {
            Err(Fault::new(
                Class::IncompatibleInterface,
                format!(
                    "The {kind} interface '{name}' does not work with the hardware type '{}'.",
                    hardware.name
                ),
            ))
        }
    }

    /// Checks the interfaces a node names and fills in defaults for the others. Returns whether
    /// something was filled in.
    ///
    /// # Errors
    /// `DriverNotFound` and those of [`Registry::check`] and [`Registry::default_interface`].
    pub fn fill_defaults(&self, node: &mut Node) -> Result<bool, Fault> {
        let hardware = self.hardware_type(&node.driver)?;
        let mut changed = false;
        for kind in InterfaceKind::ALL {
            let mut named = false;
            if let Some(name) = node.instance_info.text_member(kind.field()) {
                self.check(hardware, *kind, name)?;
                named = true;
            }
            if let Some(name) = node.interfaces.get(*kind) {
                self.check(hardware, *kind, name)?;
                named = true;
            }
            if !named {
                let default = self.default_interface(hardware, *kind, Some(node))?;
                node.interfaces.set(*kind, Some(default.to_owned()));
                changed = true;
            }
        }
        Ok(changed)
    }

    /// The interfaces of a node: those its instance asks for, else its own, else the defaults.
    ///
    /// # Errors
    /// As [`Registry::fill_defaults`].
    pub fn resolve(&self, node: &Node) -> Result<Arc<InterfaceSet>, Fault> {
        let hardware = self.hardware_type(&node.driver)?;
        macro_rules! chosen {
            ($($field:ident: $kind:ident;)+) => {
                InterfaceSet {
                    $($field: {
                        let name = self.chosen(hardware, InterfaceKind::$kind, node)?;
                        self.enabled.$field.get(name).cloned().ok_or_else(|| {
                            Fault::internal(format!("The interface '{name}' vanished while in use."))
                        })?
                    },)+
                }
            };
        }
        Ok(Arc::new(chosen! {
            bios: Bios;
            boot: Boot;
            console: Console;
            deploy: Deploy;
            firmware: Firmware;
            inspect: Inspect;
            management: Management;
            network: Network;
            power: Power;
            raid: Raid;
            rescue: Rescue;
            storage: Storage;
            vendor: Vendor;
        }))
    }

    fn chosen(
        &self,
        hardware: &HardwareType,
        kind: InterfaceKind,
        node: &Node,
    ) -> Result<&'static str, Fault> {
        let own = node.interfaces.get(kind);
        match node.instance_info.text_member(kind.field()).or(own) {
            Some(name) => self.check(hardware, kind, name),
            None => self.default_interface(hardware, kind, Some(node)),
        }
    }

    /// The settings the default interfaces of a hardware type read.
    ///
    /// # Errors
    /// `DriverNotFound`, and when a kind has no default.
    pub fn properties(&self, hardware_type: &str) -> Result<Vec<Property>, Fault> {
        let hardware = self.hardware_type(hardware_type)?;
        let mut properties: Vec<Property> = Vec::new();
        for kind in InterfaceKind::ALL {
            let name = self.default_interface(hardware, *kind, None)?;
            let Some(interface) = self.enabled.interface(*kind, name) else {
                continue;
            };
            for property in interface.properties() {
                if !properties.iter().any(|known| known.name == property.name) {
                    properties.push(*property);
                }
            }
        }
        Ok(properties)
    }

    /// What the enabled interfaces want to be asked after.
    pub fn polls(&self) -> Vec<(InterfaceKind, &'static str, Poll)> {
        let of = |kind: &InterfaceKind| {
            let kind = *kind;
            let interfaces = self.enabled.names(kind).into_iter();
            let found = interfaces.filter_map(move |name| self.enabled.interface(kind, name));
            found.flat_map(move |interface| {
                let polls = interface.polls().iter();
                polls.map(move |poll| (kind, interface.name(), *poll))
            })
        };
        InterfaceKind::ALL.iter().flat_map(of).collect()
    }

    /// The serial consoles that the interfaces start and stop.
    pub const fn consoles(&self) -> &Consoles {
        self.enabled.consoles()
    }

    /// Ends all consoles and the sessions with all BMCs; to be called once no interface is in use any more.
    pub async fn close(&self) {
        self.enabled.close().await;
    }

    /// The vendor interface a hardware type uses by default, for driver passthru.
    ///
    /// # Errors
    /// As [`Registry::default_interface`].
    pub fn default_vendor(
        &self,
        hardware_type: &str,
    ) -> Result<Arc<dyn drivers_interface::Vendor>, Fault> {
        let hardware = self.hardware_type(hardware_type)?;
        let name = self.default_interface(hardware, InterfaceKind::Vendor, None)?;
        self.enabled.vendor.get(name).cloned().ok_or_else(|| {
            Fault::internal(format!("The interface '{name}' vanished while in use."))
        })
    }

    /// The RAID interface a hardware type uses by default.
    ///
    /// # Errors
    /// As [`Registry::default_interface`].
    pub fn default_raid(
        &self,
        hardware_type: &str,
    ) -> Result<Arc<dyn drivers_interface::Raid>, Fault> {
        let hardware = self.hardware_type(hardware_type)?;
        let name = self.default_interface(hardware, InterfaceKind::Raid, None)?;
        self.enabled.raid.get(name).cloned().ok_or_else(|| {
            Fault::internal(format!("The interface '{name}' vanished while in use."))
        })
    }
}
