//! A path of a resource on one BMC, as found in `@odata.id`, action targets and `Location`.
//!
//! Invariant: a [`ResourcePath`] starts with one `/`, has no host, no control characters, no
//! fragment and no `..` segment, and is at most [`MAX_LENGTH`] bytes; joining it with the address
//! of a BMC therefore can't leave that BMC.

use std::fmt;

use url::Url;

/// Longest accepted path, bytes. Real ones stay below 300.
pub const MAX_LENGTH: usize = 2048;

/// See the module documentation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourcePath(String);

/// Why a link is not a path on this BMC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPath {
    /// Empty, or not beginning with `/`.
    #[error("it does not begin with /")]
    NotAbsolute,
    /// `//host/...` or `scheme://host/...` of another origin.
    #[error("it points to another host")]
    OtherHost,
    /// Control characters, blanks or backslashes.
    #[error("it has characters that don't belong in a path")]
    Characters,
    /// A `.` or `..` segment, plain or percent-encoded.
    #[error("it climbs with .. segments")]
    Climbs,
    /// Longer than [`MAX_LENGTH`].
    #[error("it is too long")]
    TooLong,
}

impl ResourcePath {
    /// Checks `text`, a path with an optional query. A `#fragment` (JSON pointer into the
    /// resource) is cut off.
    pub fn parse(text: &str) -> Result<Self, BadPath> {
        let text = text.split('#').next().unwrap_or_default();
        if text.len() > MAX_LENGTH {
            return Err(BadPath::TooLong);
        }
        if text.starts_with("//") {
            return Err(BadPath::OtherHost);
        }
        if !text.starts_with('/') {
            return Err(BadPath::NotAbsolute);
        }
        if text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        {
            return Err(BadPath::Characters);
        }
        let path = text.split('?').next().unwrap_or_default();
        if path.split('/').any(is_dots) {
            return Err(BadPath::Climbs);
        }
        Ok(ResourcePath(text.to_owned()))
    }

    /// Checks a link that may be absolute, as `Location` headers are: it must be of `origin`
    /// (scheme, host and port).
    pub fn parse_link(link: &str, origin: &Url) -> Result<Self, BadPath> {
        if link.starts_with('/') {
            return Self::parse(link);
        }
        let url = Url::parse(link).map_err(|_| BadPath::NotAbsolute)?;
        if url.origin() != origin.origin() {
            return Err(BadPath::OtherHost);
        }
        let query = url
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        Self::parse(&format!("{}{query}", url.path()))
    }

    /// The path with its query.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment of the path, the usual id of a resource.
    pub fn last_segment(&self) -> &str {
        let path = self.0.split('?').next().unwrap_or_default();
        path.trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default()
    }

    /// The same path with one more segment, which is checked like a whole path.
    pub fn child(&self, segment: &str) -> Result<Self, BadPath> {
        if segment.is_empty() || segment.contains(['/', '?', '#']) {
            return Err(BadPath::Characters);
        }
        Self::parse(&format!("{}/{segment}", self.0.trim_end_matches('/')))
    }

    /// The same path with a query, such as `$expand=.($levels=1)`.
    pub fn with_query(&self, query: &str) -> Result<Self, BadPath> {
        let path = self.0.split('?').next().unwrap_or_default();
        Self::parse(&format!("{path}?{query}"))
    }

    /// Whether both name the same resource; a trailing `/` makes no difference.
    pub fn same_resource(&self, other: &Self) -> bool {
        self.0.trim_end_matches('/') == other.0.trim_end_matches('/')
    }
}

fn is_dots(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

impl fmt::Display for ResourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_of_other_hosts_are_refused() {
        let origin = Url::parse("https://bmc.example:8443/").unwrap();
        let accepted =
            ResourcePath::parse_link("https://bmc.example:8443/redfish/v1/Tasks/1?x=1", &origin);
        assert_eq!(accepted.unwrap().as_str(), "/redfish/v1/Tasks/1?x=1");
        for foreign in [
            "https://evil.example/redfish",
            "http://bmc.example:8443/x",
            "//evil.example/x",
            "ftp://bmc.example/",
        ] {
            assert_eq!(
                ResourcePath::parse_link(foreign, &origin),
                Err(BadPath::OtherHost),
                "{foreign}"
            );
        }
        assert_eq!(
            ResourcePath::parse_link("redfish/v1", &origin),
            Err(BadPath::NotAbsolute)
        );
    }

    #[test]
    fn paths_do_not_climb_or_carry_headers() {
        assert_eq!(
            ResourcePath::parse("/redfish/%2e%2E/admin"),
            Err(BadPath::Climbs)
        );
        assert_eq!(
            ResourcePath::parse("/redfish/../admin"),
            Err(BadPath::Climbs)
        );
        assert_eq!(
            ResourcePath::parse("/x\r\nX-Evil: 1"),
            Err(BadPath::Characters)
        );
        assert_eq!(
            ResourcePath::parse(&format!("/{}", "a".repeat(MAX_LENGTH))),
            Err(BadPath::TooLong)
        );
        assert_eq!(
            ResourcePath::parse("/Fans/1#/Fans/0").unwrap().as_str(),
            "/Fans/1"
        );
    }

    #[test]
    fn segments() {
        let path = ResourcePath::parse("/redfish/v1/Systems/1/").unwrap();
        assert_eq!(path.last_segment(), "1");
        assert_eq!(
            path.child("Bios").unwrap().as_str(),
            "/redfish/v1/Systems/1/Bios"
        );
        assert_eq!(path.child("../x"), Err(BadPath::Characters));
        assert!(path.same_resource(&ResourcePath::parse("/redfish/v1/Systems/1").unwrap()));
    }

    proptest! {
        /// Whatever is accepted stays on the host it is joined with.
        #[test]
        fn accepted_paths_stay_on_the_host(text in "[/\\\\a-zA-Z0-9:@.%?#& \r\n]{0,40}") {
            let origin = Url::parse("https://bmc.example").unwrap();
            if let Ok(path) = ResourcePath::parse_link(&text, &origin) {
                let joined = origin.join(path.as_str()).unwrap();
                prop_assert_eq!(joined.origin(), origin.origin());
                prop_assert!(joined.username().is_empty());
            }
        }
    }
}
