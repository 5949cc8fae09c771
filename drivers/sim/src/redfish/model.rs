//! THE table of models: what differs between the BMCs of manufacturers, as data.
//!
//! A row is everything the simulator knows of a model; the resources under `resources/` are written
//! once and read the row. To add a model, copy the row that is nearest, name it, change what differs,
//! and put it into [`MODELS`]; the test `every_model_*` in `tests/redfish_models.rs` then walks its
//! whole tree. When firmware does something no column says, add a column (with its plain value in
//! [`GENERIC`]), not an `if` on the name.
//!
//! Sources: DMTF's published mockups of these models, the manufacturers' Redfish guides, and for
//! Huawei the facts of Ironic 25's `ibmc` driver.

use serde_json::{Value, json};

/// How a BMC marks versions of its resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ETags {
    /// Not at all.
    None,
    /// `"1"`.
    Strong,
    /// `W/"1"`, and `If-Match` is compared weakly.
    Weak,
}

/// What happens to a PATCH without `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMatch {
    /// It is taken; a wrong one is refused (412).
    Optional,
    /// It is refused with 428 (Precondition Required).
    Required,
}

/// What must be in a PATCH of the boot override.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BootRule {
    /// Any member by itself.
    Any,
    /// `BootSourceOverrideEnabled` goes with every target; without it the PATCH is refused.
    EnabledWithTarget,
    /// Target, enabled and mode together, or it is refused.
    Whole,
}

/// Where the storage of a system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageStyle {
    /// `Systems/{id}/Storage`, with DMTF's `RAIDType`.
    Standard,
    /// `Systems/{id}/Storages`, with everything of importance under `Oem.Huawei`.
    Huawei,
}

/// What the creation and deletion of a volume answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeChange {
    /// It is done: 201 or 204.
    AtOnce,
    /// 202 and a task that ends by itself.
    Task,
    /// 202 and a task that ends when the machine has started again.
    OnReset,
}

/// How tasks look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskStyle {
    /// `Location` names a monitor, `Messages` is a list.
    Monitor,
    /// `Location` names the task, `Messages` is one object, as iBMC has it.
    Plain,
}

/// Under what virtual media hang.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaAt {
    /// `Managers/{id}/VirtualMedia`.
    Manager,
    /// `Systems/{id}/VirtualMedia`.
    System,
}

/// Under what the event log hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogAt {
    /// `Systems/{id}/LogServices`.
    System,
    /// `Managers/{id}/LogServices`.
    Manager,
}

/// How a medium is inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaBy {
    /// The actions `InsertMedia` and `EjectMedia`.
    Action,
    /// A PATCH of `Image` and `Inserted`; there are no actions.
    Patch,
}

/// A virtual drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaDrive {
    /// `Id`.
    pub id: &'static str,
    /// `MediaTypes`.
    pub types: &'static [&'static str],
}

/// Where readings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SensorStyle {
    /// `Chassis/{id}/Thermal` and `Power`.
    ThermalPower,
    /// `Chassis/{id}/Sensors`, `ThermalSubsystem`, `PowerSubsystem`, `EnvironmentMetrics`.
    Sensors,
    /// Both, as firmware in transition has it.
    Both,
}

/// How a light is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indicator {
    /// `IndicatorLED`: Lit, Blinking, Off.
    Led,
    /// `LocationIndicatorActive`: true or false.
    Active,
}

/// A BIOS attribute with its registry entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// `AttributeName`.
    pub name: &'static str,
    /// The value a BIOS reset restores.
    pub default: AttributeValue,
    /// Whether it can be changed.
    pub read_only: bool,
}

/// Type, default and range of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeValue {
    /// One of these; the first is the default.
    Enumeration(&'static [&'static str]),
    /// Default, lowest, highest.
    Integer(i64, i64, i64),
    /// Default, longest.
    Text(&'static str, usize),
    /// Default.
    Boolean(bool),
}

