//! Who is allowed: the check strings that several rules share, named.
//!
//! They are facts of Ironic 39.0.0; a test compares every rule's. "Trusted services" are those of
//! `[DEFAULT]rbac_service_project_name`, when `rbac_service_role_elevated_access` is on.

/// Everybody, also without authentication.
pub const EVERYBODY: &str = "";

/// Nobody.
pub const NOBODY: &str = "!";

/// Administrators of the system.
pub const SYSTEM_ADMIN: &str = "role:admin and system_scope:all";

/// Members of the system, and trusted services.
pub const SYSTEM_MEMBER: &str = "(role:member and system_scope:all) or rule:service_role";

/// Readers of the system, its services, and trusted services.
pub const SYSTEM_READER: &str = "\
    (role:reader and system_scope:all) or (role:service and system_scope:all) or \
    rule:service_role";

/// Readers and services of anything: for lists of what the user may see.
pub const ANY_READER: &str = "(role:reader) or (role:service)";

/// Readers of the system or of the project that owns or leases the node.
pub const NODE_READER: &str = "\
    ((role:reader and system_scope:all) or (role:service and system_scope:all) or \
    rule:service_role) or (role:reader and (project_id:%(node.owner)s or \
    project_id:%(node.lessee)s)) or (role:service and project_id:%(node.owner)s)";

/// Readers of the system or of the project that owns the node.
pub const NODE_OWNER_READER: &str = "\
    ((role:reader and system_scope:all) or (role:service and system_scope:all) or \
    rule:service_role) or (role:service and system_scope:all) or (role:reader and \
    project_id:%(node.owner)s) or (role:service and project_id:%(node.owner)s)";

/// Members of the system or of the project that owns or leases the node.
pub const NODE_MEMBER: &str = "\
    ((role:member and system_scope:all) or rule:service_role) or (role:member and \
    (project_id:%(node.owner)s or project_id:%(node.lessee)s)) or (role:service and \
    system_scope:all)";

/// Members of the system or of the project that owns the node.
pub const NODE_OWNER_MEMBER: &str = "\
    ((role:member and system_scope:all) or rule:service_role) or (role:service and \
    system_scope:all) or (role:member and project_id:%(node.owner)s) or (role:service and \
    project_id:%(node.owner)s)";

/// Members of the system, managers of the project that owns the node.
pub const NODE_OWNER_MANAGER: &str = "\
    ((role:member and system_scope:all) or rule:service_role) or (role:service and \
    system_scope:all) or (role:admin and project_id:%(node.owner)s) or (role:manager and \
    project_id:%(node.owner)s) or (role:service and project_id:%(node.owner)s)";

/// Members of the system or of the owning project, managers of the leasing one.
pub const NODE_OWNER_MEMBER_LESSEE_MANAGER: &str = "\
    ((role:member and system_scope:all) or rule:service_role) or (role:service and \
    system_scope:all) or (role:member and project_id:%(node.owner)s) or (role:admin and \
    project_id:%(node.lessee)s) or (role:manager and project_id:%(node.lessee)s) or \
    (role:service and project_id:%(node.owner)s)";

/// Members of the system, managers of the project that owns or leases the node.
pub const NODE_OWNER_OR_LESSEE_MANAGER: &str = "\
    ((role:member and system_scope:all) or rule:service_role) or (role:service and \
    system_scope:all) or (role:admin and project_id:%(node.owner)s) or (role:manager and \
    project_id:%(node.owner)s) or (role:admin and project_id:%(node.lessee)s) or (role:manager \
    and project_id:%(node.lessee)s) or (role:service and project_id:%(node.owner)s)";

/// Administrators of the system, managers of the project that owns the node.
pub const SYSTEM_ADMIN_OR_OWNER_MANAGER: &str = "\
    (role:admin and system_scope:all) or (role:service and system_scope:all) or (role:admin and \
    project_id:%(node.owner)s) or (role:manager and project_id:%(node.owner)s) or (role:service \
    and project_id:%(node.owner)s)";

/// Members of the system or of the project that owns the allocation.
pub const ALLOCATION_OWNER_MEMBER: &str = "\
    ((role:member and system_scope:all) or rule:service_role) or (role:member and \
    project_id:%(allocation.owner)s)";

/// Members of the system, managers of the project that owns the runbook, services.
pub const RUNBOOK_OWNER_MANAGER: &str = "\
    ((role:member and system_scope:all) or rule:service_role) or (role:manager and \
    project_id:%(runbook.owner)s) or role:service";

/// Administrators, before scopes and personas.
pub const LEGACY_ADMIN: &str = "rule:is_admin";

/// Administrators and observers, before scopes and personas.
pub const LEGACY_OBSERVER: &str = "rule:is_admin or rule:is_observer";

/// Requests to public paths.
pub const LEGACY_PUBLIC: &str = "rule:public_api";
