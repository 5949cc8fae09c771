//! IP addresses and host names.

use std::net::IpAddr;

use super::OptionValue;
use crate::error::ValueProblem;
use crate::row::{Kind, OptionRow};

/// An IP address or a host name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostAddress {
    /// An IP address.
    Ip(IpAddr),
    /// A host name, qualified or not.
    Name(String),
}

impl std::fmt::Display for HostAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            HostAddress::Ip(address) => address.fmt(f),
            HostAddress::Name(name) => f.write_str(name),
        }
    }
}

impl OptionValue for HostAddress {
    const KIND: Kind = Kind::HostAddress;

    fn parse(text: &str, _: &OptionRow) -> Result<Self, ValueProblem> {
        if let Ok(address) = text.parse() {
            return Ok(HostAddress::Ip(address));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        if is_host_name(name) {
            return Ok(HostAddress::Name(name.to_owned()));
        }
        Err(ValueProblem::NotHost)
    }
}

impl OptionValue for IpAddr {
    const KIND: Kind = Kind::IPAddress;

    fn parse(text: &str, _: &OptionRow) -> Result<Self, ValueProblem> {
        text.parse().map_err(|_| ValueProblem::NotAddress)
    }
}

/// RFC 1123, and the last label must not be all digits: that is a mistyped address.
fn is_host_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= 253
        && name.split('.').all(label)
        && last
            .bytes()
            .any(|byte| byte.is_ascii_alphabetic() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names() {
        let row = OptionRow::new("x", Kind::HostAddress, None, "");
        for good in [
            "0.0.0.0",
            "::",
            "fe80::1",
            "localhost",
            "a.example.org",
            "a.example.org.",
        ] {
            assert!(HostAddress::parse(good, &row).is_ok(), "{good}");
        }
        for bad in [
            "",
            "1.2.3",
            "1.2.3.400",
            "-a",
            "a_b",
            "a..b",
            "a b",
            "[::1]",
        ] {
            assert_eq!(
                HostAddress::parse(bad, &row),
                Err(ValueProblem::NotHost),
                "{bad}"
            );
        }
    }
}