impl AttributeValue {
    /// The default as JSON.
    pub fn default_json(self) -> Value {
        match self {
            AttributeValue::Enumeration(names) => json!(names.first()),
            AttributeValue::Integer(value, ..) => json!(value),
            AttributeValue::Text(text, _) => json!(text),
            AttributeValue::Boolean(value) => json!(value),
        }
    }

    /// Whether the attribute can have this value.
    pub fn takes(self, value: &Value) -> bool {
        match self {
            AttributeValue::Enumeration(names) => {
                value.as_str().is_some_and(|value| names.contains(&value))
            }
            AttributeValue::Integer(_, low, high) => value
                .as_i64()
                .is_some_and(|value| (low..=high).contains(&value)),
            AttributeValue::Text(_, longest) => {
                value.as_str().is_some_and(|value| value.len() <= longest)
            }
            AttributeValue::Boolean(_) => value.is_boolean(),
        }
    }
}

const fn choice(name: &'static str, values: &'static [&'static str]) -> Attribute {
    Attribute {
        name,
        default: AttributeValue::Enumeration(values),
        read_only: false,
    }
}

const fn integer(name: &'static str, default: i64, low: i64, high: i64) -> Attribute {
    Attribute {
        name,
        default: AttributeValue::Integer(default, low, high),
        read_only: false,
    }
}

const fn fixed(name: &'static str, value: &'static str) -> Attribute {
    Attribute {
        name,
        default: AttributeValue::Text(value, 64),
        read_only: true,
    }
}

/// One model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    /// Name in tests and on the command line.
    pub name: &'static str,
    /// `Manufacturer` of system and chassis.
    pub manufacturer: &'static str,
    /// `Vendor` of the service root, and the key under `Oem`; `None` where firmware has neither.
    pub vendor: Option<&'static str>,
    /// `Model` of the system.
    pub product: &'static str,
    /// `Model` of the manager.
    pub bmc: &'static str,
    /// `RedfishVersion`.
    pub redfish: &'static str,
    /// Ids of the system, its manager and its chassis.
    pub ids: [&'static str; 3],
    /// Whether links end with a slash.
    pub trailing_slash: bool,
    /// The sessions collection.
    pub sessions: &'static str,
    /// Versions of resources.
    pub etags: ETags,
    /// What PATCH wants.
    pub if_match: IfMatch,
    /// `ResetType`s of the system.
    pub resets: &'static [&'static str],
    /// `ResetType`s of the manager.
    pub bmc_resets: &'static [&'static str],
    /// Boot targets.
    pub boot_targets: &'static [&'static str],
    /// `BootSourceOverrideEnabled` values.
    pub boot_enabled: &'static [&'static str],
    /// What a boot PATCH must contain.
    pub boot_rule: BootRule,
    /// BIOS attributes.
    pub attributes: &'static [Attribute],
    /// Where pending BIOS settings are, below `Bios`.
    pub bios_settings: &'static str,
    /// Whether there is a `SecureBoot` resource.
    pub secure_boot: bool,
    /// Storage dialect.
    pub storage: StorageStyle,
    /// What a change of volumes answers.
    pub volumes: VolumeChange,
    /// How tasks look.
    pub tasks: TaskStyle,
    /// `RAIDType`s of the controller.
    pub raid: &'static [&'static str],
    /// Virtual media.
    pub media_at: MediaAt,
    /// How media are inserted.
    pub media_by: MediaBy,
    /// The virtual drives.
    pub media: &'static [MediaDrive],
    /// Readings.
    pub sensors: SensorStyle,
    /// Lights.
    pub indicator: Indicator,
    /// Whether tasks survive a restart of the BMC.
    pub tasks_survive: bool,
    /// What the serial console is reached by.
    pub console: &'static [&'static str],
    /// Whose the event log is.
    pub log_at: LogAt,
    /// `Id` of the event log.
    pub log: &'static str,
    /// Whether it can be erased.
    pub log_clears: bool,
}

