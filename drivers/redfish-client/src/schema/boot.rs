//! The boot override of a system: what boots next, how often, and in which mode.

use serde_json::{Map, Value, json};

use crate::{Result, document::Field, quirks::Quirks, wire_enum::wire_enum};

wire_enum! {
    /// `BootSourceOverrideTarget`.
    BootTarget {
        /// Normal boot.
        None = "None",
        /// Network, PXE.
        Pxe = "Pxe",
        /// Floppy.
        Floppy = "Floppy",
        /// CD or DVD.
        Cd = "Cd",
        /// USB as the firmware defines it.
        Usb = "Usb",
        /// Hard disk.
        Hdd = "Hdd",
        /// The firmware's setup.
        BiosSetup = "BiosSetup",
        /// The vendor's utilities.
        Utilities = "Utilities",
        /// The vendor's diagnostics.
        Diags = "Diags",
        /// UEFI shell.
        UefiShell = "UefiShell",
        /// The device in `UefiTargetBootSourceOverride`.
        UefiTarget = "UefiTarget",
        /// SD card.
        SdCard = "SDCard",
        /// UEFI HTTP.
        UefiHttp = "UefiHttp",
        /// A remote drive such as iSCSI.
        RemoteDrive = "RemoteDrive",
        /// The boot option in `BootNext`.
        UefiBootNext = "UefiBootNext",
        /// Recovery.
        Recovery = "Recovery",
        /// A virtual CD presented over USB (Supermicro).
        UsbCd = "UsbCd",
    }
}

wire_enum! {
    /// `BootSourceOverrideEnabled`.
    BootEnabled {
        /// For one boot.
        Once = "Once",
        /// Until changed.
        Continuous = "Continuous",
        /// Not at all.
        Disabled = "Disabled",
    }
}

wire_enum! {
    /// `BootSourceOverrideMode`.
    BootMode {
        /// UEFI.
        Uefi = "UEFI",
        /// BIOS.
        Legacy = "Legacy",
    }
}

/// What `Boot` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BootOverride {
    /// What boots.
    pub target: Option<BootTarget>,
    /// How often.
    pub enabled: Option<BootEnabled>,
    /// In which mode.
    pub mode: Option<BootMode>,
    /// The targets that the BMC lists; empty if it lists none.
    pub allowed_targets: Vec<String>,
    /// `HttpBootUri`.
    pub http_boot_uri: Option<String>,
    /// Names of the properties that the BMC has in `Boot`.
    pub advertised: Vec<String>,
}

impl BootOverride {
    /// Reads the `Boot` object.
    pub fn of(boot: &Field<'_>) -> Result<Self> {
        let allowed = boot
            .field("BootSourceOverrideTarget@Redfish.AllowableValues")
            .texts()?;
        Ok(BootOverride {
            target: boot
                .field("BootSourceOverrideTarget")
                .known(BootTarget::from_wire)?,
            enabled: boot
                .field("BootSourceOverrideEnabled")
                .known(BootEnabled::from_wire)?,
            mode: boot
                .field("BootSourceOverrideMode")
                .known(BootMode::from_wire)?,
            allowed_targets: allowed.into_iter().map(str::to_owned).collect(),
            http_boot_uri: boot.field("HttpBootUri").text()?.map(str::to_owned),
            advertised: boot
                .object()?
                .map(|boot| boot.keys().cloned().collect())
                .unwrap_or_default(),
        })
    }

    /// These values, and those of `settings` for what is missing here. Some BMCs keep the override
    /// only in the settings resource.
    #[must_use]
    pub fn or(mut self, settings: &Self) -> Self {
        self.target = self.target.or(settings.target);
        self.enabled = self.enabled.or(settings.enabled);
        self.mode = self.mode.or(settings.mode);
        if self.allowed_targets.is_empty() {
            self.allowed_targets.clone_from(&settings.allowed_targets);
        }
        if self.http_boot_uri.is_none() {
            self.http_boot_uri.clone_from(&settings.http_boot_uri);
        }
        self
    }

