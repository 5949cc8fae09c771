//! From a node's `driver_info` to a BMC and how to talk to it.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use drivers_ipmi_client::Target;
use drivers_ipmi_client::session::parameters::{KG_MAX, PRIVILEGES};
use drivers_ipmi_client::session::{Credentials, Parameters, Privilege, Protocol};
use drivers_ipmi_client::wire::bridge::{Hop, Route};
use drivers_ipmi_client::wire::message::BMC;
use schemas_config::Config;
use schemas_model::secret::Secret;
use schemas_model::{Fault, Node};
use serde_json::Value;

use crate::number;

/// Standard port of RMCP.
const PORT: u16 = 623;
/// Where a node names the TCP port of its console.
pub(crate) const TERMINAL_PORT: &str = "ipmi_terminal_port";
/// Suites tried, in this order, where neither the node nor the configuration names any.
const DEFAULT_SUITES: [u8; 2] = [17, 3];

/// Reads and checks everything. Contacts nobody.
///
/// # Errors
/// `MissingParameterValue`, `InvalidParameterValue`: what is missing or wrong, never a secret.
pub fn target(node: &Node, config: &Config) -> Result<Target, Fault> {
    let info = Info(node);
    let host = match info.get("ipmi_address") {
        Some(Value::String(address)) if !address.is_empty() => address.clone(),
        Some(other) if is_truthy(other) => number::show(other),
        _ => {
            return Err(Fault::missing_parameter(
                "Missing the following IPMI credentials in node's driver_info: ['ipmi_address'].",
            ));
        }
    };
    let protocol = info.protocol()?;
    // Read by the console only, but checked with the rest, as Ironic does.
    info.terminal_port()?;
    // Ironic passes a port of 0 to nobody, and `ipmitool` takes its own.
    let port = info.port("ipmi_port")?.filter(|port| *port != 0);
    let route = info.route()?;
    let privilege = info.privilege()?;
    let kg = info.kg()?;
    let suites = info.suites(protocol, config)?;
    let credentials = Credentials::new(&info.text("ipmi_username"), &info.password(), kg.as_ref());
    let parameters = credentials.and_then(|credentials| match protocol {
        Protocol::V15 => Parameters::v15(credentials, privilege),
        Protocol::V20 => Parameters::v20(credentials, privilege, &suites),
    });
    let parameters = parameters.map_err(|why| {
        Fault::invalid_parameter(format!(
            "The IPMI settings of node {} cannot be used: {why}.",
            node.uuid
        ))
    })?;
    Ok(Target {
        host,
        port: port.unwrap_or(PORT),
        parameters: Arc::new(parameters),
        route,
    })
}

/// The TCP port a console is to listen on, if the node names one.
///
/// # Errors
/// `InvalidParameterValue`.
pub(crate) fn terminal_port(node: &Node) -> Result<Option<u16>, Fault> {
    Info(node).terminal_port()
}

/// Checks that the address is an IP address or a host name.
///
/// # Errors
/// `InvalidParameterValue`.
pub(crate) fn validate_address(node: &Node, host: &str) -> Result<(), Fault> {
    if host.parse::<IpAddr>().is_ok() || is_host_name(host) {
        return Ok(());
    }
    Err(Fault::invalid_parameter(format!(
        "Invalid IPMI address \"{host}\" for node {}. Must be a valid IP address or hostname.",
        node.uuid
    )))
}

/// Lower-case labels of RFC 1123; a later label may contain underscores (Ironic 39.0.0, observed).
fn is_host_name(host: &str) -> bool {
    if host.len() > 255 {
        return false;
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    host.split('.').enumerate().all(|(index, label)| {
        let bytes = label.as_bytes();
        let inner = |byte: u8| alphanumeric(byte) || byte == b'-' || (index > 0 && byte == b'_');
        let ends = match (bytes.first(), bytes.last()) {
            (Some(first), Some(last)) => alphanumeric(*last) && (index > 0 || alphanumeric(*first)),
            _ => false,
        };
        ends && bytes.len() <= 63 && bytes.iter().all(|byte| inner(*byte))
    })
}

/// Python's idea of a value that counts as given.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// A node's `driver_info`, one reader a property.
struct Info<'a>(&'a Node);

