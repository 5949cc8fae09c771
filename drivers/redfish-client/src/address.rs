//! Where a BMC is: scheme, host, port and the path of its service root.

use std::fmt;

use url::Url;

use crate::resource_path::ResourcePath;

/// The service root of the protocol's version 1 (DSP0266 §6.1).
pub const DEFAULT_ROOT: &str = "/redfish/v1/";

/// The address of one BMC. Never holds credentials.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BmcAddress {
    origin: Url,
    root: ResourcePath,
}

/// Why a text is not the address of a BMC.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Not a URL at all.
    #[error("{0} is not a URL: {1}")]
    NotUrl(String, url::ParseError),
    /// Neither http nor https, or no host.
    #[error("{0} must be http:// or https:// with a host")]
    Scheme(String),
    /// User name or password in the URL.
    #[error("the address must not contain a user name or password; they have their own settings")]
    Credentials,
    /// The path is not usable as a service root.
    #[error("{0} is not usable as the path of the service root")]
    Root(String),
}

impl BmcAddress {
    /// Parses `https://host[:port]`, with `root` as the path of the service root
    /// ([`DEFAULT_ROOT`] if `None` or empty).
    pub fn parse(origin: &str, root: Option<&str>) -> Result<Self, BadAddress> {
        let mut url =
            Url::parse(origin).map_err(|error| BadAddress::NotUrl(origin.to_owned(), error))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress::Credentials);
        }
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(BadAddress::Scheme(origin.to_owned()));
        }
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        let root = root.filter(|root| !root.is_empty()).unwrap_or(DEFAULT_ROOT);
        let root = ResourcePath::parse(root).map_err(|_| BadAddress::Root(root.to_owned()))?;
        Ok(BmcAddress { origin: url, root })
    }

    /// Scheme, host and port, with the path `/`.
    pub const fn origin(&self) -> &Url {
        &self.origin
    }

    /// The path of the service root.
    pub const fn root(&self) -> &ResourcePath {
        &self.root
    }

    /// The URL of a resource.
    pub fn url(&self, path: &ResourcePath) -> Url {
        let mut url = self.origin.clone();
        let (path, query) = match path.as_str().split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path.as_str(), None),
        };
        url.set_path(path);
        url.set_query(query);
        url
    }
}

/// Scheme, host and port, without a trailing slash: how errors and logs name a BMC.
impl fmt::Display for BmcAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.origin.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let address = BmcAddress::parse("https://[fe80::1]:8443", None).unwrap();
        assert_eq!(address.to_string(), "https://[fe80::1]:8443");
        assert_eq!(
            address.url(address.root()).as_str(),
            "https://[fe80::1]:8443/redfish/v1/"
        );
        let custom = BmcAddress::parse("http://bmc", Some("/proxy/redfish/v1")).unwrap();
        assert_eq!(custom.root().as_str(), "/proxy/redfish/v1");
        let path = ResourcePath::parse("/redfish/v1/Systems/a%20b?$expand=.($levels=1)").unwrap();
        assert_eq!(
            custom.url(&path).as_str(),
            "http://bmc/redfish/v1/Systems/a%20b?$expand=.($levels=1)"
        );
    }

    #[test]
    fn bad_addresses() {
        assert_eq!(
            BmcAddress::parse("https://admin:secret@bmc", None),
            Err(BadAddress::Credentials)
        );
        assert!(matches!(
            BmcAddress::parse("ftp://bmc", None),
            Err(BadAddress::Scheme(_))
        ));
        assert!(matches!(
            BmcAddress::parse("https://", None),
            Err(BadAddress::NotUrl(..))
        ));
        assert!(matches!(
            BmcAddress::parse("https://bmc", Some("/../x")),
            Err(BadAddress::Root(_))
        ));
    }
}