    fn has(&self, property: &str) -> bool {
        self.advertised.iter().any(|name| name == property)
    }
}

/// A wanted change of the boot override; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BootChange {
    /// What boots.
    pub target: Option<BootTarget>,
    /// How often.
    pub enabled: Option<BootEnabled>,
    /// In which mode.
    pub mode: Option<BootMode>,
    /// `HttpBootUri`, with the target `UefiHttp`. `None` clears an earlier one.
    pub http_boot_uri: Option<String>,
}

/// The bodies of the PATCH requests that make a change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BootRequests {
    /// For the settings resource.
    pub settings: Option<Value>,
    /// For the system itself.
    pub system: Option<Value>,
}

/// Why a change can't be put into requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadBootChange {
    /// The BMC lists its targets and this is not among them.
    Target(BootTarget),
    /// The BMC does not have `HttpBootUri`.
    HttpBootUri,
}

impl BootChange {
    /// The target to send: the wanted one, or what the vendor needs instead.
    fn real_target(&self, listed: &[String], quirks: Quirks) -> Option<BootTarget> {
        let target = self.target?;
        match quirks.instead {
            Some((wanted, instead)) if wanted == target && lists(listed, instead) => Some(instead),
            _ => Some(target),
        }
    }

    /// The requests for a system whose `Boot` is `system`, with a settings resource whose `Boot` is
    /// `settings`. Each property goes where the BMC has it, the settings first.
    pub fn requests(
        &self,
        system: &BootOverride,
        settings: Option<&BootOverride>,
        quirks: Quirks,
    ) -> std::result::Result<BootRequests, BadBootChange> {
        let mut split = Split {
            system,
            settings,
            to_system: Map::new(),
            to_settings: Map::new(),
        };
        let listed = match (system.allowed_targets.is_empty(), settings) {
            (true, Some(settings)) => &settings.allowed_targets,
            _ => &system.allowed_targets,
        };
        if let Some(target) = self.real_target(listed, quirks) {
            if !listed.is_empty() && !lists(listed, target) {
                return Err(BadBootChange::Target(target));
            }
            split.put("BootSourceOverrideTarget", json!(target.as_str()));
            match (&self.http_boot_uri, target) {
                (Some(uri), BootTarget::UefiHttp) if split.advertises("HttpBootUri") => {
                    split.put("HttpBootUri", json!(uri))
                }
                (Some(_), BootTarget::UefiHttp) => return Err(BadBootChange::HttpBootUri),
                (Some(_), _) => {}
                (None, _) => split.clear("HttpBootUri"),
            }
        }
        if let Some(enabled) = self.enabled {
            split.put("BootSourceOverrideEnabled", json!(enabled.as_str()));
        }
        if let Some(mode) = self.mode {
            split.put("BootSourceOverrideMode", json!(mode.as_str()));
        }
        Ok(split.requests())
    }
}

fn lists(listed: &[String], target: BootTarget) -> bool {
    listed
        .iter()
        .any(|name| name.eq_ignore_ascii_case(target.as_str()))
}

struct Split<'a> {
    system: &'a BootOverride,
    settings: Option<&'a BootOverride>,
    to_system: Map<String, Value>,
    to_settings: Map<String, Value>,
}

