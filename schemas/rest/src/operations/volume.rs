//! Remote volumes: connectors and targets, also as sub-collections of a node.

use super::family::{Family, Gate, Lookup, Method, Operation, Reached};
use super::id::OperationId as Id;
use super::param::{FIELDS, Kind, LIMIT, MARKER, Param, SORT_DIR, SORT_KEY};
use crate::shape::is_field;
use crate::types::volume_connector::VolumeConnectorResource;
use crate::types::volume_target::VolumeTargetResource;
use crate::versions::Feature;
use Method::{Delete, Get, Patch, Post};

const LIST: &[Param] = &[
    Param::new("node", Kind::UuidOrName),
    MARKER,
    LIMIT,
    SORT_KEY,
    SORT_DIR,
    FIELDS,
    Param::new("detail", Kind::Boolean),
];

const ROOT: &[Operation] = &[Operation::new(
    Id::VolumeRoot,
    Get,
    "",
    "baremetal:volume:get",
)];

const CONNECTORS: &[Operation] = &[
    Operation::new(
        Id::VolumeConnectorList,
        Get,
        "",
        "baremetal:volume:list_all",
    )
    .params(LIST)
    .field_names(is_field::<VolumeConnectorResource>),
    Operation::new(
        Id::VolumeConnectorCreate,
        Post,
        "",
        "baremetal:volume:create",
    )
    .whole("connector")
    .success(201),
    Operation::new(
        Id::VolumeConnectorShow,
        Get,
        "/{connector}",
        "baremetal:volume:get",
    )
    .params(&[FIELDS])
    .field_names(is_field::<VolumeConnectorResource>),
    Operation::new(
        Id::VolumeConnectorUpdate,
        Patch,
        "/{connector}",
        "baremetal:volume:update",
    )
    .whole("patch"),
    Operation::new(
        Id::VolumeConnectorDelete,
        Delete,
        "/{connector}",
        "baremetal:volume:delete",
    )
    .success(204),
];

const TARGETS: &[Operation] = &[
    Operation::new(Id::VolumeTargetList, Get, "", "baremetal:volume:list_all")
        .params(LIST)
        .field_names(is_field::<VolumeTargetResource>),
    Operation::new(Id::VolumeTargetCreate, Post, "", "baremetal:volume:create")
        .whole("target")
        .success(201),
    Operation::new(
        Id::VolumeTargetShow,
        Get,
        "/{target}",
        "baremetal:volume:get",
    )
    .params(&[FIELDS])
    .field_names(is_field::<VolumeTargetResource>),
    Operation::new(
        Id::VolumeTargetUpdate,
        Patch,
        "/{target}",
        "baremetal:volume:update",
    )
    .whole("patch"),
    Operation::new(
        Id::VolumeTargetDelete,
        Delete,
        "/{target}",
        "baremetal:volume:delete",
    )
    .success(204),
];

/// The volume families.
pub const FAMILIES: &[Family] = &[
    root("/v1/volume"),
    members("/v1/volume/connectors", CONNECTORS),
    members("/v1/volume/targets", TARGETS),
    root("/v1/nodes/{node}/volume").reached(Reached::Lookup),
    members("/v1/nodes/{node}/volume/connectors", CONNECTORS),
    members("/v1/nodes/{node}/volume/targets", TARGETS),
];

const fn root(path: &'static str) -> Family {
    Family::new(path, ROOT)
        .gate(Gate::NotFound(Feature::Volume))
        .lookup(Lookup::Direct)
        .plain_get()
}

const fn members(path: &'static str, operations: &'static [Operation]) -> Family {
    Family::new(path, operations)
        .gate(Gate::NoRoute(Feature::Volume))
        .reached(Reached::Lookup)
}
