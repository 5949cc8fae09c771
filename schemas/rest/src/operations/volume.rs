//! Remote volumes: connectors and targets, also as sub-collections of a node.

use super::family::{Family, Gate, Method, Operation};
use super::id::OperationId as Id;
use super::param::{FIELDS, Kind, LIMIT, MARKER, Param, SORT_DIR, SORT_KEY};
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
    .params(LIST),
    Operation::new(
        Id::VolumeConnectorCreate,
        Post,
        "",
        "baremetal:volume:create",
    )
    .whole()
    .success(201),
    Operation::new(
        Id::VolumeConnectorShow,
        Get,
        "/{connector}",
        "baremetal:volume:get",
    )
    .params(&[FIELDS])
    .surplus("fields"),
    Operation::new(
        Id::VolumeConnectorUpdate,
        Patch,
        "/{connector}",
        "baremetal:volume:update",
    )
    .whole(),
    Operation::new(
        Id::VolumeConnectorDelete,
        Delete,
        "/{connector}",
        "baremetal:volume:delete",
    )
    .success(204),
];

const TARGETS: &[Operation] = &[
    Operation::new(Id::VolumeTargetList, Get, "", "baremetal:volume:list_all").params(LIST),
    Operation::new(Id::VolumeTargetCreate, Post, "", "baremetal:volume:create")
        .whole()
        .success(201),
    Operation::new(
        Id::VolumeTargetShow,
        Get,
        "/{target}",
        "baremetal:volume:get",
    )
    .params(&[FIELDS])
    .surplus("fields"),
    Operation::new(
        Id::VolumeTargetUpdate,
        Patch,
        "/{target}",
        "baremetal:volume:update",
    )
    .whole(),
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
    Family::new("/v1/volume", ROOT).gate(Gate::NotFound(Feature::Volume)),
    Family::new("/v1/volume/connectors", CONNECTORS).gate(Gate::NoRoute(Feature::Volume)),
    Family::new("/v1/volume/targets", TARGETS).gate(Gate::NoRoute(Feature::Volume)),
    Family::new("/v1/nodes/{node}/volume", ROOT)
        .gate(Gate::NotFound(Feature::Volume))
        .route_ident(),
    Family::new("/v1/nodes/{node}/volume/connectors", CONNECTORS)
        .gate(Gate::NoRoute(Feature::Volume))
        .route_ident(),
    Family::new("/v1/nodes/{node}/volume/targets", TARGETS)
        .gate(Gate::NoRoute(Feature::Volume))
        .route_ident(),
];
