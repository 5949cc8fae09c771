//! The unique constraints: ONE table of names, columns and what their violation means.

use diesel::result::DatabaseErrorInformation;
use schemas_model::Class;

macro_rules! uniques {
    ($($name:ident = $constraint:literal on $table:literal ($($column:literal),+) => $class:ident;)+) => {
        /// A unique constraint of the schema.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "table and columns say all there is to say")]
        pub enum Unique { $($name,)+ }

        impl Unique {
            /// Every constraint, in table order.
            pub const ALL: &'static [Unique] = &[$(Unique::$name,)+];

            /// Its name in PostgreSQL and MariaDB.
            pub const fn constraint(self) -> &'static str {
                match self { $(Unique::$name => $constraint,)+ }
            }

            /// Its table.
            pub const fn table(self) -> &'static str {
                match self { $(Unique::$name => $table,)+ }
            }

            /// Its columns.
            pub const fn columns(self) -> &'static [&'static str] {
                match self { $(Unique::$name => &[$($column),+],)+ }
            }

            /// The exception class of Ironic that reports it.
            pub const fn class(self) -> Class {
                match self { $(Unique::$name => Class::$class,)+ }
            }
        }
    };
}

uniques! {
    NodeUuid = "uniq_nodes0uuid" on "nodes" ("uuid") => NodeAlreadyExists;
    NodeName = "uniq_nodes0name" on "nodes" ("name") => DuplicateName;
    NodeInstance = "uniq_nodes0instance_uuid" on "nodes" ("instance_uuid") => InstanceAssociated;
    PortUuid = "uniq_ports0uuid" on "ports" ("uuid") => PortAlreadyExists;
    PortAddress = "uniq_ports0address" on "ports" ("address") => MACAlreadyExists;
    PortName = "uniq_ports0name" on "ports" ("name") => PortDuplicateName;
    PortgroupUuid = "uniq_portgroups0uuid" on "portgroups" ("uuid") => PortgroupAlreadyExists;
    PortgroupAddress = "uniq_portgroups0address" on "portgroups" ("address") => PortgroupMACAlreadyExists;
    PortgroupName = "uniq_portgroups0name" on "portgroups" ("name") => PortgroupDuplicateName;
    ChassisUuid = "uniq_chassis0uuid" on "chassis" ("uuid") => ChassisAlreadyExists;
    VolumeConnectorUuid = "uniq_volumeconnectors0uuid" on "volume_connectors" ("uuid") => VolumeConnectorAlreadyExists;
    VolumeConnectorId = "uniq_volumeconnectors0type0connector_id" on "volume_connectors" ("type", "connector_id") => VolumeConnectorTypeAndIdAlreadyExists;
    VolumeTargetUuid = "uniq_volumetargets0uuid" on "volume_targets" ("uuid") => VolumeTargetAlreadyExists;
    VolumeTargetBootIndex = "uniq_volumetargets0node_id0boot_index" on "volume_targets" ("node_id", "boot_index") => VolumeTargetBootIndexAlreadyExists;
    AllocationUuid = "uniq_allocations0uuid" on "allocations" ("uuid") => AllocationAlreadyExists;
    AllocationName = "uniq_allocations0name" on "allocations" ("name") => AllocationDuplicateName;
    DeployTemplateUuid = "uniq_deploytemplates0uuid" on "deploy_templates" ("uuid") => DeployTemplateAlreadyExists;
    DeployTemplateName = "uniq_deploytemplates0name" on "deploy_templates" ("name") => DeployTemplateDuplicateName;
    RunbookUuid = "uniq_runbooks0uuid" on "runbooks" ("uuid") => RunbookAlreadyExists;
    RunbookName = "uniq_runbooks0name" on "runbooks" ("name") => RunbookDuplicateName;
    InspectionRuleUuid = "uniq_inspection_rules0uuid" on "inspection_rules" ("uuid") => InspectionRuleAlreadyExists;
    NodeHistoryUuid = "uniq_history0uuid" on "node_history" ("uuid") => Conflict;
    FirmwareComponent = "uniq_nodecomponent0node_id0component" on "firmware_information" ("node_id", "component") => FirmwareComponentAlreadyExists;
    ConductorHostname = "uniq_conductors0hostname" on "conductors" ("hostname") => ConductorAlreadyRegistered;
    ConductorInterface = "uniq_conductorhardwareinterfaces0" on "conductor_hardware_interfaces" ("conductor_id", "hardware_type", "interface_type", "interface_name") => ConductorHardwareInterfacesAlreadyRegistered;
    BiosSetting = "bios_settings_pkey" on "bios_settings" ("node_id", "name") => BIOSSettingAlreadyExists;
    NodeTrait = "node_traits_pkey" on "node_traits" ("node_id", "trait") => Conflict;
    RunbookTrait = "runbook_traits_pkey" on "runbook_traits" ("runbook_id", "trait") => Conflict;
}

impl Unique {
    /// Which constraint an error is about.
    ///
    /// PostgreSQL names the constraint; MariaDB and MySQL name it at the end of the text
    /// (`... for key 'uniq_nodes0name'`, MySQL 8: `'nodes.uniq_nodes0name'`); SQLite names the
    /// columns (`UNIQUE constraint failed: nodes.name`). MariaDB calls every primary key
    /// `PRIMARY`, so that primary keys are told apart by the caller.
    pub(crate) fn violated(info: &(dyn DatabaseErrorInformation + Send + Sync)) -> Option<Self> {
        if let Some(name) = info.constraint_name()
            && let Some(unique) = Self::ALL.iter().find(|u| u.constraint() == name)
        {
            return Some(*unique);
        }
        let message = info.message();
        Self::ALL.iter().copied().find(|unique| {
            message.rsplit_once("for key").is_some_and(|(_, key)| {
                let key = key.trim().trim_matches('\'');
                key == unique.constraint()
                    || key
                        .split_once('.')
                        .is_some_and(|(_, name)| name == unique.constraint())
            }) || message
                .strip_prefix("UNIQUE constraint failed: ")
                .is_some_and(|columns| columns == unique.qualified_columns())
        })
    }

    /// `nodes.name`, `node_traits.node_id, node_traits.trait`
    fn qualified_columns(self) -> String {
        let qualified: Vec<String> = self
            .columns()
            .iter()
            .map(|column| format!("{}.{column}", self.table()))
            .collect();
        qualified.join(", ")
    }
}

impl std::fmt::Display for Unique {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.columns().join(" and "), self.table())
    }
}
