//! `[audit]`.

use crate::section::section;

section! {
    /// `[audit]`: audit events of API requests.
    Audit;

    /// File that maps requests to events.
    audit_map_file: String = "/etc/ironic/api_audit_map.conf";
    /// Send an event for each request.
    enabled: bool = false;
    /// HTTP methods without events, separated by commas.
    ignore_req_list: String = "";
}