impl Split<'_> {
    fn in_settings(&self, property: &str) -> bool {
        self.settings.is_some_and(|settings| settings.has(property))
    }

    fn advertises(&self, property: &str) -> bool {
        self.in_settings(property) || self.system.has(property)
    }

    fn put(&mut self, property: &str, value: Value) {
        match self.in_settings(property) {
            true => self.to_settings.insert(property.to_owned(), value),
            false => self.to_system.insert(property.to_owned(), value),
        };
    }

    /// Clears the URI where it is set.
    fn clear(&mut self, property: &str) {
        let holder = if self.in_settings(property) {
            self.settings
        } else {
            Some(self.system)
        };
        if holder.is_some_and(|boot| boot.has(property) && boot.http_boot_uri.is_some()) {
            self.put(property, Value::Null);
        }
    }

    fn requests(self) -> BootRequests {
        let body = |boot: Map<String, Value>| (!boot.is_empty()).then(|| json!({ "Boot": boot }));
        BootRequests {
            settings: body(self.to_settings),
            system: body(self.to_system),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::document;

    fn boot(value: Value) -> BootOverride {
        BootOverride::of(&document("/s", json!({ "Boot": value })).field("Boot")).unwrap()
    }

    fn pxe_once() -> BootChange {
        BootChange {
            target: Some(BootTarget::Pxe),
            enabled: Some(BootEnabled::Once),
            ..BootChange::default()
        }
    }

    #[test]
    fn what_the_emulator_was_sent_when_recorded() {
        let system = boot(
            json!({"BootSourceOverrideEnabled": "Continuous", "BootSourceOverrideTarget": "Hdd",
            "BootSourceOverrideTarget@Redfish.AllowableValues": ["Pxe", "Cd", "Hdd"]}),
        );
        let requests = pxe_once()
            .requests(&system, None, Quirks::of(None))
            .unwrap();
        assert_eq!(requests.settings, None);
        assert_eq!(
            requests.system,
            Some(
                json!({"Boot": {"BootSourceOverrideTarget": "Pxe", "BootSourceOverrideEnabled": "Once"}})
            )
        );
    }

    #[test]
    fn a_boot_uri_left_over_is_cleared() {
        let system = boot(json!({"HttpBootUri": "http://old/"}));
        let requests = pxe_once()
            .requests(&system, None, Quirks::of(None))
            .unwrap();
        assert_eq!(requests.system.unwrap()["Boot"]["HttpBootUri"], Value::Null);
        let http = BootChange {
            target: Some(BootTarget::UefiHttp),
            http_boot_uri: Some("http://new/".into()),
            ..BootChange::default()
        };
        assert_eq!(
            http.requests(&system, None, Quirks::of(None))
                .unwrap()
                .system
                .unwrap()["Boot"]["HttpBootUri"],
            "http://new/"
        );
        assert_eq!(
            http.requests(&boot(json!({})), None, Quirks::of(None)),
            Err(BadBootChange::HttpBootUri)
        );
    }

    #[test]
    fn properties_go_where_the_bmc_has_them() {
        let system = boot(json!({"BootSourceOverrideMode": "UEFI"}));
        let settings = boot(
            json!({"BootSourceOverrideTarget": "None", "BootSourceOverrideEnabled": "Disabled"}),
        );
        let change = BootChange {
            mode: Some(BootMode::Uefi),
            ..pxe_once()
        };
        let requests = change
            .requests(&system, Some(&settings), Quirks::of(None))
            .unwrap();
        assert_eq!(
            requests.settings,
            Some(
                json!({"Boot": {"BootSourceOverrideTarget": "Pxe", "BootSourceOverrideEnabled": "Once"}})
            )
        );
        assert_eq!(
            requests.system,
            Some(json!({"Boot": {"BootSourceOverrideMode": "UEFI"}}))
        );
    }

    #[test]
    fn targets_that_are_not_listed_are_refused() {
        let system = boot(
            json!({"BootSourceOverrideTarget@Redfish.AllowableValues": ["Hdd", "Cd", "UsbCd"]}),
        );
        assert_eq!(
            pxe_once().requests(&system, None, Quirks::of(None)),
            Err(BadBootChange::Target(BootTarget::Pxe))
        );
        let cd = BootChange {
            target: Some(BootTarget::Cd),
            ..BootChange::default()
        };
        let supermicro = cd
            .requests(&system, None, Quirks::of(Some("Supermicro")))
            .unwrap()
            .system
            .unwrap();
        assert_eq!(supermicro["Boot"]["BootSourceOverrideTarget"], "UsbCd");
    }
}
