//! Chassis, and the nodes of a chassis.

use super::family::{Family, Lookup, Method, Operation, Reached};
use super::id::OperationId as Id;
use super::param::{DETAIL, FIELDS, LIMIT, MARKER, SORT_DIR, SORT_KEY};
use crate::shape::is_field;
use crate::types::chassis::ChassisResource;
use Method::{Delete, Get, Patch, Post};

/// The chassis families.
pub const FAMILIES: &[Family] = &[
    Family::new(
        "/v1/chassis",
        &[
            Operation::new(Id::ChassisList, Get, "", "baremetal:chassis:get")
                .params(&[MARKER, LIMIT, SORT_KEY, SORT_DIR, FIELDS, DETAIL])
                .field_names(is_field::<ChassisResource>),
            Operation::new(
                Id::ChassisListDetail,
                Get,
                "/detail",
                "baremetal:chassis:get",
            )
            .params(&[MARKER, LIMIT, SORT_KEY, SORT_DIR]),
            Operation::new(Id::ChassisCreate, Post, "", "baremetal:chassis:create")
                .whole("chassis")
                .success(201),
            Operation::new(Id::ChassisShow, Get, "/{chassis}", "baremetal:chassis:get")
                .params(&[FIELDS])
                .field_names(is_field::<ChassisResource>),
            Operation::new(
                Id::ChassisUpdate,
                Patch,
                "/{chassis}",
                "baremetal:chassis:update",
            )
            .whole("patch"),
            Operation::new(
                Id::ChassisDelete,
                Delete,
                "/{chassis}",
                "baremetal:chassis:delete",
            )
            .success(204),
        ],
    ),
    Family::new(
        "/v1/chassis/{chassis}/nodes",
        &[
            Operation::new(Id::NodeList, Get, "", "baremetal:node:list_all")
                .params(super::node::LIST),
            Operation::new(
                Id::NodeListDetail,
                Get,
                "/detail",
                "baremetal:node:list_all",
            )
            .params(super::node::DETAIL_LIST),
            Operation::new(Id::Malformed, Post, "", "baremetal:node:create").open_params(),
            Operation::new(Id::Malformed, Patch, "", "baremetal:node:update").open_params(),
            Operation::new(Id::Malformed, Delete, "", "baremetal:node:delete").open_params(),
            Operation::new(Id::Malformed, Get, "/{node}", "baremetal:node:get").open_params(),
            Operation::new(Id::Malformed, Patch, "/{node}", "baremetal:node:update").open_params(),
            Operation::new(Id::NoSuchMember, Delete, "/{node}", "baremetal:node:delete")
                .open_params(),
        ],
    )
    .reached(Reached::Attribute)
    .lookup(Lookup::Node)
    .subtree("/v1/nodes"),
];
