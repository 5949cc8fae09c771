//! What needs no authentication: discovery, and what ramdisks call (Ironic 39.0.0, observed).

/// Paths that are open, without a trailing slash; `*` stands for one segment.
const PUBLIC: &[&str] = &[
    "",
    "/v1",
    "/v1/lookup",
    "/v1/heartbeat/*",
    "/v1/continue_inspection",
];

/// Whether a path is open to everybody.
pub fn is_public(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    PUBLIC.iter().any(|open| match open.strip_suffix("/*") {
        None => path == *open,
        Some(parent) => path
            .strip_prefix(parent)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|member| !member.is_empty() && !member.contains('/')),
    })
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn agents_and_discovery_need_no_password() {
        for open in [
            "/",
            "/v1",
            "/v1/",
            "/v1/lookup",
            "/v1/heartbeat/1be26c0b-03f2-4d2e-ae87-c02d7f33c123",
        ] {
            assert!(is_public(open), "{open}");
        }
        for closed in [
            "/v1/nodes",
            "/v1/heartbeat/a/b",
            "/v1/heartbeat",
            "/v1/lookups",
            "/v1/nodes/lookup",
        ] {
            assert!(!is_public(closed), "{closed}");
        }
    }
}