impl Model {
    /// Path of the system.
    pub fn system(&self) -> String {
        format!("/redfish/v1/Systems/{}", self.ids[0])
    }

    /// Path of the manager.
    pub fn manager(&self) -> String {
        format!("/redfish/v1/Managers/{}", self.ids[1])
    }

    /// Path of the chassis.
    pub fn chassis(&self) -> String {
        format!("/redfish/v1/Chassis/{}", self.ids[2])
    }

    /// Path of the pending BIOS settings.
    pub fn bios_settings(&self) -> String {
        format!("{}/Bios/{}", self.system(), self.bios_settings)
    }

    /// Path of the virtual drives.
    pub fn virtual_media(&self) -> String {
        match self.media_at {
            MediaAt::Manager => format!("{}/VirtualMedia", self.manager()),
            MediaAt::System => format!("{}/VirtualMedia", self.system()),
        }
    }

    /// Path of the logs.
    pub fn logs(&self) -> String {
        match self.log_at {
            LogAt::System => format!("{}/LogServices", self.system()),
            LogAt::Manager => format!("{}/LogServices", self.manager()),
        }
    }

    /// Path of the event log.
    pub fn event_log(&self) -> String {
        format!("{}/{}", self.logs(), self.log)
    }

    /// Path of the collection of storage subsystems.
    pub fn storages(&self) -> String {
        match self.storage {
            StorageStyle::Standard => format!("{}/Storage", self.system()),
            StorageStyle::Huawei => format!("{}/Storages", self.system()),
        }
    }

    /// The model of this name.
    pub fn by_name(name: &str) -> Option<&'static Model> {
        MODELS.iter().copied().find(|model| model.name == name)
    }

    /// A reference, as this model writes it.
    pub fn link(&self, path: &str) -> Value {
        match self.trailing_slash {
            true => json!({ "@odata.id": format!("{path}/") }),
            false => json!({ "@odata.id": path }),
        }
    }
}

const CD: &[&str] = &["CD", "DVD"];
const USB: &[&str] = &["Floppy", "USBStick"];

/// What DMTF's documents say and nothing else.
pub const GENERIC: Model = Model {
    name: "generic",
    manufacturer: "Contoso",
    vendor: None,
    product: "3500RX",
    bmc: "Joo Janta 200",
    redfish: "1.15.0",
    ids: ["1", "1", "1"],
    trailing_slash: false,
    sessions: "/redfish/v1/SessionService/Sessions",
    etags: ETags::Strong,
    if_match: IfMatch::Optional,
    resets: &[
        "On",
        "ForceOff",
        "GracefulShutdown",
        "GracefulRestart",
        "ForceRestart",
        "Nmi",
        "ForceOn",
        "PushPowerButton",
        "PowerCycle",
    ],
    bmc_resets: &["GracefulRestart", "ForceRestart"],
    boot_targets: &[
        "None",
        "Pxe",
        "Cd",
        "Usb",
        "Hdd",
        "BiosSetup",
        "UefiTarget",
        "UefiHttp",
        "UefiShell",
    ],
    boot_enabled: &["Once", "Continuous", "Disabled"],
    boot_rule: BootRule::Any,
    attributes: &[
        choice("BootMode", &["Uefi", "LegacyBios"]),
        choice("ProcTurboMode", &["Enabled", "Disabled"]),
        choice("ProcVirtualization", &["Enabled", "Disabled"]),
        integer("NumCores", 10, 1, 28),
        Attribute {
            name: "QuietBoot",
            default: AttributeValue::Boolean(true),
            read_only: false,
        },
        Attribute {
            name: "AssetTag",
            default: AttributeValue::Text("", 32),
            read_only: false,
        },
        fixed("SystemModel", "3500RX"),
    ],
    bios_settings: "Settings",
    secure_boot: true,
    storage: StorageStyle::Standard,
    volumes: VolumeChange::AtOnce,
    tasks: TaskStyle::Monitor,
    raid: &["RAID0", "RAID1", "RAID5", "RAID6", "RAID10", "RAID50"],
    media_at: MediaAt::System,
    media_by: MediaBy::Action,
    media: &[
        MediaDrive {
            id: "Cd",
            types: CD,
        },
        MediaDrive {
            id: "Floppy",
            types: USB,
        },
    ],
    sensors: SensorStyle::ThermalPower,
    indicator: Indicator::Led,
    tasks_survive: true,
    console: &["SSH", "IPMI", "WebSocket"],
    log_at: LogAt::System,
    log: "SEL",
    log_clears: true,
};

