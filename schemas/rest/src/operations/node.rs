//! Nodes and everything below a node.

use super::family::{Family, Gate, Lookup, Method, Operation, Reached};
use super::id::OperationId as Id;
use super::param::{DETAIL, FIELDS, Kind, LIMIT, MARKER, Param, SORT_DIR, SORT_KEY};
use crate::versions::Feature;
use Method::{Delete, Get, Patch, Post, Put};

const CHASSIS_UUID: Param = Param::new("chassis_uuid", Kind::Uuid);
const INSTANCE_UUID: Param = Param::new("instance_uuid", Kind::Uuid);
const ASSOCIATED: Param = Param::new("associated", Kind::Boolean);
const MAINTENANCE: Param = Param::new("maintenance", Kind::Boolean);
const RETIRED: Param = Param::new("retired", Kind::Boolean);
const PROVISION_STATE: Param =
    Param::new("provision_state", Kind::Text).since(Feature::ProvisionStateFilter);
const DRIVER: Param = Param::new("driver", Kind::Text).since(Feature::DriverFilter);
const RESOURCE_CLASS: Param =
    Param::new("resource_class", Kind::Text).since(Feature::ResourceClass);
const FAULT: Param = Param::new("fault", Kind::Text).since(Feature::Fault);
const CONDUCTOR_GROUP: Param =
    Param::new("conductor_group", Kind::Text).since(Feature::NodeConductorGroup);
const CONDUCTOR: Param = Param::new("conductor", Kind::Text).since(Feature::Conductors);
const OWNER: Param = Param::new("owner", Kind::Text).since(Feature::NodeOwner);
const LESSEE: Param = Param::new("lessee", Kind::Text).since(Feature::NodeLessee);
const SHARD: Param = Param::new("shard", Kind::List).since(Feature::NodeShard);
const SHARDED: Param = Param::new("sharded", Kind::Boolean).since(Feature::NodeShard);
const INSTANCE_NAME: Param =
    Param::new("instance_name", Kind::Text).since(Feature::NodeInstanceName);
const DESCRIPTION_CONTAINS: Param = Param::new("description_contains", Kind::Text);
const PROJECT: Param = Param::new("project", Kind::Text);

/// The parameters of node lists.
pub(super) const LIST: &[Param] = &[
    CHASSIS_UUID,
    INSTANCE_UUID,
    ASSOCIATED,
    MAINTENANCE,
    RETIRED,
    PROVISION_STATE,
    MARKER,
    LIMIT,
    SORT_KEY,
    SORT_DIR,
    DRIVER,
    FIELDS,
    RESOURCE_CLASS,
    FAULT,
    CONDUCTOR_GROUP,
    DETAIL,
    CONDUCTOR,
    OWNER,
    DESCRIPTION_CONTAINS,
    LESSEE,
    PROJECT,
    SHARD,
    SHARDED,
    Param::new("include_children", Kind::Boolean).since(Feature::ParentChildNodes),
    Param::new("parent_node", Kind::Text).since(Feature::ParentChildNodes),
    INSTANCE_NAME,
];

/// The parameters of detailed node lists.
pub(super) const DETAIL_LIST: &[Param] = &[
    CHASSIS_UUID,
    INSTANCE_UUID,
    ASSOCIATED,
    MAINTENANCE,
    RETIRED,
    PROVISION_STATE,
    MARKER,
    LIMIT,
    SORT_KEY,
    SORT_DIR,
    DRIVER,
    RESOURCE_CLASS,
    FAULT,
    CONDUCTOR_GROUP,
    CONDUCTOR,
    OWNER,
    DESCRIPTION_CONTAINS,
    LESSEE,
    PROJECT,
    SHARD,
    SHARDED,
    // Taken as they are: any text asks for children, and no version is too early.
    Param::new("include_children", Kind::Json),
    Param::new("parent_node", Kind::Json),
    INSTANCE_NAME,
];

