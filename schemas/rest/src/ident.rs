//! What names and identifiers may look like.
//!
//! Source: Ironic 39.0.0, `ironic.common.utils`, `oslo_utils.netutils`.

use std::sync::LazyLock;

use regex::Regex;
use schemas_model::Uuid;

use crate::versions::{Feature, Version};

/// The longest logical name, in characters.
pub const NAME_LIMIT: usize = 255;

/// Words below `/v1/nodes/` that cannot be node names.
pub const RESERVED_NODE_NAMES: &[&str] = &[
    "maintenance",
    "management",
    "states",
    "vendor_passthru",
    "detail",
    "validate",
];

/// Host names as the API took them before [`Feature::UnrestrictedNodeName`].
static HOSTNAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?(\.[a-z0-9\-_]{0,62}[a-z0-9])*\.?$").ok()
});

/// A logical name: 1–255 unreserved characters of RFC 3986.
pub fn is_logical_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= NAME_LIMIT
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

/// A logical name by the rules of a version.
pub fn is_logical_name_at(name: &str, version: Version) -> bool {
    if version.allows(Feature::UnrestrictedNodeName) {
        is_logical_name(name)
    } else {
        name.len() <= NAME_LIMIT && HOSTNAME.as_ref().is_some_and(|re| re.is_match(name))
    }
}

/// A name a node may be given: a logical name that is no UUID.
pub fn is_node_name(name: &str, version: Version) -> bool {
    is_logical_name_at(name, version) && !Uuid::is_like(name)
}

/// A UUID or a logical name.
pub fn is_uuid_or_name(text: &str) -> bool {
    is_logical_name(text) || Uuid::is_like(text)
}

/// A MAC address in lower case, if it is one: six pairs of hex digits, colons between.
pub fn mac(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let mut pairs = 0;
    for pair in lower.split(':') {
        if pair.len() != 2 || !pair.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        pairs += 1;
    }
    (pairs == 6).then_some(lower)
}

/// A switch id in lower case, if it is one: a MAC address or an OpenFlow datapath id.
pub fn switch_id(text: &str) -> Option<String> {
    mac(text).or_else(|| {
        let lower = text.to_lowercase();
        (lower.len() == 16 && lower.bytes().all(|b| b.is_ascii_hexdigit())).then_some(lower)
    })
}

/// `host[:port]`, brackets around IPv6 addresses that have a port.
pub fn is_host_port(text: &str) -> bool {
    let number = |port: &str| port.parse::<i64>().is_ok();
    if let Some(rest) = text.strip_prefix('[') {
        return match rest.split_once(']') {
            Some((host, "")) => !host.is_empty(),
            Some((host, port)) => !host.is_empty() && port.strip_prefix(':').is_some_and(number),
            None => false,
        };
    }
    match text.split_once(':') {
        None => !text.is_empty(),
        Some((host, port)) if !port.contains(':') => !host.is_empty() && number(port),
        Some(_) => true,
    }
}

/// oslo's words for true and false.
pub fn boolean(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "1" | "t" | "true" | "on" | "y" | "yes" => Some(true),
        "0" | "f" | "false" | "off" | "n" | "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_version() {
        let strict = Version::of(Feature::NodeName);
        assert!(is_logical_name_at("rack-7.example", strict));
        assert!(!is_logical_name_at("Rack_7", strict));
        assert!(is_logical_name_at("Rack_7~", Version::MAX));
        assert!(!is_logical_name(""));
        assert!(!is_logical_name(&"a".repeat(256)));
        assert!(!is_node_name(
            "1be26c0b-03f2-4d2e-ae87-c02d7f33c123",
            Version::MAX
        ));
    }

    #[test]
    fn macs_and_switches() {
        assert_eq!(
            mac("52:54:00:AA:bb:01").as_deref(),
            Some("52:54:00:aa:bb:01")
        );
        assert_eq!(mac("52-54-00-aa-bb-01"), None);
        assert_eq!(mac("52:54:00:aa:bb"), None);
        assert_eq!(
            switch_id("0011223344556677").as_deref(),
            Some("0011223344556677")
        );
        assert_eq!(switch_id("xyz"), None);
    }

    #[test]
    fn hosts() {
        for good in ["a", "a:80", "[::1]:80", "[::1]", "2001:db8::1"] {
            assert!(is_host_port(good), "{good}");
        }
        for bad in ["", "a:b", ":80", "[::1"] {
            assert!(!is_host_port(bad), "{bad}");
        }
    }

    #[test]
    fn booleans() {
        assert_eq!(boolean(" TRUE "), Some(true));
        assert_eq!(boolean("off"), Some(false));
        assert_eq!(boolean("maybe"), None);
    }
}