/// iDRAC 9.
pub const DELL: Model = Model {
    name: "dell",
    manufacturer: "Dell Inc.",
    vendor: Some("Dell"),
    product: "PowerEdge R650",
    bmc: "15G Monolithic",
    redfish: "1.17.0",
    ids: ["System.Embedded.1", "iDRAC.Embedded.1", "System.Embedded.1"],
    etags: ETags::Weak,
    resets: &[
        "On",
        "ForceOff",
        "ForceRestart",
        "GracefulRestart",
        "GracefulShutdown",
        "PushPowerButton",
        "Nmi",
        "PowerCycle",
    ],
    bmc_resets: &["GracefulRestart"],
    boot_targets: &[
        "None",
        "Pxe",
        "Floppy",
        "Cd",
        "Hdd",
        "BiosSetup",
        "Utilities",
        "UefiTarget",
        "SDCard",
        "UefiHttp",
    ],
    attributes: &[
        choice("BootMode", &["Uefi", "Bios"]),
        choice("ProcTurboMode", &["Enabled", "Disabled"]),
        choice("LogicalProc", &["Enabled", "Disabled"]),
        choice("SriovGlobalEnable", &["Disabled", "Enabled"]),
        integer("AcPwrRcvryUserDelay", 60, 60, 600),
        fixed("SystemModelName", "PowerEdge R650"),
    ],
    volumes: VolumeChange::OnReset,
    media_at: MediaAt::System,
    media: &[
        MediaDrive {
            id: "1",
            types: &["CD", "DVD", "USBStick"],
        },
        MediaDrive {
            id: "2",
            types: &["CD", "DVD", "USBStick"],
        },
    ],
    sensors: SensorStyle::Both,
    indicator: Indicator::Active,
    console: &["SSH", "IPMI"],
    log_at: LogAt::Manager,
    log: "Sel",
    ..GENERIC
};

/// iLO 5.
pub const HPE: Model = Model {
    name: "hpe",
    manufacturer: "HPE",
    vendor: Some("Hpe"),
    product: "ProLiant DL380 Gen10",
    bmc: "iLO 5",
    redfish: "1.13.0",
    trailing_slash: true,
    etags: ETags::Weak,
    resets: &[
        "On",
        "ForceOff",
        "GracefulShutdown",
        "ForceRestart",
        "Nmi",
        "PushPowerButton",
        "GracefulRestart",
    ],
    bmc_resets: &["ForceRestart", "GracefulRestart"],
    boot_targets: &[
        "None",
        "Cd",
        "Hdd",
        "Usb",
        "SDCard",
        "Utilities",
        "Diags",
        "BiosSetup",
        "Pxe",
        "UefiShell",
        "UefiHttp",
        "UefiTarget",
    ],
    attributes: &[
        choice("BootMode", &["Uefi", "LegacyBios"]),
        choice("ProcTurbo", &["Enabled", "Disabled"]),
        choice(
            "WorkloadProfile",
            &[
                "GeneralPowerEfficientCompute",
                "Virtualization-MaxPerformance",
                "Custom",
            ],
        ),
        choice("UefiShellBootOrder", &["Disabled", "Enabled"]),
        fixed("SerialNumber", "SIM0001"),
    ],
    bios_settings: "settings",
    volumes: VolumeChange::OnReset,
    media_at: MediaAt::Manager,
    media: &[
        MediaDrive {
            id: "1",
            types: USB,
        },
        MediaDrive { id: "2", types: CD },
    ],
    tasks_survive: false,
    console: &["SSH"],
    log: "IML",
    ..GENERIC
};

