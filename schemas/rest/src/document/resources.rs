//! The resources as the document needs them: their tables without the functions.

use crate::field::{Accept, Field, Json, Resource};
use crate::types;
use crate::versions::{Feature, Version};

/// One field.
pub(super) struct FieldFacts {
    pub name: &'static str,
    pub json: Json,
    pub since: Option<Feature>,
    pub until: Option<Feature>,
    pub shown: bool,
    pub creatable: bool,
    pub patchable: bool,
    pub required: bool,
    pub accept: Option<Accept>,
}

impl FieldFacts {
    fn of<R: Resource>(field: &Field<R>) -> Self {
        FieldFacts {
            name: field.name,
            json: field.json,
            since: field.since,
            until: field.until,
            shown: field.show.is_some(),
            creatable: field.creatable(),
            patchable: field.patchable(),
            required: field.required,
            accept: field.accept,
        }
    }

    /// Whether the field exists at a version; always when none is given.
    pub fn exists_at(&self, version: Option<Version>) -> bool {
        version.is_none_or(|version| {
            self.since.is_none_or(|since| version.allows(since))
                && self.until.is_none_or(|until| !version.allows(until))
        })
    }
}

/// One resource.
pub(super) struct ResourceFacts {
    pub name: &'static str,
    pub collection: &'static str,
    pub fields: Vec<FieldFacts>,
}

impl ResourceFacts {
    /// Its name as part of a component's.
    pub fn component(&self) -> String {
        self.name.replace([' ', '-'], "_")
    }
}

fn facts<R: Resource>() -> ResourceFacts {
    ResourceFacts {
        name: R::NAME,
        collection: R::COLLECTION,
        fields: R::FIELDS.iter().map(FieldFacts::of).collect(),
    }
}

/// Every resource with a table of fields.
pub(super) fn all() -> Vec<ResourceFacts> {
    vec![
        facts::<types::allocation::AllocationResource>(),
        facts::<types::bios_setting::BiosSettingResource>(),
        facts::<types::chassis::ChassisResource>(),
        facts::<types::conductor::ConductorResource>(),
        facts::<types::deploy_template::DeployTemplateResource>(),
        facts::<types::driver::DriverResource>(),
        facts::<types::firmware_component::FirmwareComponentResource>(),
        facts::<types::history::HistoryResource>(),
        facts::<types::inspection_rule::InspectionRuleResource>(),
        facts::<types::node::NodeResource>(),
        facts::<types::port::PortResource>(),
        facts::<types::portgroup::PortgroupResource>(),
        facts::<types::runbook::RunbookResource>(),
        facts::<types::volume_connector::VolumeConnectorResource>(),
        facts::<types::volume_target::VolumeTargetResource>(),
    ]
}
