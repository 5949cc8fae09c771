//! `driver_info` of a Redfish node: which properties there are, and what they mean.
//!
//! Accepted forms are those of Ironic 39.0.0 (observed), with two kinds of exceptions:
//! * what Ironic accepts and then can't use is used: a lone `/` as the path of the address is no
//!   path, an empty `redfish_system_id` is none, an account inside the address is taken out of it;
//! * what can never work is refused here and not at the first request: an address without a host or
//!   with a scheme other than http and https, a system path with `..`, an account or a cipher list
//!   that is not text.

mod verify_ca;

use std::net::Ipv6Addr;
use std::time::Duration;

use drivers_interface::Property;
use drivers_redfish_client::{
    AuthType, BmcAddress, BmcSettings, Credentials, ResourcePath, Retry, Timeouts, TlsMinimum,
    TlsPolicy, Verify,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use schemas_config::section::redfish::Redfish;
use schemas_model::{Fault, Node};
use serde_json::Value;
use url::Url;

/// The table of properties.
pub(crate) const PROPERTIES: &[Property] = &[
    Property {
        name: "redfish_address",
        description: "URL of the BMC, for example https://mgmt.vendor.com; https is assumed if there is no scheme. A path becomes the path of the service root. Required.",
    },
    Property {
        name: "redfish_system_id",
        description: "Path of the system on the BMC, for example /redfish/v1/Systems/1. Only needed if the BMC manages more than one. Optional.",
    },
    Property {
        name: "redfish_username",
        description: "Account on the BMC with the privileges of an administrator. Optional, recommended.",
    },
    Property {
        name: "redfish_password",
        description: "Password of the account. Optional, recommended.",
    },
    Property {
        name: "redfish_verify_ca",
        description: "Whether to verify the certificate of the BMC: true, false, or the path of a CA file or directory. Default true. Optional.",
    },
    Property {
        name: "redfish_auth_type",
        description: "How to authenticate: basic, session or auto. Default is [redfish]auth_type. Optional.",
    },
    Property {
        name: "redfish_tls_minimum_version",
        description: "Lowest TLS version for the BMC: 1.1, 1.2 or 1.3. Default is [redfish]tls_minimum_version. Optional.",
    },
    Property {
        name: "redfish_tls_ciphers",
        description: "Cipher suites for the BMC, in OpenSSL's format. Default is [redfish]tls_ciphers. Optional.",
    },
    Property {
        name: "firmware_update_unresponsive_bmc_wait",
        description: "Seconds to wait for a BMC that does not answer during a firmware update. Default is [redfish]firmware_update_wait_unresponsive_bmc. Optional.",
    },
];

/// Characters of a system's path that are sent as they are (those of Python's `quote`).
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~');

/// How a node's BMC is reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// Address, account, TLS, patience.
    pub settings: BmcSettings,
    /// The system, if it is named.
    pub system: Option<ResourcePath>,
}

impl Access {
    /// Parses the `redfish_*` members of a node's `driver_info`.
    ///
    /// # Errors
    /// `MissingParameterValue`, `InvalidParameterValue`.
    pub(crate) fn parse(node: &Node, config: &Redfish) -> Result<Self, Fault> {
        let info = DriverInfo::of(node);
        if !info.has("redfish_address") {
            return Err(Fault::missing_parameter(format!(
                "Missing the following Redfish properties in node {} driver_info: ['redfish_address']",
                node.uuid
            )));
        }
        let (address, account) = info.address("redfish_address")?;
        let system = system(&info)?;
        let tls = TlsPolicy {
            verify: verify_ca::redfish(&info, config)?,
            minimum: tls_minimum(&info, config)?,
            ciphers: info.text_or("redfish_tls_ciphers", config.tls_ciphers.as_deref())?,
        };
        let auth = auth_type(&info, config)?;
        let credentials = info
            .credentials("redfish_username", "redfish_password")?
            .or(account);
        let settings = BmcSettings {
            tls,
            timeouts: timeouts(config),
            retry: retry(config),
            ..BmcSettings::new(address, auth, credentials)
        };
        Ok(Access { settings, system })
    }
}

/// `driver_info` with its node, for messages; the forms that all dialects have in common.
#[derive(Debug, Clone, Copy)]
pub struct DriverInfo<'a> {
    node: &'a Node,
}

impl<'a> DriverInfo<'a> {
    /// That of a node.
    pub const fn of(node: &'a Node) -> Self {
        DriverInfo { node }
    }

    /// Whether a property is there and not empty.
    pub fn has(&self, name: &str) -> bool {
        self.given(name).is_some_and(is_truthy)
    }