/// XClarity Controller.
pub const LENOVO: Model = Model {
    name: "lenovo",
    manufacturer: "Lenovo",
    vendor: Some("Lenovo"),
    product: "ThinkSystem SR650",
    bmc: "Lenovo XClarity Controller",
    redfish: "1.14.0",
    if_match: IfMatch::Required,
    resets: &[
        "On",
        "Nmi",
        "GracefulShutdown",
        "GracefulRestart",
        "ForceOn",
        "ForceOff",
        "ForceRestart",
    ],
    bmc_resets: &["GracefulRestart", "ForceRestart"],
    boot_targets: &[
        "None",
        "Pxe",
        "Cd",
        "Usb",
        "Hdd",
        "BiosSetup",
        "Diags",
        "UefiTarget",
        "UefiHttp",
    ],
    attributes: &[
        choice("BootModes_SystemBootMode", &["UEFIMode", "LegacyMode"]),
        choice("Processors_TurboMode", &["Enable", "Disable"]),
        choice(
            "OperatingModes_ChooseOperatingMode",
            &["MaximumEfficiency", "MaximumPerformance", "CustomMode"],
        ),
        integer("Memory_PatrolScrubInterval", 24, 1, 24),
    ],
    bios_settings: "Pending",
    media_at: MediaAt::Manager,
    media_by: MediaBy::Patch,
    media: &[
        MediaDrive {
            id: "EXT1",
            types: &["CD", "DVD", "USBStick"],
        },
        MediaDrive {
            id: "EXT2",
            types: &["CD", "DVD", "USBStick"],
        },
        MediaDrive {
            id: "RDOC1",
            types: &["CD", "DVD", "USBStick"],
        },
    ],
    sensors: SensorStyle::Both,
    console: &["SSH", "IPMI"],
    log: "PlatformLog",
    ..GENERIC
};

/// X12 and later.
pub const SUPERMICRO: Model = Model {
    name: "supermicro",
    manufacturer: "Supermicro",
    vendor: Some("Supermicro"),
    product: "SYS-620P-TRT",
    bmc: "ASPEED",
    redfish: "1.9.0",
    etags: ETags::Weak,
    resets: &[
        "On",
        "ForceOff",
        "GracefulShutdown",
        "GracefulRestart",
        "ForceRestart",
        "Nmi",
        "ForceOn",
    ],
    boot_targets: &[
        "None",
        "Pxe",
        "Floppy",
        "Cd",
        "Usb",
        "Hdd",
        "BiosSetup",
        "UsbCd",
        "UefiBootNext",
        "UefiHttp",
    ],
    boot_rule: BootRule::EnabledWithTarget,
    attributes: &[
        choice("BootModeSelect#0041", &["UEFI", "LEGACY", "DUAL"]),
        choice("HyperThreading[ALL]#0100", &["Enable", "Disable"]),
        choice("QuietBoot#002A", &["Checked", "Unchecked"]),
        integer("SOLCOMPort#0150", 1, 1, 2),
    ],
    bios_settings: "SD",
    media_at: MediaAt::Manager,
    media: &[MediaDrive {
        id: "CD1",
        types: CD,
    }],
    volumes: VolumeChange::Task,
    console: &["SSH", "IPMI"],
    log: "Log1",
    log_clears: false,
    ..GENERIC
};

