//! Where a conductor listens, by the name it is registered under.

use std::fmt;

/// `[json_rpc]port` if nothing else is said.
pub const DEFAULT_PORT: u16 = 8089;

/// Host and port of a conductor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Name or IP address, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
}

impl Address {
    /// Reads a registered name: `host`, `host:port`, `v6`, `[v6]`, `[v6]:port`. `None` when it
    /// cannot be an address.
    pub fn of(name: &str, default_port: u16) -> Option<Self> {
        let (host, port) = match name.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']')?;
                match after {
                    "" => (host, None),
                    after => (host, Some(after.strip_prefix(':')?)),
                }
            }
            None => match name.split_once(':') {
                Some((host, port)) if !port.contains(':') => (host, Some(port)),
                // More than one colon: a bare IPv6 address.
                _ => (name, None),
            },
        };
        if host.is_empty() || host.contains(['/', '@', '?', '#']) {
            return None;
        }
        let port = match port {
            Some(port) => port.parse().ok()?,
            None => default_port,
        };
        Some(Address {
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// The name a conductor registers under: its host name, with the port if that is not the default.
pub fn registered_name(host: &str, port: u16) -> String {
    if port == DEFAULT_PORT {
        return host.to_owned();
    }
    let host = host.to_owned();
    Address { host, port }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_addresses() {
        for (name, address) in [
            ("c1", "c1:8089"),
            ("c1:8090", "c1:8090"),
            ("10.0.0.1:8090", "10.0.0.1:8090"),
            ("fd00::1", "[fd00::1]:8089"),
            ("[fd00::1]:8090", "[fd00::1]:8090"),
            ("[fd00::1]", "[fd00::1]:8089"),
        ] {
            assert_eq!(
                Address::of(name, DEFAULT_PORT).unwrap().to_string(),
                address
            );
        }
        for bad in [
            "",
            ":1",
            "c1:x",
            "c1:70000",
            "u@c1",
            "c1/x",
            "[fd00::1",
            "[fd00::1]8090",
        ] {
            assert_eq!(Address::of(bad, DEFAULT_PORT), None, "{bad}");
        }
    }

    #[test]
    fn only_another_port_is_registered() {
        assert_eq!(registered_name("c1", 8089), "c1");
        assert_eq!(registered_name("c1", 8090), "c1:8090");
        assert_eq!(registered_name("fd00::1", 8090), "[fd00::1]:8090");
    }
}
