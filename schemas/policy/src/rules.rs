//! THE table of rules: name, who is allowed, which scopes of tokens are accepted, the REST
//! operations that it guards, and the name and check that it had before scopes and personas.
//!
//! Names, checks and operations are those of Ironic 39.0.0; a test compares them all.

use crate::credentials::Scope::{self, Project, System};
use crate::rule::rules;
use crate::who;

/// Tokens for the system and for projects.
const BOTH: &[Scope] = &[System, Project];
/// Tokens for the system only.
const SYSTEM: &[Scope] = &[System];
/// Tokens for projects only.
const PROJECT: &[Scope] = &[Project];
/// Whatever the token is for.
const UNSCOPED: &[Scope] = &[];

rules! {
    AdminApi = "admin_api",
        "role:admin or role:administrator", UNSCOPED;
    PublicApi = "public_api",
        "is_public_api:True", UNSCOPED;
    ShowPassword = "show_password",
        who::NOBODY, UNSCOPED;
    ShowInstanceSecrets = "show_instance_secrets",
        who::NOBODY, UNSCOPED;
    ServiceRole = "service_role",
        "role:service and project_name:%(config.service_project_name)s", UNSCOPED;
    IsMember = "is_member",
        "(project_domain_id:default or project_domain_id:None) and (project_name:demo or \
         project_name:baremetal)", UNSCOPED;
    IsObserver = "is_observer",
        "rule:is_member and (role:observer or role:baremetal_observer)", UNSCOPED;
    IsAdmin = "is_admin",
        "rule:admin_api or (rule:is_member and role:baremetal_admin)", UNSCOPED;
    IsNodeOwner = "is_node_owner",
        "project_id:%(node.owner)s", UNSCOPED;
    IsNodeLessee = "is_node_lessee",
        "project_id:%(node.lessee)s", UNSCOPED;
    IsAllocationOwner = "is_allocation_owner",
        "project_id:%(allocation.owner)s", UNSCOPED;

    NodeCreate = "baremetal:node:create",
        "(role:admin and system_scope:all) or (role:service and system_scope:all)", BOTH,
        ["POST /nodes"], was("baremetal:node:create", who::LEGACY_ADMIN);
    NodeCreateSelfOwnedNode = "baremetal:node:create:self_owned_node",
        "(role:admin) or (role:service)", BOTH, ["POST /nodes"];
    NodeList = "baremetal:node:list",
        who::ANY_READER, BOTH, ["GET /nodes", "GET /nodes/detail"],
        was("baremetal:node:list", "rule:baremetal:node:get");
    NodeListAll = "baremetal:node:list_all",
        who::SYSTEM_READER, BOTH, ["GET /nodes", "GET /nodes/detail"],
        was("baremetal:node:list_all", "rule:baremetal:node:get");
    NodeGet = "baremetal:node:get",
        who::NODE_READER, BOTH, ["GET /nodes/{node_ident}"],
        was("baremetal:node:get", who::LEGACY_OBSERVER);
    NodeGetFilterThreshold = "baremetal:node:get:filter_threshold",
        who::SYSTEM_READER, BOTH, ["GET /nodes/{node_ident}"],
        was("baremetal:node:get", who::LEGACY_OBSERVER);
    NodeGetLastError = "baremetal:node:get:last_error",
        who::NODE_OWNER_READER, BOTH, ["GET /nodes/{node_ident}"],
        was("baremetal:node:get", who::LEGACY_OBSERVER);
    NodeGetReservation = "baremetal:node:get:reservation",
        who::NODE_OWNER_READER, BOTH, ["GET /nodes/{node_ident}"],
        was("baremetal:node:get", who::LEGACY_OBSERVER);
    NodeGetDriverInternalInfo = "baremetal:node:get:driver_internal_info",
        who::NODE_OWNER_READER, BOTH, ["GET /nodes/{node_ident}"],
        was("baremetal:node:get", who::LEGACY_OBSERVER);
    NodeGetDriverInfo = "baremetal:node:get:driver_info",
        who::NODE_OWNER_READER, BOTH, ["GET /nodes/{node_ident}"],
        was("baremetal:node:get", who::LEGACY_OBSERVER);
    NodeUpdateDriverInfo = "baremetal:node:update:driver_info",
        who::NODE_OWNER_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateProperties = "baremetal:node:update:properties",
        who::NODE_OWNER_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateChassisUuid = "baremetal:node:update:chassis_uuid",
        who::SYSTEM_ADMIN, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateInstanceUuid = "baremetal:node:update:instance_uuid",
        who::NODE_OWNER_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateLessee = "baremetal:node:update:lessee",
        who::NODE_OWNER_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateOwner = "baremetal:node:update:owner",
        who::SYSTEM_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateDriverInterfaces = "baremetal:node:update:driver_interfaces",
        who::NODE_OWNER_MANAGER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateNetworkData = "baremetal:node:update:network_data",
        who::NODE_OWNER_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateConductorGroup = "baremetal:node:update:conductor_group",
        who::SYSTEM_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateName = "baremetal:node:update:name",
        who::NODE_OWNER_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateRetired = "baremetal:node:update:retired",
        who::NODE_OWNER_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdate = "baremetal:node:update",
        who::NODE_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update", who::LEGACY_ADMIN);
    NodeUpdateExtra = "baremetal:node:update_extra",
        who::NODE_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update_extra", "rule:baremetal:node:update");
    NodeUpdateInstanceInfo = "baremetal:node:update_instance_info",
        who::NODE_OWNER_MEMBER_LESSEE_MANAGER, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update_instance_info", "rule:baremetal:node:update");
    NodeUpdateOwnerProvisioned = "baremetal:node:update_owner_provisioned",
        who::SYSTEM_ADMIN, SYSTEM, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:update_owner_provisioned", who::LEGACY_ADMIN);
    NodeDelete = "baremetal:node:delete",
        who::SYSTEM_ADMIN, BOTH, ["DELETE /nodes/{node_ident}"],
        was("baremetal:node:delete", who::LEGACY_ADMIN);
    NodeDeleteSelfOwnedNode = "baremetal:node:delete:self_owned_node",
        "role:admin and project_id:%(node.owner)s", BOTH, ["DELETE /nodes/{node_ident}"];
    NodeValidate = "baremetal:node:validate",
        who::NODE_OWNER_MEMBER_LESSEE_MANAGER, BOTH, ["GET /nodes/{node_ident}/validate"],
        was("baremetal:node:validate", who::LEGACY_ADMIN);
    NodeSetMaintenance = "baremetal:node:set_maintenance",
        who::NODE_OWNER_MEMBER_LESSEE_MANAGER, BOTH, ["PUT /nodes/{node_ident}/maintenance"],
        was("baremetal:node:set_maintenance", who::LEGACY_ADMIN);
    NodeClearMaintenance = "baremetal:node:clear_maintenance",
        who::NODE_OWNER_MEMBER_LESSEE_MANAGER, BOTH, ["DELETE /nodes/{node_ident}/maintenance"],
        was("baremetal:node:clear_maintenance", who::LEGACY_ADMIN);
    NodeGetBootDevice = "baremetal:node:get_boot_device",
        who::NODE_OWNER_MANAGER, BOTH,
        [
            "GET /nodes/{node_ident}/management/boot_device",
            "GET /nodes/{node_ident}/management/boot_device/supported",
        ], was("baremetal:node:get_boot_device", who::LEGACY_OBSERVER);
    NodeSetBootDevice = "baremetal:node:set_boot_device",
        who::NODE_OWNER_MANAGER, BOTH, ["PUT /nodes/{node_ident}/management/boot_device"],
        was("baremetal:node:set_maintenance", who::LEGACY_ADMIN);
    NodeGetIndicatorState = "baremetal:node:get_indicator_state",
        who::NODE_READER, BOTH,
        [
            "GET /nodes/{node_ident}/management/indicators/{component}/{indicator}",
            "GET /nodes/{node_ident}/management/indicators",
        ], was("baremetal:node:get_indicator_state", who::LEGACY_OBSERVER);
    NodeSetIndicatorState = "baremetal:node:set_indicator_state",
        who::NODE_OWNER_MEMBER, BOTH,
        ["PUT /nodes/{node_ident}/management/indicators/{component}/{indicator}"],
        was("baremetal:node:set_indicator_state", who::LEGACY_ADMIN);
    NodeInjectNmi = "baremetal:node:inject_nmi",
        who::NODE_OWNER_MANAGER, BOTH, ["PUT /nodes/{node_ident}/management/inject_nmi"],
        was("baremetal:node:inject_nmi", who::LEGACY_ADMIN);
    NodeGetStates = "baremetal:node:get_states",
        who::NODE_READER, BOTH, ["GET /nodes/{node_ident}/states"],
        was("baremetal:node:get_states", who::LEGACY_OBSERVER);
    NodeSetPowerState = "baremetal:node:set_power_state",
        who::NODE_MEMBER, BOTH, ["PUT /nodes/{node_ident}/states/power"],
        was("baremetal:node:set_power_state", who::LEGACY_ADMIN);
    NodeSetBootMode = "baremetal:node:set_boot_mode",
        who::NODE_MEMBER, BOTH, ["PUT /nodes/{node_ident}/states/boot_mode"],
        was("baremetal:node:set_power_state", who::LEGACY_ADMIN);
    NodeSetSecureBoot = "baremetal:node:set_secure_boot",
        who::NODE_MEMBER, BOTH, ["PUT /nodes/{node_ident}/states/secure_boot"],
        was("baremetal:node:set_power_state", who::LEGACY_ADMIN);
    NodeSetProvisionState = "baremetal:node:set_provision_state",
        who::NODE_OWNER_MEMBER_LESSEE_MANAGER, BOTH, ["PUT /nodes/{node_ident}/states/provision"],
        was("baremetal:node:set_provision_state", who::LEGACY_ADMIN);
    NodeSetProvisionStateCleanSteps = "baremetal:node:set_provision_state:clean_steps",
        who::NODE_OWNER_MEMBER_LESSEE_MANAGER, BOTH, ["PUT /nodes/{node_ident}/states/provision"];
    NodeSetProvisionStateServiceSteps = "baremetal:node:set_provision_state:service_steps",
        who::NODE_OWNER_MEMBER_LESSEE_MANAGER, BOTH, ["PUT /nodes/{node_ident}/states/provision"];
    NodeSetRaidState = "baremetal:node:set_raid_state",
        who::NODE_OWNER_MEMBER, BOTH, ["PUT /nodes/{node_ident}/states/raid"],
        was("baremetal:node:set_raid_state", who::LEGACY_ADMIN);
    NodeGetConsole = "baremetal:node:get_console",
        who::NODE_OWNER_MEMBER, BOTH, ["GET /nodes/{node_ident}/states/console"],
        was("baremetal:node:get_console", who::LEGACY_ADMIN);
    NodeSetConsoleState = "baremetal:node:set_console_state",
        who::NODE_OWNER_MEMBER, BOTH, ["PUT /nodes/{node_ident}/states/console"],
        was("baremetal:node:set_console_state", who::LEGACY_ADMIN);
    NodeVifList = "baremetal:node:vif:list",
        who::NODE_READER, BOTH, ["GET /nodes/{node_ident}/vifs"],
        was("baremetal:node:vif:list", who::LEGACY_ADMIN);
    NodeVifAttach = "baremetal:node:vif:attach",
        who::NODE_OWNER_MEMBER_LESSEE_MANAGER, BOTH, ["POST /nodes/{node_ident}/vifs"],
        was("baremetal:node:vif:attach", who::LEGACY_ADMIN);
    NodeVifDetach = "baremetal:node:vif:detach",
        who::NODE_OWNER_MEMBER_LESSEE_MANAGER, BOTH,
        ["DELETE /nodes/{node_ident}/vifs/{node_vif_ident}"],
        was("baremetal:node:vif:detach", who::LEGACY_ADMIN);
    NodeTraitsList = "baremetal:node:traits:list",
        who::NODE_READER, BOTH, ["GET /nodes/{node_ident}/traits"],
        was("baremetal:node:traits:list", who::LEGACY_OBSERVER);
    NodeTraitsSet = "baremetal:node:traits:set",
        who::NODE_OWNER_MANAGER, BOTH,
        ["PUT /nodes/{node_ident}/traits", "PUT /nodes/{node_ident}/traits/{trait}"],
        was("baremetal:node:traits:set", who::LEGACY_ADMIN);
    NodeTraitsDelete = "baremetal:node:traits:delete",
        who::NODE_OWNER_MANAGER, BOTH,
        ["DELETE /nodes/{node_ident}/traits", "DELETE /nodes/{node_ident}/traits/{trait}"],
        was("baremetal:node:traits:delete", who::LEGACY_ADMIN);
    NodeBiosGet = "baremetal:node:bios:get",
        who::NODE_READER, BOTH,
        ["GET /nodes/{node_ident}/bios", "GET /nodes/{node_ident}/bios/{setting}"],
        was("baremetal:node:bios:get", who::LEGACY_OBSERVER);
    NodeDisableCleaning = "baremetal:node:disable_cleaning",
        who::SYSTEM_ADMIN, BOTH, ["PATCH /nodes/{node_ident}"],
        was("baremetal:node:disable_cleaning", "rule:baremetal:node:update");
    NodeHistoryGet = "baremetal:node:history:get",
        who::NODE_OWNER_READER, BOTH,
        ["GET /nodes/{node_ident}/history", "GET /nodes/{node_ident}/history/{event_ident}"],
        was("baremetal:node:get", who::LEGACY_OBSERVER);
    NodeInventoryGet = "baremetal:node:inventory:get",
        who::NODE_OWNER_READER, BOTH, ["GET /nodes/{node_ident}/inventory"],
        was("baremetal:node:get", who::LEGACY_OBSERVER);
    NodeUpdateShard = "baremetal:node:update:shard",
        who::SYSTEM_ADMIN, BOTH, ["PATCH /nodes/{node_ident}"];

    ShardsGet = "baremetal:shards:get",
        who::SYSTEM_READER, BOTH, ["GET /shards"];

    NodeUpdateParentNode = "baremetal:node:update:parent_node",
        who::SYSTEM_MEMBER, BOTH, ["PATCH /nodes/{node_ident}"];
    NodeUpdateDisablePowerOff = "baremetal:node:update:disable_power_off",
        who::SYSTEM_ADMIN, BOTH, ["PATCH /nodes/{node_ident}"];
    NodeFirmwareGet = "baremetal:node:firmware:get",
        who::NODE_READER, BOTH, ["GET /nodes/{node_ident}/firmware"];
    NodeVmediaAttach = "baremetal:node:vmedia:attach",
        who::NODE_MEMBER, BOTH, ["POST /nodes/{node_ident}/vmedia"];
    NodeVmediaDetach = "baremetal:node:vmedia:detach",
        who::NODE_MEMBER, BOTH, ["DELETE /nodes/{node_ident}/vmedia"];
    NodeVmediaGet = "baremetal:node:vmedia:get",
        who::NODE_READER, BOTH, ["GET /nodes/{node_ident}/vmedia"];

    PortGet = "baremetal:port:get",
        who::NODE_READER, BOTH,
        [
            "GET /ports/{port_id}",
            "GET /nodes/{node_ident}/ports",
            "GET /nodes/{node_ident}/ports/detail",
            "GET /portgroups/{portgroup_ident}/ports",
            "GET /portgroups/{portgroup_ident}/ports/detail",
        ], was("baremetal:port:get", who::LEGACY_OBSERVER);
    PortList = "baremetal:port:list",
        who::ANY_READER, BOTH, ["GET /ports", "GET /ports/detail"],
        was("baremetal:port:list", "rule:baremetal:port:get");
    PortListAll = "baremetal:port:list_all",
        who::SYSTEM_READER, BOTH, ["GET /ports", "GET /ports/detail"],
        was("baremetal:port:list_all", "rule:baremetal:port:get");
    PortCreate = "baremetal:port:create",
        who::SYSTEM_ADMIN_OR_OWNER_MANAGER, BOTH, ["POST /ports"],
        was("baremetal:port:create", who::LEGACY_ADMIN);
    PortDelete = "baremetal:port:delete",
        who::SYSTEM_ADMIN_OR_OWNER_MANAGER, BOTH, ["DELETE /ports/{port_id}"],
        was("baremetal:port:delete", who::LEGACY_ADMIN);
    PortUpdate = "baremetal:port:update",
        who::NODE_OWNER_MANAGER, BOTH, ["PATCH /ports/{port_id}"],
        was("baremetal:port:update", who::LEGACY_ADMIN);

    PortgroupGet = "baremetal:portgroup:get",
        who::NODE_READER, BOTH,
        [
            "GET /portgroups",
            "GET /portgroups/detail",
            "GET /portgroups/{portgroup_ident}",
            "GET /nodes/{node_ident}/portgroups",
            "GET /nodes/{node_ident}/portgroups/detail",
        ], was("baremetal:portgroup:get", who::LEGACY_OBSERVER);
    PortgroupCreate = "baremetal:portgroup:create",
        who::SYSTEM_ADMIN_OR_OWNER_MANAGER, BOTH, ["POST /portgroups"],
        was("baremetal:portgroup:create", who::LEGACY_ADMIN);
    PortgroupDelete = "baremetal:portgroup:delete",
        who::SYSTEM_ADMIN_OR_OWNER_MANAGER, BOTH, ["DELETE /portgroups/{portgroup_ident}"],
        was("baremetal:portgroup:delete", who::LEGACY_ADMIN);
    PortgroupUpdate = "baremetal:portgroup:update",
        who::NODE_OWNER_MANAGER, BOTH, ["PATCH /portgroups/{portgroup_ident}"],
        was("baremetal:portgroup:update", who::LEGACY_ADMIN);
    PortgroupList = "baremetal:portgroup:list",
        who::ANY_READER, BOTH, ["GET /portgroups", "GET /portgroups/detail"],
        was("baremetal:portgroup:get", who::LEGACY_OBSERVER);
    PortgroupListAll = "baremetal:portgroup:list_all",
        who::SYSTEM_READER, BOTH, ["GET /portgroups", "GET /portgroups/detail"],
        was("baremetal:portgroup:get", who::LEGACY_OBSERVER);

    ChassisGet = "baremetal:chassis:get",
        who::SYSTEM_READER, SYSTEM,
        ["GET /chassis", "GET /chassis/detail", "GET /chassis/{chassis_id}"],
        was("baremetal:chassis:get", who::LEGACY_OBSERVER);
    ChassisCreate = "baremetal:chassis:create",
        who::SYSTEM_ADMIN, SYSTEM, ["POST /chassis"],
        was("baremetal:chassis:create", who::LEGACY_ADMIN);
    ChassisDelete = "baremetal:chassis:delete",
        who::SYSTEM_ADMIN, SYSTEM, ["DELETE /chassis/{chassis_id}"],
        was("baremetal:chassis:delete", who::LEGACY_ADMIN);
    ChassisUpdate = "baremetal:chassis:update",
        who::SYSTEM_MEMBER, SYSTEM, ["PATCH /chassis/{chassis_id}"],
        was("baremetal:chassis:update", who::LEGACY_ADMIN);

    DriverGet = "baremetal:driver:get",
        who::SYSTEM_READER, SYSTEM, ["GET /drivers", "GET /drivers/{driver_name}"],
        was("baremetal:driver:get", who::LEGACY_OBSERVER);
    DriverGetProperties = "baremetal:driver:get_properties",
        who::SYSTEM_READER, SYSTEM, ["GET /drivers/{driver_name}/properties"],
        was("baremetal:driver:get_properties", who::LEGACY_OBSERVER);
    DriverGetRaidLogicalDiskProperties = "baremetal:driver:get_raid_logical_disk_properties",
        who::SYSTEM_READER, SYSTEM, ["GET /drivers/{driver_name}/raid/logical_disk_properties"],
        was("baremetal:driver:get_raid_logical_disk_properties", who::LEGACY_OBSERVER);

    NodeVendorPassthru = "baremetal:node:vendor_passthru",
        who::SYSTEM_ADMIN, BOTH,
        [
            "GET nodes/{node_ident}/vendor_passthru/methods",
            "GET nodes/{node_ident}/vendor_passthru?method={method_name}",
            "PUT nodes/{node_ident}/vendor_passthru?method={method_name}",
            "POST nodes/{node_ident}/vendor_passthru?method={method_name}",
            "PATCH nodes/{node_ident}/vendor_passthru?method={method_name}",
            "DELETE nodes/{node_ident}/vendor_passthru?method={method_name}",
        ], was("baremetal:node:vendor_passthru", who::LEGACY_ADMIN);

    DriverVendorPassthru = "baremetal:driver:vendor_passthru",
        who::SYSTEM_ADMIN, SYSTEM,
        [
            "GET drivers/{driver_name}/vendor_passthru/methods",
            "GET drivers/{driver_name}/vendor_passthru?method={method_name}",
            "PUT drivers/{driver_name}/vendor_passthru?method={method_name}",
            "POST drivers/{driver_name}/vendor_passthru?method={method_name}",
            "PATCH drivers/{driver_name}/vendor_passthru?method={method_name}",
            "DELETE drivers/{driver_name}/vendor_passthru?method={method_name}",
        ], was("baremetal:driver:vendor_passthru", who::LEGACY_ADMIN);

    NodeIpaHeartbeat = "baremetal:node:ipa_heartbeat",
        who::EVERYBODY, UNSCOPED, ["POST /heartbeat/{node_ident}"],
        was("baremetal:node:ipa_heartbeat", who::LEGACY_PUBLIC);

    DriverIpaLookup = "baremetal:driver:ipa_lookup",
        who::EVERYBODY, UNSCOPED, ["GET /lookup"],
        was("baremetal:driver:ipa_lookup", who::LEGACY_PUBLIC);
    DriverIpaContinueInspection = "baremetal:driver:ipa_continue_inspection",
        who::EVERYBODY, UNSCOPED, ["POST /continue_inspection"];

    VolumeListAll = "baremetal:volume:list_all",
        who::SYSTEM_READER, BOTH,
        [
            "GET /volume/connectors",
            "GET /volume/targets",
            "GET /nodes/{node_ident}/volume/connectors",
            "GET /nodes/{node_ident}/volume/targets",
        ], was("baremetal:volume:get", who::LEGACY_OBSERVER);
    VolumeList = "baremetal:volume:list",
        who::ANY_READER, BOTH,
        [
            "GET /volume/connectors",
            "GET /volume/targets",
            "GET /nodes/{node_ident}/volume/connectors",
            "GET /nodes/{node_ident}/volume/targets",
        ], was("baremetal:volume:get", who::LEGACY_OBSERVER);
    VolumeGet = "baremetal:volume:get",
        who::NODE_READER, BOTH,
        [
            "GET /volume",
            "GET /volume/connectors",
            "GET /volume/connectors/{volume_connector_id}",
            "GET /volume/targets",
            "GET /volume/targets/{volume_target_id}",
            "GET /nodes/{node_ident}/volume",
            "GET /nodes/{node_ident}/volume/connectors",
            "GET /nodes/{node_ident}/volume/targets",
        ], was("baremetal:volume:get", who::LEGACY_OBSERVER);
    VolumeCreate = "baremetal:volume:create",
        who::NODE_OWNER_OR_LESSEE_MANAGER, BOTH,
        ["POST /volume/connectors", "POST /volume/targets"],
        was("baremetal:volume:create", who::LEGACY_ADMIN);
    VolumeDelete = "baremetal:volume:delete",
        who::NODE_OWNER_OR_LESSEE_MANAGER, BOTH,
        [
            "DELETE /volume/connectors/{volume_connector_id}",
            "DELETE /volume/targets/{volume_target_id}",
        ], was("baremetal:volume:delete", who::LEGACY_ADMIN);
    VolumeUpdate = "baremetal:volume:update",
        who::NODE_OWNER_MEMBER_LESSEE_MANAGER, BOTH,
        [
            "PATCH /volume/connectors/{volume_connector_id}",
            "PATCH /volume/targets/{volume_target_id}",
        ], was("baremetal:volume:update", who::LEGACY_ADMIN);
    VolumeViewTargetProperties = "baremetal:volume:view_target_properties",
        "((role:reader and system_scope:all) or (role:service and system_scope:all) or \
         rule:service_role) or (role:admin)", BOTH,
        [
            "GET /volume/connectors/{volume_connector_id}",
            "GET /volume/targets/{volume_target_id}",
        ], was("baremetal:volume:update", who::LEGACY_ADMIN);

    ConductorGet = "baremetal:conductor:get",
        who::SYSTEM_READER, BOTH, ["GET /conductors", "GET /conductors/{hostname}"],
        was("baremetal:conductor:get", who::LEGACY_OBSERVER);

    AllocationGet = "baremetal:allocation:get",
        "((role:reader and system_scope:all) or (role:service and system_scope:all) or \
         rule:service_role) or (role:reader and project_id:%(allocation.owner)s)", BOTH,
        ["GET /allocations/{allocation_id}", "GET /nodes/{node_ident}/allocation"],
        was("baremetal:allocation:get", who::LEGACY_OBSERVER);
    AllocationList = "baremetal:allocation:list",
        who::ANY_READER, BOTH, ["GET /allocations"],
        was("baremetal:allocation:list", "rule:baremetal:allocation:get");
    AllocationListAll = "baremetal:allocation:list_all",
        who::SYSTEM_READER, BOTH, ["GET /allocations"],
        was(
            "baremetal:allocation:list_all",
            "rule:baremetal:allocation:get and is_admin_project:True"
        );
    AllocationCreate = "baremetal:allocation:create",
        "((role:member and system_scope:all) or rule:service_role) or (role:member)", BOTH,
        ["POST /allocations"],
        was("baremetal:allocation:create", "rule:is_admin and is_admin_project:True");
    AllocationCreateRestricted = "baremetal:allocation:create_restricted",
        who::SYSTEM_MEMBER, BOTH, ["POST /allocations"],
        was("baremetal:allocation:create_restricted", "rule:baremetal:allocation:create");
    AllocationDelete = "baremetal:allocation:delete",
        who::ALLOCATION_OWNER_MEMBER, BOTH,
        ["DELETE /allocations/{allocation_id}", "DELETE /nodes/{node_ident}/allocation"],
        was("baremetal:allocation:delete", who::LEGACY_ADMIN);
    AllocationUpdate = "baremetal:allocation:update",
        who::ALLOCATION_OWNER_MEMBER, BOTH, ["PATCH /allocations/{allocation_id}"],
        was("baremetal:allocation:update", who::LEGACY_ADMIN);
    AllocationCreatePreRbac = "baremetal:allocation:create_pre_rbac",
        "(rule:is_member and role:baremetal_admin) or (is_admin_project:True and role:admin)",
        PROJECT,
        ["PATCH /allocations/{allocation_id}"];

    EventsPost = "baremetal:events:post",
        who::SYSTEM_ADMIN, SYSTEM, ["POST /events"],
        was("baremetal:events:post", who::LEGACY_ADMIN);

    DeployTemplateGet = "baremetal:deploy_template:get",
        who::SYSTEM_READER, BOTH,
        ["GET /deploy_templates", "GET /deploy_templates/{deploy_template_ident}"],
        was("baremetal:deploy_template:get", who::LEGACY_OBSERVER);
    DeployTemplateCreate = "baremetal:deploy_template:create",
        who::SYSTEM_ADMIN, BOTH, ["POST /deploy_templates"],
        was("baremetal:deploy_template:create", who::LEGACY_ADMIN);
    DeployTemplateDelete = "baremetal:deploy_template:delete",
        who::SYSTEM_ADMIN, BOTH, ["DELETE /deploy_templates/{deploy_template_ident}"],
        was("baremetal:deploy_template:delete", who::LEGACY_ADMIN);
    DeployTemplateUpdate = "baremetal:deploy_template:update",
        who::SYSTEM_ADMIN, BOTH, ["PATCH /deploy_templates/{deploy_template_ident}"],
        was("baremetal:deploy_template:update", who::LEGACY_ADMIN);

    RunbookGet = "baremetal:runbook:get",
        "((role:reader and system_scope:all) or (role:service and system_scope:all) or \
         rule:service_role) or (role:reader and project_id:%(runbook.owner)s) or role:service",
        BOTH,
        ["GET /runbooks/{runbook_ident}"];
    RunbookList = "baremetal:runbook:list",
        who::ANY_READER, BOTH, ["GET /runbooks"];
    RunbookListAll = "baremetal:runbook:list_all",
        who::SYSTEM_READER, BOTH, ["GET /runbooks"];
    RunbookCreate = "baremetal:runbook:create",
        "((role:member and system_scope:all) or rule:service_role) or role:manager or \
         role:service", BOTH, ["POST /runbooks"];
    RunbookDelete = "baremetal:runbook:delete",
        who::RUNBOOK_OWNER_MANAGER, BOTH, ["DELETE /runbooks/{runbook_ident}"];
    RunbookUpdate = "baremetal:runbook:update",
        who::RUNBOOK_OWNER_MANAGER, BOTH, ["PATCH /runbooks/{runbook_ident}"];
    RunbookUpdatePublic = "baremetal:runbook:update:public",
        who::SYSTEM_MEMBER, BOTH, ["PATCH /runbooks/{runbook_ident}/public"];
    RunbookUpdateOwner = "baremetal:runbook:update:owner",
        who::SYSTEM_MEMBER, BOTH, ["PATCH /runbooks/{runbook_ident}/owner"];
    RunbookUse = "baremetal:runbook:use",
        who::RUNBOOK_OWNER_MANAGER, BOTH, ["PUT /nodes/{node_ident}/states/provision"];

    InspectionRuleGet = "baremetal:inspection_rule:get",
        who::SYSTEM_READER, BOTH, ["GET /inspection_rules", "GET /inspection_rules/{rule_id}"];
    InspectionRuleListAll = "baremetal:inspection_rule:list_all",
        who::SYSTEM_READER, BOTH, ["GET /inspection_rules"];
    InspectionRuleCreate = "baremetal:inspection_rule:create",
        who::SYSTEM_ADMIN, BOTH, ["POST /inspection_rules"];
    InspectionRuleUpdate = "baremetal:inspection_rule:update",
        who::SYSTEM_ADMIN, BOTH, ["PATCH /inspection_rules/{rule_id}"];
    InspectionRuleDelete = "baremetal:inspection_rule:delete",
        who::SYSTEM_ADMIN, BOTH,
        ["DELETE /inspection_rules", "DELETE /inspection_rules/{rule_id}"];
}
