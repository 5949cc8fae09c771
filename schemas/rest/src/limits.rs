//! Limits on request bodies: depth and size.
//!
//! Source: Ironic 39.0.0, `[api]max_json_body_*`; only content types with `json` in lower case are
//! looked at.

/// Which size limit applies to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeClass {
    /// `[api]max_json_body_size`
    Ordinary,
    /// `[api]max_json_body_size_provision`: configdrives travel here.
    Provision,
    /// `[api]max_json_body_size_inspection`: ramdisk logs travel here.
    Inspection,
}

/// The size class of a path.
pub fn size_class(path: &str) -> SizeClass {
    let path = path.trim_matches('/');
    if path.ends_with("states/provision") {
        SizeClass::Provision
    } else if path.ends_with("continue_inspection") {
        SizeClass::Inspection
    } else {
        SizeClass::Ordinary
    }
}

/// Whether brackets outside strings nest no deeper than `limit`. Does not recurse.
pub fn depth_within(body: &[u8], limit: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in body {
        match (in_string, *byte) {
            _ if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > limit {
                    return false;
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert!(depth_within(br#"{"a": [[]]}"#, 3));
        assert!(!depth_within(br#"{"a": [[]]}"#, 2));
        assert!(depth_within(br#"{"a": "[[[[\"[["}"#, 1));
    }

    #[test]
    fn size_classes() {
        assert_eq!(
            size_class("/v1/nodes/a/states/provision/"),
            SizeClass::Provision
        );
        assert_eq!(size_class("/continue_inspection"), SizeClass::Inspection);
        assert_eq!(size_class("/v1/nodes"), SizeClass::Ordinary);
    }
}
