//! Ports and port groups, also as sub-collections of nodes and of each other.

use super::family::{Family, Gate, Lookup, Method, Operation, Reached};
use super::id::OperationId as Id;
use super::param::{DETAIL, FIELDS, Kind, LIMIT, MARKER, Param, SORT_DIR, SORT_KEY};
use crate::shape::is_field;
use crate::types::portgroup::PortgroupResource;
use crate::versions::Feature;
use Method::{Delete, Get, Patch, Post};

const NODE: Param = Param::new("node", Kind::UuidOrName);
const NODE_UUID: Param = Param::new("node_uuid", Kind::Uuid);
const ADDRESS: Param = Param::new("address", Kind::Mac);
const PORTGROUP: Param =
    Param::new("portgroup", Kind::UuidOrName).since(Feature::PortgroupsSubcontrollers);
const SHARD: Param = Param::new("shard", Kind::List).since(Feature::NodeShard);
const GROUP_SHARD: Param = Param::new("shard", Kind::List).since(Feature::PortgroupShard);
const DESCRIPTION_CONTAINS: Param = Param::new("description_contains", Kind::Text);
const CONDUCTOR_GROUPS: Param = Param::new("conductor_groups", Kind::List);

const PORTS: &[Param] = &[
    NODE,
    NODE_UUID,
    ADDRESS,
    MARKER,
    LIMIT,
    SORT_KEY,
    SORT_DIR,
    FIELDS,
    PORTGROUP,
    DETAIL,
    SHARD,
    DESCRIPTION_CONTAINS,
    CONDUCTOR_GROUPS,
];

const PORTS_DETAIL: &[Param] = &[
    NODE,
    NODE_UUID,
    ADDRESS,
    MARKER,
    LIMIT,
    SORT_KEY,
    SORT_DIR,
    PORTGROUP,
    SHARD,
    DESCRIPTION_CONTAINS,
    CONDUCTOR_GROUPS,
];

const PORTGROUPS: &[Param] = &[
    NODE,
    ADDRESS,
    MARKER,
    LIMIT,
    SORT_KEY,
    SORT_DIR,
    FIELDS,
    DETAIL,
    GROUP_SHARD,
    CONDUCTOR_GROUPS,
];

const PORTGROUPS_DETAIL: &[Param] = &[
    NODE,
    ADDRESS,
    MARKER,
    LIMIT,
    SORT_KEY,
    SORT_DIR,
    GROUP_SHARD,
    CONDUCTOR_GROUPS,
];

const PORT_OPERATIONS: &[Operation] = &[
    Operation::new(Id::PortList, Get, "", "baremetal:port:list_all").params(PORTS),
    Operation::new(
        Id::PortListDetail,
        Get,
        "/detail",
        "baremetal:port:list_all",
    )
    .params(PORTS_DETAIL),
    Operation::new(Id::PortCreate, Post, "", "baremetal:port:create")
        .whole("port")
        .success(201),
    Operation::new(Id::PortShow, Get, "/{port}", "baremetal:port:get").params(&[FIELDS]),
    Operation::new(Id::PortUpdate, Patch, "/{port}", "baremetal:port:update").whole("patch"),
    Operation::new(Id::PortDelete, Delete, "/{port}", "baremetal:port:delete").success(204),
];

const PORTGROUP_OPERATIONS: &[Operation] = &[
    Operation::new(Id::PortgroupList, Get, "", "baremetal:portgroup:list_all")
        .params(PORTGROUPS)
        .field_names(is_field::<PortgroupResource>),
    Operation::new(
        Id::PortgroupListDetail,
        Get,
        "/detail",
        "baremetal:portgroup:list_all",
    )
    .params(PORTGROUPS_DETAIL),
    Operation::new(Id::PortgroupCreate, Post, "", "baremetal:portgroup:create")
        .whole("portgroup")
        .success(201),
    Operation::new(
        Id::PortgroupShow,
        Get,
        "/{portgroup}",
        "baremetal:portgroup:get",
    )
    .params(&[FIELDS])
    .field_names(is_field::<PortgroupResource>),
    Operation::new(
        Id::PortgroupUpdate,
        Patch,
        "/{portgroup}",
        "baremetal:portgroup:update",
    )
    .whole("patch"),
    Operation::new(
        Id::PortgroupDelete,
        Delete,
        "/{portgroup}",
        "baremetal:portgroup:delete",
    )
    .success(204),
];

/// The port and port group families.
pub const FAMILIES: &[Family] = &[
    Family::new("/v1/ports", PORT_OPERATIONS),
    Family::new("/v1/nodes/{node}/ports", PORT_OPERATIONS).reached(Reached::Lookup),
    Family::new("/v1/portgroups", PORTGROUP_OPERATIONS)
        .gate(Gate::NotFound(Feature::Portgroups))
        .lookup(Lookup::Member),
    Family::new("/v1/nodes/{node}/portgroups", PORTGROUP_OPERATIONS)
        .gate(Gate::NoRoute(Feature::PortgroupsSubcontrollers))
        .reached(Reached::Lookup)
        .lookup(Lookup::Member),
    Family::new("/v1/portgroups/{portgroup}/ports", PORT_OPERATIONS)
        .gate(Gate::NoRoute(Feature::PortgroupsSubcontrollers))
        .reached(Reached::Lookup),
    Family::new(
        "/v1/nodes/{node}/portgroups/{portgroup}/ports",
        PORT_OPERATIONS,
    )
    .gate(Gate::NoRoute(Feature::PortgroupsSubcontrollers))
    .reached(Reached::Lookup),
];