/// OpenBMC as its own build has it since 2023: `Thermal` and `Power` are gone (bmcweb's option
/// `redfish-allow-deprecated-power-thermal` is off), the resources are called `system`, `bmc`, `chassis`.
pub const OPENBMC: Model = Model {
    name: "openbmc",
    manufacturer: "Open Compute",
    product: "Evaluation Board",
    bmc: "OpenBmc",
    redfish: "1.17.0",
    ids: ["system", "bmc", "chassis"],
    resets: &[
        "ForceOff",
        "On",
        "ForceOn",
        "ForceRestart",
        "GracefulRestart",
        "GracefulShutdown",
        "PowerCycle",
        "Nmi",
    ],
    boot_targets: &["None", "Pxe", "Hdd", "Cd", "Diags", "BiosSetup", "Usb"],
    attributes: &[
        choice("pvm_boot_mode", &["Normal", "Setting"]),
        choice("hb_hyp_switch", &["PowerVM", "OPAL"]),
        integer("hb_number_huge_pages", 0, 0, 65_535),
        fixed("hb_power_limit_note", "none"),
    ],
    media_at: MediaAt::Manager,
    media: &[MediaDrive {
        id: "Slot_0",
        types: &["CD", "USBStick"],
    }],
    sensors: SensorStyle::Sensors,
    indicator: Indicator::Active,
    tasks_survive: false,
    console: &["SSH", "IPMI"],
    log: "EventLog",
    ..GENERIC
};

/// FusionServer with iBMC V500 and later.
pub const HUAWEI: Model = Model {
    name: "huawei",
    manufacturer: "Huawei",
    vendor: Some("Huawei"),
    product: "2288H V5",
    bmc: "iBMC",
    redfish: "1.0.2",
    if_match: IfMatch::Required,
    resets: &[
        "On",
        "ForceOff",
        "GracefulShutdown",
        "ForceRestart",
        "Nmi",
        "ForcePowerCycle",
    ],
    bmc_resets: &["ForceRestart"],
    boot_targets: &["None", "Pxe", "Floppy", "Cd", "Hdd", "BiosSetup"],
    attributes: &[
        choice("BootType", &["UEFIBoot", "LegacyBoot"]),
        choice(
            "BootTypeOrder0",
            &["HardDiskDrive", "PXE", "DVDROMDrive", "Others"],
        ),
        choice(
            "BootTypeOrder1",
            &["DVDROMDrive", "HardDiskDrive", "PXE", "Others"],
        ),
        choice(
            "BootTypeOrder2",
            &["PXE", "HardDiskDrive", "DVDROMDrive", "Others"],
        ),
        choice(
            "BootTypeOrder3",
            &["Others", "HardDiskDrive", "DVDROMDrive", "PXE"],
        ),
        integer("CustomPowerPolicyValue", 0, 0, 100),
    ],
    secure_boot: false,
    storage: StorageStyle::Huawei,
    volumes: VolumeChange::Task,
    tasks: TaskStyle::Plain,
    raid: &[
        "RAID0", "RAID1", "RAID5", "RAID6", "RAID10", "RAID50", "RAID60",
    ],
    media_at: MediaAt::Manager,
    media: &[
        MediaDrive {
            id: "CD",
            types: CD,
        },
        MediaDrive {
            id: "USBStick",
            types: USB,
        },
    ],
    tasks_survive: false,
    console: &["SSH", "IPMI"],
    log: "Log1",
    ..GENERIC
};

/// Every model.
pub const MODELS: [&Model; 7] = [
    &GENERIC,
    &DELL,
    &HPE,
    &LENOVO,
    &SUPERMICRO,
    &OPENBMC,
    &HUAWEI,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for model in MODELS {
            assert_eq!(Model::by_name(model.name), Some(model));
        }
        assert_eq!(Model::by_name("other"), None);
    }

    #[test]
    fn defaults_are_allowed_values() {
        for model in MODELS {
            for attribute in model.attributes {
                assert!(
                    attribute.default.takes(&attribute.default.default_json()),
                    "{} {}",
                    model.name,
                    attribute.name
                );
            }
        }
    }
}