    /// A property, `null` included.
    fn given(&self, name: &str) -> Option<&'a Value> {
        self.node.driver_info.member(name)
    }

    fn invalid(&self, name: &str, value: &Value, expected: &str) -> Fault {
        Fault::invalid_parameter(format!(
            "Invalid value {value} set in driver_info/{name} on node {}. The value should be {expected}.",
            self.node.uuid
        ))
    }

    fn text_or(&self, name: &str, default: Option<&str>) -> Result<Option<String>, Fault> {
        let text = match self.given(name) {
            None => default.map(str::to_owned),
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Null) => None,
            Some(other) => return Err(self.invalid(name, other, "a string")),
        };
        Ok(text.filter(|text| !text.is_empty()))
    }

    /// The address of the BMC, with https where no scheme is given, and the account that may stand
    /// in it. The path, if any, is that of the service root.
    ///
    /// # Errors
    /// `MissingParameterValue`, `InvalidParameterValue`; the message does not repeat the address.
    pub fn address(&self, name: &str) -> Result<(BmcAddress, Option<Credentials>), Fault> {
        let Some(given) = self.given(name) else {
            return Err(Fault::missing_parameter(format!("{name} is missing.")));
        };
        // The address itself may hold a password, so it is not repeated.
        let invalid = |why: &str| {
            Fault::invalid_parameter(format!(
                "Invalid address set in driver_info/{name} on node {}: {why}.",
                self.node.uuid
            ))
        };
        let text = given
            .as_str()
            .ok_or_else(|| invalid("it should be a string"))?;
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(invalid("it has blanks or control characters"));
        }
        let text = match text.parse::<Ipv6Addr>() {
            Ok(bare) => format!("[{bare}]"),
            Err(_) => text.to_owned(),
        };
        let text = if text.contains("://") {
            text
        } else {
            format!("https://{text}")
        };
        let mut url = Url::parse(&text).map_err(|error| invalid(&error.to_string()))?;
        let account = account(&url);
        // Neither fails for http and https URLs, and other schemes are refused below.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let root = Some(url.path())
            .filter(|path| *path != "/")
            .map(str::to_owned);
        let address = BmcAddress::parse(url.as_str(), root.as_deref())
            .map_err(|error| invalid(&error.to_string()))?;
        Ok((address, account))
    }

    /// The account, if a user name is given.
    ///
    /// # Errors
    /// `InvalidParameterValue`; the message holds no value.
    pub fn credentials(&self, user: &str, password: &str) -> Result<Option<Credentials>, Fault> {
        let text = |name: &str| match self.given(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            // Not shown: it may be a password all the same.
            Some(_) => Err(Fault::invalid_parameter(format!(
                "driver_info/{name} on node {} should be a string.",
                self.node.uuid
            ))),
        };
        let (username, password) = (text(user)?, text(password)?);
        Ok(username
            .filter(|name| !name.is_empty())
            .map(|username| Credentials {
                username,
                password: password.unwrap_or_default().into(),
            }))
    }

    /// Whose certificates are trusted: `default` where nothing is given.
    ///
    /// # Errors
    /// `InvalidParameterValue` for what is neither a boolean nor a path.
    pub fn verify(&self, name: &str, default: Value) -> Result<Verify, Fault> {
        verify_ca::parse(self, name, default)
    }
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(true) => true,
    }
}

fn account(url: &Url) -> Option<Credentials> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    (!url.username().is_empty()).then(|| Credentials {
        username: decode(url.username()),
        password: decode(url.password().unwrap_or_default()).into(),
    })
}

fn system(info: &DriverInfo<'_>) -> Result<Option<ResourcePath>, Fault> {
    let expected = "a path (string) to the resource that the driver will interact with. For example: /redfish/v1/Systems/1";
    let text = match info.given("redfish_system_id") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.is_empty() => return Ok(None),
        Some(Value::String(text)) => text,
        Some(other) => return Err(info.invalid("redfish_system_id", other, expected)),
    };
    let quoted = utf8_percent_encode(text, PATH).to_string();
    let absolute = if quoted.starts_with('/') {
        quoted
    } else {
        format!("/{quoted}")
    };
    let path = ResourcePath::parse(&absolute)
        .map_err(|_| info.invalid("redfish_system_id", &Value::from(text.as_str()), expected))?;
    Ok(Some(path))
}

fn auth_type(info: &DriverInfo<'_>, config: &Redfish) -> Result<AuthType, Fault> {
    let expected = "one of \"basic\", \"session\" or \"auto\"";
    let default = Value::from(config.auth_type.as_str());
    let value = info.given("redfish_auth_type").unwrap_or(&default);
    let known = [AuthType::Basic, AuthType::Session, AuthType::Auto];
    let auth = known
        .into_iter()
        .find(|auth| value.as_str() == Some(auth.as_str()));
    auth.ok_or_else(|| info.invalid("redfish_auth_type", value, expected))
}

fn tls_minimum(info: &DriverInfo<'_>, config: &Redfish) -> Result<Option<TlsMinimum>, Fault> {
    let name = "redfish_tls_minimum_version";
    let default = Value::from(config.tls_minimum_version.map(|version| version.as_str()));
    let value = info.given(name).unwrap_or(&default);
    if !is_truthy(value) {
        return Ok(None);
    }
    match value.as_str() {
        // rustls speaks nothing older than 1.2, which satisfies a minimum of 1.1.
        Some("1.1" | "1.2") => Ok(Some(TlsMinimum::Tls12)),
        Some("1.3") => Ok(Some(TlsMinimum::Tls13)),
        _ => Err(info.invalid(name, value, "one of \"1.1\", \"1.2\", or \"1.3\"")),
    }
}

const fn timeouts(config: &Redfish) -> Timeouts {
    let waits = config
        .connection_retry_interval
        .saturating_mul(config.connection_attempts);
    Timeouts {
        connect: Duration::from_secs(config.connect_timeout),
        read: Duration::from_secs(config.read_timeout),
        operation: Duration::from_secs(
            config
                .connect_timeout
                .saturating_add(config.read_timeout)
                .saturating_add(waits),
        ),
    }
}

fn retry(config: &Redfish) -> Retry {
    Retry {
        attempts: u32::try_from(config.connection_attempts).unwrap_or(u32::MAX),
        interval: Duration::from_secs(config.connection_retry_interval),
    }
}

#[cfg(test)]
mod tests;