impl Info<'_> {
    /// A property that is there and not null.
    fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .driver_info
            .member(name)
            .filter(|value| !value.is_null())
    }

    /// A property that has a default where it is not there, but none where it is null.
    fn word(&self, name: &str, default: &'static str) -> Cow<'_, str> {
        match self.0.driver_info.member(name) {
            None => Cow::Borrowed(default),
            Some(Value::Null) => Cow::Borrowed("None"),
            Some(value) => Cow::Owned(number::show(value)),
        }
    }

    fn text(&self, name: &str) -> String {
        self.get(name).map(number::show).unwrap_or_default()
    }

    fn password(&self) -> Secret {
        Secret::new(self.text("ipmi_password"))
    }

    fn protocol(&self) -> Result<Protocol, Fault> {
        match &*self.word("ipmi_protocol_version", "2.0") {
            "2.0" => Ok(Protocol::V20),
            "1.5" => Ok(Protocol::V15),
            version => Err(self.invalid(&format!(
                "Invalid IPMI protocol version value {version}, the valid value can be one of \
                 2.0, 1.5"
            ))),
        }
    }

    fn port(&self, name: &str) -> Result<Option<u16>, Fault> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        number::parse_port(value).map(Some).ok_or_else(|| {
            self.invalid(&format!(
                "{name} \"{}\" is not a valid port",
                number::show(value)
            ))
        })
    }

    /// Where the console listens; what counts as nothing is left to be allocated.
    fn terminal_port(&self) -> Result<Option<u16>, Fault> {
        if !self.get(TERMINAL_PORT).is_some_and(is_truthy) {
            return Ok(None);
        }
        Ok(self.port(TERMINAL_PORT)?.filter(|port| *port != 0))
    }

    fn privilege(&self) -> Result<Privilege, Fault> {
        let name = self.word("ipmi_priv_level", Privilege::Administrator.name());
        Privilege::by_name(&name).ok_or_else(|| {
            let valid = PRIVILEGES.map(|row| row.1).join(", ");
            self.invalid(&format!(
                "Invalid privilege level value:{name}, the valid value can be one of {valid}"
            ))
        })
    }

    fn kg(&self) -> Result<Option<Secret<Vec<u8>>>, Fault> {
        let hex = Secret::new(self.text("ipmi_hex_kg_key"));
        let digits = hex.expose().as_bytes();
        if digits.is_empty() {
            return Ok(None);
        }
        if !digits.len().is_multiple_of(2) {
            return Err(self.invalid("Number of ipmi_hex_kg_key characters is not even"));
        }
        let key: Option<Vec<u8>> = digits
            .chunks_exact(2)
            .map(|pair| {
                let pair = std::str::from_utf8(pair).ok()?;
                u8::from_str_radix(pair, 16).ok()
            })
            .collect();
        match key {
            Some(key) if key.len() <= KG_MAX => Ok(Some(Secret::new(key))),
            _ => Err(self.invalid(&format!(
                "ipmi_hex_kg_key must be at most {KG_MAX} bytes written in hexadecimal digits"
            ))),
        }
    }

    /// The suites to offer, in order. The node's own; else the configured ones, of which the last
    /// has the highest priority; else ours.
    fn suites(&self, protocol: Protocol, config: &Config) -> Result<Vec<u8>, Fault> {
        let named = self.get("ipmi_cipher_suite");
        // A number 0 is not passed on by Ironic, and keeps it from trying others.
        if named.is_some_and(|value| value.as_u64() == Some(0)) && protocol == Protocol::V20 {
            return Ok(DEFAULT_SUITES.to_vec());
        }
        if let Some(value) = named {
            let shown = number::show(value);
            let number: i64 = shown.trim().parse().map_err(|_| {
                self.invalid(&format!("Invalid cipher suite {shown}, expected a number"))
            })?;
            if protocol == Protocol::V15 {
                return Err(self.invalid("Cipher suites cannot be used with IPMI 1.5"));
            }
            let known = u8::try_from(number)
                .ok()
                .filter(|id| drivers_ipmi_client::crypto::CipherSuite::by_id(*id).is_some());
            return known.map(|id| vec![id]).ok_or_else(|| {
                self.invalid(&format!(
                    "Cipher suite {number} is not supported: use 17 or 3 (suite 0 has no \
                     authentication)"
                ))
            });
        }
        let configured = &config.ipmi.cipher_suite_versions;
        if configured.is_empty() {
            return Ok(DEFAULT_SUITES.to_vec());
        }
        Ok(configured
            .iter()
            .rev()
            .filter_map(|id| id.trim().parse().ok())
            .collect())
    }

    fn route(&self) -> Result<Option<Route>, Fault> {
        let bridging = self.word("ipmi_bridging", "no");
        let dual = match &*bridging {
            "no" => return Ok(None),
            "single" => false,
            "dual" => true,
            other => {
                return Err(self.invalid(&format!(
                    "Invalid value for ipmi_bridging: {other}, the valid value can be one of: \
                     ['single', 'dual', 'no']"
                )));
            }
        };
        let mut needed = vec!["ipmi_target_channel", "ipmi_target_address"];
        if dual {
            needed.extend(["ipmi_transit_channel", "ipmi_transit_address"]);
        }
        needed.retain(|name| self.get(name).is_none());
        if !needed.is_empty() {
            let names = needed.join("', '");
            return Err(Fault::missing_parameter(format!(
                "['{names}'] not provided (ipmi_bridging of node {} is \"{bridging}\").",
                self.0.uuid
            )));
        }
        let transit = if dual {
            Some(self.hop("ipmi_transit_channel", "ipmi_transit_address")?)
        } else {
            None
        };
        Ok(Some(Route {
            transit,
            target: self.hop("ipmi_target_channel", "ipmi_target_address")?,
            local_address: match self.get("ipmi_local_address") {
                None => BMC,
                Some(_) => self.small("ipmi_local_address", u8::MAX)?,
            },
        }))
    }

    fn hop(&self, channel: &str, address: &str) -> Result<Hop, Fault> {
        Ok(Hop {
            channel: self.small(channel, 0x0f)?,
            address: self.small(address, u8::MAX)?,
        })
    }

    fn small(&self, name: &str, most: u8) -> Result<u8, Fault> {
        let value = self.get(name).unwrap_or(&Value::Null);
        number::parse(value)
            .and_then(|number| u8::try_from(number).ok())
            .filter(|number| *number <= most)
            .ok_or_else(|| {
                self.invalid(&format!(
                    "{name} \"{}\" is not a number between 0 and {most}",
                    number::show(value)
                ))
            })
    }

    fn invalid(&self, what: &str) -> Fault {
        Fault::invalid_parameter(format!("{what} (node {}).", self.0.uuid))
    }
}

#[cfg(test)]
mod tests {
    use super::is_host_name;

    #[test]
    fn host_names_as_ironic_takes_them() {
        for good in ["bmc", "bmc-1.example.org", "a.b_c.d", "x.", "1", "a.-b"] {
            assert!(is_host_name(good), "{good}");
        }
        for bad in [
            "", "bad_host", "BMC", "bad host", "a..b", "-a", "a-", "a!", ".",
        ] {
            assert!(!is_host_name(bad), "{bad}");
        }
        assert!(!is_host_name(&"x".repeat(64)));
    }
}
