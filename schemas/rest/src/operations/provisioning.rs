//! Allocations, deploy templates, runbooks, inspection rules.

use super::family::{Family, Gate, Lookup, Method, Operation, Reached};
use super::id::OperationId as Id;
use super::param::{FIELDS, Kind, LIMIT, MARKER, Param, SORT_DIR, SORT_KEY};
use crate::shape::is_field;
use crate::types::allocation::AllocationResource;
use crate::types::deploy_template::DeployTemplateResource;
use crate::versions::Feature;
use Method::{Delete, Get, Patch, Post, Put};

const NAME_MARKER: Param = Param::new("marker", Kind::Name);
const DETAIL: Param = Param::new("detail", Kind::Boolean);

/// The families of what decides where and how to provision.
pub const FAMILIES: &[Family] = &[
    Family::new(
        "/v1/allocations",
        &[
            Operation::new(Id::AllocationList, Get, "", "baremetal:allocation:list_all")
                .params(&[
                    Param::new("node", Kind::UuidOrName),
                    Param::new("resource_class", Kind::Text),
                    Param::new("state", Kind::Text),
                    MARKER,
                    LIMIT,
                    SORT_KEY,
                    SORT_DIR,
                    FIELDS,
                    Param::new("owner", Kind::Text).since(Feature::AllocationOwner),
                ])
                .field_names(is_field::<AllocationResource>),
            Operation::new(
                Id::AllocationCreate,
                Post,
                "",
                "baremetal:allocation:create",
            )
            .whole("allocation")
            .success(201),
            Operation::new(
                Id::AllocationShow,
                Get,
                "/{allocation}",
                "baremetal:allocation:get",
            )
            .params(&[FIELDS])
            .field_names(is_field::<AllocationResource>),
            Operation::new(
                Id::AllocationUpdate,
                Patch,
                "/{allocation}",
                "baremetal:allocation:update",
            )
            .gate(Gate::NotFoundOr405(Feature::AllocationUpdate))
            .whole("patch"),
            Operation::new(
                Id::AllocationDelete,
                Delete,
                "/{allocation}",
                "baremetal:allocation:delete",
            )
            .success(204),
        ],
    )
    .gate(Gate::NotFoundOr405(Feature::Allocation)),
    Family::new(
        "/v1/deploy_templates",
        &[
            Operation::new(
                Id::DeployTemplateList,
                Get,
                "",
                "baremetal:deploy_template:get",
            )
            .params(&[NAME_MARKER, LIMIT, SORT_KEY, SORT_DIR, FIELDS, DETAIL])
            .field_names(is_field::<DeployTemplateResource>),
            Operation::new(
                Id::DeployTemplateCreate,
                Post,
                "",
                "baremetal:deploy_template:create",
            )
            .whole("template")
            .success(201),
            Operation::new(
                Id::DeployTemplateShow,
                Get,
                "/{template}",
                "baremetal:deploy_template:get",
            )
            .params(&[FIELDS])
            .field_names(is_field::<DeployTemplateResource>),
            Operation::new(
                Id::DeployTemplateUpdate,
                Patch,
                "/{template}",
                "baremetal:deploy_template:update",
            )
            .whole("patch"),
            Operation::new(
                Id::DeployTemplateDelete,
                Delete,
                "/{template}",
                "baremetal:deploy_template:delete",
            )
            .success(204),
        ],
    )
    .gate(Gate::NoRouteOr405(Feature::DeployTemplates)),
    Family::new(
        "/v1/runbooks",
        &[
            Operation::new(Id::RunbookList, Get, "", "baremetal:runbook:list_all").params(&[
                NAME_MARKER,
                LIMIT,
                SORT_KEY,
                SORT_DIR,
                FIELDS,
                DETAIL,
                Param::new("project", Kind::Boolean),
            ]),
            Operation::new(Id::RunbookCreate, Post, "", "baremetal:runbook:create")
                .whole("runbook")
                .success(201),
            Operation::new(Id::RunbookShow, Get, "/{runbook}", "baremetal:runbook:get")
                .params(&[FIELDS]),
            Operation::new(
                Id::RunbookUpdate,
                Patch,
                "/{runbook}",
                "baremetal:runbook:update",
            )
            .whole("patch"),
            Operation::new(
                Id::RunbookDelete,
                Delete,
                "/{runbook}",
                "baremetal:runbook:delete",
            )
            .success(204),
        ],
    )
    .gate(Gate::NoRouteOr405(Feature::Runbooks))
    .lookup(Lookup::AnyMember),
    Family::new(
        "/v1/runbooks/{runbook}/traits",
        &[
            Operation::new(Id::RunbookTraitList, Get, "", "baremetal:runbook:get"),
            Operation::new(Id::RunbookTraitReplace, Put, "", "baremetal:runbook:update")
                .whole("body")
                .success(204),
            Operation::new(
                Id::RunbookTraitAdd,
                Put,
                "/{trait}",
                "baremetal:runbook:update",
            )
            .whole("body")
            .success(204),
            Operation::new(
                Id::RunbookTraitClear,
                Delete,
                "",
                "baremetal:runbook:update",
            )
            .success(204),
            Operation::new(
                Id::RunbookTraitRemove,
                Delete,
                "/{trait}",
                "baremetal:runbook:update",
            )
            .success(204),
        ],
    )
    .gate(Gate::NoRouteNamed(Feature::RunbookTraits))
    .reached(Reached::Lookup),
    Family::new(
        "/v1/inspection_rules",
        &[
            Operation::new(
                Id::InspectionRuleList,
                Get,
                "",
                "baremetal:inspection_rule:get",
            )
            .params(&[
                Param::new("marker", Kind::Text),
                LIMIT,
                SORT_KEY,
                SORT_DIR,
                FIELDS,
                DETAIL,
                Param::new("phase", Kind::Text),
            ]),
            Operation::new(
                Id::InspectionRuleCreate,
                Post,
                "",
                "baremetal:inspection_rule:create",
            )
            .whole("inspection_rule")
            .success(201),
            Operation::new(
                Id::InspectionRuleDeleteAll,
                Delete,
                "",
                "baremetal:inspection_rule:delete",
            )
            .success(204),
            Operation::new(
                Id::InspectionRuleShow,
                Get,
                "/{rule}",
                "baremetal:inspection_rule:get",
            )
            .params(&[FIELDS]),
            Operation::new(
                Id::InspectionRuleUpdate,
                Patch,
                "/{rule}",
                "baremetal:inspection_rule:update",
            )
            .whole("patch"),
            Operation::new(
                Id::InspectionRuleDelete,
                Delete,
                "/{rule}",
                "baremetal:inspection_rule:delete",
            )
            .success(204),
        ],
    )
    .gate(Gate::NotFoundOr405(Feature::InspectionRules)),
];
