//! `major.minor`, as RPC and objects carry it.

use std::fmt;
use std::str::FromStr;

/// A version of the RPC or of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Changes when compatibility is broken; 1 everywhere so far.
    pub major: u16,
    /// Grows with every addition.
    pub minor: u16,
}

/// The newest RPC version that is spoken (Ironic 39.0.0).
pub const RPC: Version = Version::one(62);

impl Version {
    /// `1.minor`.
    pub const fn one(minor: u16) -> Self {
        Version { major: 1, minor }
    }

    /// Whether somebody who knows `self` understands what is written in `other`.
    pub const fn understands(self, other: Version) -> bool {
        self.major == other.major && self.minor >= other.minor
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Text that is not `major.minor`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a version of the form major.minor")]
pub struct NotAVersion(pub String);

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let parse = || {
            let (major, minor) = text.split_once('.')?;
            Some(Version {
                major: major.parse().ok()?,
                minor: minor.parse().ok()?,
            })
        };
        parse().ok_or_else(|| NotAVersion(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_minor_understands_an_older_one() {
        assert!(RPC.understands(Version::one(0)));
        assert!(!RPC.understands(Version::one(63)));
        assert!(!RPC.understands(Version { major: 2, minor: 0 }));
    }

    #[test]
    fn text_round_trips() {
        assert_eq!("1.62".parse(), Ok(RPC));
        assert_eq!(RPC.to_string(), "1.62");
        for bad in ["1", "1.x", "", "1.2.3", "-1.0"] {
            assert!(bad.parse::<Version>().is_err(), "{bad}");
        }
    }
}