const PROVISION: &[Param] = &[
    Param::new("target", Kind::Text).required(),
    Param::new("configdrive", Kind::Json),
    Param::new("clean_steps", Kind::Json),
    Param::new("deploy_steps", Kind::Json),
    Param::new("rescue_password", Kind::Text),
    Param::new("disable_ramdisk", Kind::Boolean),
    Param::new("service_steps", Kind::Json),
    Param::new("runbook", Kind::Json),
];

const HISTORY: &[Param] = &[
    Param::new("detail", Kind::Boolean),
    MARKER,
    LIMIT,
    SORT_KEY,
    SORT_DIR,
];

/// The node families.
pub const FAMILIES: &[Family] = &[
    Family::new(
        "/v1/nodes",
        &[
            Operation::new(Id::NodeList, Get, "", "baremetal:node:list_all").params(LIST),
            Operation::new(Id::NodeCreate, Post, "", "baremetal:node:create")
                .whole("node")
                .success(201),
            Operation::new(
                Id::NodeListDetail,
                Get,
                "/detail",
                "baremetal:node:list_all",
            )
            .params(DETAIL_LIST),
            Operation::new(
                Id::NodeValidate,
                Get,
                "/validate",
                "baremetal:node:validate",
            )
            .params(&[
                Param::new("node", Kind::UuidOrName),
                Param::new("node_uuid", Kind::Uuid),
            ]),
            Operation::new(
                Id::NodeValidate,
                Get,
                "/{node}/validate",
                "baremetal:node:validate",
            )
            .params(&[Param::new("node_uuid", Kind::Uuid)]),
            Operation::new(Id::NodeShow, Get, "/{node}", "baremetal:node:get").params(&[FIELDS]),
            Operation::new(Id::NodeUpdate, Patch, "/{node}", "baremetal:node:update")
                .whole("patch")
                .params(&[
                    Param::new("reset_interfaces", Kind::Boolean).since(Feature::ResetInterfaces)
                ]),
            Operation::new(Id::NodeDelete, Delete, "/{node}", "baremetal:node:delete")
                .success(204)
                .surplus_not_found(),
        ],
    )
    .lookup(Lookup::Node),
    Family::new(
        "/v1/nodes/{node}/states",
        &[
            Operation::new(Id::NodeStates, Get, "", "baremetal:node:get_states"),
            Operation::new(
                Id::NodePower,
                Put,
                "/power",
                "baremetal:node:set_power_state",
            )
            .params(&[
                Param::new("target", Kind::Text).required(),
                Param::new("timeout", Kind::Integer),
            ])
            .success(202),
            Operation::new(
                Id::NodeProvision,
                Put,
                "/provision",
                "baremetal:node:set_provision_state",
            )
            .params(PROVISION)
            .success(202),
            Operation::new(Id::NodeRaid, Put, "/raid", "baremetal:node:set_raid_state")
                .whole("target_raid_config")
                .gate(Gate::LateNotAcceptable(Feature::RaidConfig))
                .success(204),
            Operation::new(
                Id::NodeBootMode,
                Put,
                "/boot_mode",
                "baremetal:node:set_boot_mode",
            )
            .params(&[Param::new("target", Kind::Text).required()])
            .gate(Gate::LateNotFound(Feature::NodeChangeBootMode))
            .success(202),
            Operation::new(
                Id::NodeSecureBoot,
                Put,
                "/secure_boot",
                "baremetal:node:set_secure_boot",
            )
            .params(&[Param::new("target", Kind::Boolean).required()])
            .gate(Gate::LateNotFound(Feature::NodeChangeBootMode))
            .success(202),
        ],
    )
    .reached(Reached::Attribute)
    .plain_get(),
    Family::new(
        "/v1/nodes/{node}/states/console",
        &[
            Operation::new(Id::NodeConsoleShow, Get, "", "baremetal:node:get_console"),
            Operation::new(
                Id::NodeConsoleSet,
                Put,
                "",
                "baremetal:node:set_console_state",
            )
            .params(&[Param::new("enabled", Kind::Boolean).required()])
            .success(202),
        ],
    )
    .reached(Reached::Attribute)
    .plain_get(),
    Family::new(
        "/v1/nodes/{node}/maintenance",
        &[
            Operation::new(
                Id::NodeMaintenanceSet,
                Put,
                "",
                "baremetal:node:set_maintenance",
            )
            .params(&[Param::new("reason", Kind::Text)])
            .success(202),
            Operation::new(
                Id::NodeMaintenanceClear,
                Delete,
                "",
                "baremetal:node:clear_maintenance",
            )
            .success(202),
        ],
    )
    .reached(Reached::Attribute),
    Family::new("/v1/nodes/{node}/management", &[]).reached(Reached::Attribute),
    Family::new(
        "/v1/nodes/{node}/management/boot_device",
        &[
            Operation::new(
                Id::NodeBootDeviceShow,
                Get,
                "",
                "baremetal:node:get_boot_device",
            ),
            Operation::new(
                Id::NodeBootDeviceSet,
                Put,
                "",
                "baremetal:node:set_boot_device",
            )
            .params(&[
                Param::new("boot_device", Kind::Text).required(),
                Param::new("persistent", Kind::Boolean),
            ])
            .success(204),
            Operation::new(
                Id::NodeBootDeviceSupported,
                Get,
                "/supported",
                "baremetal:node:get_boot_device",
            ),
        ],
    )
    .reached(Reached::Attribute)
    .plain_get(),
    Family::new(
        "/v1/nodes/{node}/management/inject_nmi",
        &[
            Operation::new(Id::NodeInjectNmi, Put, "", "baremetal:node:inject_nmi")
                .gate(Gate::LateNotFound(Feature::InjectNmi))
                .success(204),
        ],
    )
    .reached(Reached::Attribute),
    Family::new(
        "/v1/nodes/{node}/management/indicators",
        &[
            Operation::new(
                Id::NodeIndicatorList,
                Get,
                "",
                "baremetal:node:get_indicator_state",
            )
            .open_params(),
            Operation::new(
                Id::NodeIndicatorShow,
                Get,
                "/{indicator}",
                "baremetal:node:get_indicator_state",
            ),
            Operation::new(
                Id::NodeIndicatorSet,
                Put,
                "/{indicator}",
                "baremetal:node:set_indicator_state",
            )
            .params(&[Param::new("state", Kind::Text).required()])
            .success(204),
        ],
    )
    .reached(Reached::Attribute),
    Family::new(
        "/v1/nodes/{node}/vendor_passthru",
        &[
            Operation::new(
                Id::NodeVendorMethods,
                Get,
                "/methods",
                "baremetal:node:vendor_passthru",
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
        "/v1/nodes/{node}/traits",
        &[
            Operation::new(Id::NodeTraitList, Get, "", "baremetal:node:traits:list"),
            Operation::new(Id::NodeTraitReplace, Put, "", "baremetal:node:traits:set")
                .whole("body")
                .success(204),
            Operation::new(
                Id::NodeTraitAdd,
                Put,
                "/{trait}",
                "baremetal:node:traits:set",
            )
            .whole("body")
            .success(204),
            Operation::new(
                Id::NodeTraitClear,
                Delete,
                "",
                "baremetal:node:traits:delete",
            )
            .success(204),
            Operation::new(
                Id::NodeTraitRemove,
                Delete,
                "/{trait}",
                "baremetal:node:traits:delete",
            )
            .success(204),
        ],
    )
    .gate(Gate::Surplus(Feature::NodeTraits))
    .reached(Reached::Lookup),
    Family::new(
        "/v1/nodes/{node}/vifs",
        &[
            Operation::new(Id::NodeVifList, Get, "", "baremetal:node:vif:list"),
            Operation::new(Id::NodeVifAttach, Post, "", "baremetal:node:vif:attach")
                .whole("vif")
                .success(204),
            Operation::new(
                Id::NodeVifDetach,
                Delete,
                "/{vif}",
                "baremetal:node:vif:detach",
            )
            .success(204),
        ],
    )
    .gate(Gate::NoRoute(Feature::VifsSubcontroller))
    .reached(Reached::Lookup),
    Family::new(
        "/v1/nodes/{node}/vmedia",
        &[
            Operation::new(Id::NodeVmediaShow, Get, "", "baremetal:node:vmedia:get")
                .gate(Gate::NotFound(Feature::GetVmedia)),
            Operation::new(
                Id::NodeVmediaAttach,
                Post,
                "",
                "baremetal:node:vmedia:attach",
            )
            .whole("vmedia")
            .success(204),
            Operation::new(
                Id::NodeVmediaDetach,
                Delete,
                "",
                "baremetal:node:vmedia:detach",
            )
            .params(&[Param::new("device_types", Kind::List)])
            .success(204),
        ],
    )
    .gate(Gate::NoRoute(Feature::AttachDetachVmedia))
    .reached(Reached::Lookup)
    .plain_get(),
    Family::new(
        "/v1/nodes/{node}/bios",
        &[
            Operation::new(Id::NodeBiosList, Get, "", "baremetal:node:bios:get").params(&[
                Param::new("detail", Kind::Boolean).bad_before(Feature::BiosRegistry),
                Param::new("fields", Kind::List).bad_before(Feature::BiosRegistry),
            ]),
            Operation::new(
                Id::NodeBiosShow,
                Get,
                "/{setting}",
                "baremetal:node:bios:get",
            ),
        ],
    )
    .gate(Gate::NoRoute(Feature::BiosInterface))
    .reached(Reached::Lookup),
    Family::new(
        "/v1/nodes/{node}/firmware",
        &[
            Operation::new(Id::NodeFirmwareList, Get, "", "baremetal:node:firmware:get")
                .params(&[Param::new("fields", Kind::List)]),
        ],
    )
    .gate(Gate::NoRoute(Feature::FirmwareInterface))
    .reached(Reached::Lookup),
    Family::new(
        "/v1/nodes/{node}/history",
        &[
            Operation::new(Id::NodeHistoryList, Get, "", "baremetal:node:history:get")
                .params(HISTORY),
            Operation::new(
                Id::NodeHistoryShow,
                Get,
                "/{event}",
                "baremetal:node:history:get",
            ),
        ],
    )
    .gate(Gate::NoRoute(Feature::NodeHistory))
    .reached(Reached::Lookup),
    Family::new(
        "/v1/nodes/{node}/inventory",
        &[Operation::new(
            Id::NodeInventoryShow,
            Get,
            "",
            "baremetal:node:inventory:get",
        )],
    )
    .gate(Gate::NoRoute(Feature::NodeInventory))
    .reached(Reached::Lookup)
    .plain_get(),
    Family::new(
        "/v1/nodes/{node}/children",
        &[Operation::new(
            Id::NodeChildren,
            Get,
            "",
            "baremetal:node:get",
        )],
    )
    .gate(Gate::NoRoute(Feature::ParentChildNodes))
    .reached(Reached::Lookup),
    Family::new(
        "/v1/nodes/{node}/allocation",
        &[
            Operation::new(Id::NodeAllocationShow, Get, "", "baremetal:allocation:get")
                .params(&[Param::new("fields", Kind::List)]),
            Operation::new(
                Id::NodeAllocationDelete,
                Delete,
                "",
                "baremetal:allocation:delete",
            )
            .success(204),
        ],
    )
    .gate(Gate::NoRoute(Feature::Allocation))
    .reached(Reached::Lookup),
];

const PASSTHRU: &[Param] = &[Param::new("method", Kind::Text)];

const fn passthru(method: Method, tail: &'static str) -> Operation {
    Operation::new(
        Id::NodeVendorPassthru,
        method,
        tail,
        "baremetal:node:vendor_passthru",
    )
    .whole("data")
    .params(PASSTHRU)
}
