//! Conductors, drivers, shards.

use super::family::{Family, Gate, Method, Operation, Reached};
use super::id::OperationId as Id;
use super::param::{FIELDS, Kind, LIMIT, Param, SORT_DIR, SORT_KEY};
use crate::shape::is_field;
use crate::types::conductor::ConductorResource;
use crate::versions::Feature;
use Method::{Delete, Get, Patch, Post, Put};

const DRIVER_FIELDS: Param = Param::new("fields", Kind::List).since(Feature::DriverFieldsSelector);

/// The families of what serves the nodes.
pub const FAMILIES: &[Family] = &[
    Family::new(
        "/v1/conductors",
        &[
            Operation::new(Id::ConductorList, Get, "", "baremetal:conductor:get")
                .params(&[
                    Param::new("marker", Kind::HostPort),
                    LIMIT,
                    SORT_KEY,
                    SORT_DIR,
                    FIELDS,
                    Param::new("detail", Kind::Boolean),
                ])
                .field_names(is_field::<ConductorResource>),
            Operation::new(
                Id::ConductorShow,
                Get,
                "/{hostname}",
                "baremetal:conductor:get",
            )
            .params(&[FIELDS])
            .field_names(is_field::<ConductorResource>),
        ],
    )
    .gate(Gate::NotFound(Feature::Conductors)),
    Family::new(
        "/v1/drivers",
        &[
            Operation::new(Id::DriverList, Get, "", "baremetal:driver:get").params(&[
                Param::new("type", Kind::Text).since(Feature::DynamicDrivers),
                Param::new("detail", Kind::Boolean).since(Feature::DynamicDrivers),
                DRIVER_FIELDS,
            ]),
            Operation::new(Id::DriverShow, Get, "/{driver}", "baremetal:driver:get")
                .params(&[DRIVER_FIELDS]),
            Operation::new(
                Id::DriverProperties,
                Get,
                "/{driver}/properties",
                "baremetal:driver:get_properties",
            ),
        ],
    ),
    Family::new(
        "/v1/drivers/{driver}/raid",
        &[Operation::new(
            Id::DriverRaidProperties,
            Get,
            "/logical_disk_properties",
            "baremetal:driver:get_raid_logical_disk_properties",
        )
        .gate(Gate::LateNotAcceptable(Feature::RaidConfig))],
    )
    .reached(Reached::Attribute),
    Family::new(
        "/v1/drivers/{driver}/vendor_passthru",
        &[
            Operation::new(
                Id::DriverVendorMethods,
                Get,
                "/methods",
                "baremetal:driver:vendor_passthru",
            ),
            passthru(Get, ""),
            passthru(Get, "/{method}"),
            passthru(Post, ""),
            passthru(Post, "/{method}"),
            passthru(Put, ""),
            passthru(Put, "/{method}"),
            passthru(Patch, ""),
            passthru(Patch, "/{method}"),
            passthru(Delete, ""),
            passthru(Delete, "/{method}"),
        ],
    )
    .reached(Reached::Attribute)
    .catches_all(),
    Family::new(
        "/v1/shards",
        &[
            Operation::new(Id::ShardList, Get, "", "baremetal:shards:get")
                .gate(Gate::NotFound(Feature::NodeShard)),
            Operation::new(Id::NoSuchMember, Get, "/{shard}", "baremetal:shards:get")
                .gate(Gate::NotFound(Feature::NodeShard))
                .open_params(),
        ],
    ),
];

const PASSTHRU: &[Param] = &[Param::new("method", Kind::Text)];

const fn passthru(method: Method, tail: &'static str) -> Operation {
    Operation::new(
        Id::DriverVendorPassthru,
        method,
        tail,
        "baremetal:driver:vendor_passthru",
    )
    .whole("data")
    .params(PASSTHRU)
}
