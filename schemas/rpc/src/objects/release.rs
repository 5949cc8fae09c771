//! Releases that objects and RPC can be pinned to during a rolling upgrade
//! (`[DEFAULT]pin_release_version`): ONE table of what each release speaks.
//!
//! Source: Ironic 39.0.0, `release_mappings`, as observed; each cell is the newest minor version the
//! release knew. Releases whose row equals the one before are kept: their names must be accepted.

use crate::version::Version;

/// The object did not exist yet.
const NO: u16 = u16::MAX;

/// The columns of [`RELEASES`].
const OBJECTS: [&str; 11] = [
    "Allocation",
    "BIOSSetting",
    "Chassis",
    "FirmwareComponent",
    "Node",
    "Port",
    "Portgroup",
    "Trait",
    "TraitList",
    "VolumeConnector",
    "VolumeTarget",
];

type Row = (&'static str, u16, [u16; OBJECTS.len()]);

#[rustfmt::skip]
const RELEASES: &[Row] = &[
//   name       rpc  All BIO Cha Fir Nod Por PGr Tra TrL VCo VTa
    ("9.2",      41, [NO, NO,  3, NO, 21,  7,  3, NO, NO,  0,  0]),
    ("10.0",     42, [NO, NO,  3, NO, 22,  7,  3, NO, NO,  0,  0]),
    ("10.1",     44, [NO, NO,  3, NO, 23,  7,  3,  0,  0,  0,  0]),
    ("11.0",     44, [NO,  0,  3, NO, 25,  8,  4,  0,  0,  0,  0]),
    ("11.1",     47, [NO,  0,  3, NO, 27,  8,  4,  0,  0,  0,  0]),
    ("12.0",     47, [NO,  0,  3, NO, 29,  8,  4,  0,  0,  0,  0]),
    ("12.1",     48, [ 0,  0,  3, NO, 32,  9,  4,  0,  0,  0,  0]),
    ("12.2",     48, [ 0,  0,  3, NO, 32,  9,  4,  0,  0,  0,  0]),
    ("13.0",     48, [ 0,  0,  3, NO, 32,  9,  4,  0,  0,  0,  0]),
    ("14.0",     48, [ 1,  0,  3, NO, 33,  9,  4,  0,  0,  0,  0]),
    ("15.0",     50, [ 1,  0,  3, NO, 34,  9,  4,  0,  0,  0,  0]),
    ("15.1",     50, [ 1,  0,  3, NO, 35,  9,  4,  0,  0,  0,  0]),
    ("16.0",     51, [ 1,  0,  3, NO, 35,  9,  4,  0,  0,  0,  0]),
    ("16.1",     51, [ 1,  0,  3, NO, 35,  9,  4,  0,  0,  0,  0]),
    ("16.2",     52, [ 1,  0,  3, NO, 35, 10,  4,  0,  0,  0,  0]),
    ("17.0",     54, [ 1,  0,  3, NO, 35, 10,  4,  0,  0,  0,  0]),
    ("18.0",     54, [ 1,  1,  3, NO, 35, 10,  4,  0,  0,  0,  0]),
    ("18.1",     54, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("18.2",     55, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("19.0",     55, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("20.0",     55, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("20.1",     55, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("20.2",     55, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("21.0",     55, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("21.1",     55, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("21.2",     55, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("21.3",     55, [ 1,  1,  3, NO, 36, 11,  5,  0,  0,  0,  0]),
    ("21.4",     55, [ 1,  1,  3, NO, 37, 11,  5,  0,  0,  0,  0]),
    ("22.0",     55, [ 1,  1,  3, NO, 38, 11,  5,  0,  0,  0,  0]),
    ("22.1",     56, [ 1,  1,  3,  0, 39, 11,  5,  0,  0,  0,  0]),
    ("23.0",     58, [ 1,  1,  3,  0, 40, 11,  5,  0,  0,  0,  0]),
    ("23.1",     58, [ 1,  1,  3,  0, 40, 11,  5,  0,  0,  0,  0]),
    ("24.0",     59, [ 1,  1,  3,  0, 40, 11,  5,  0,  0,  0,  0]),
    ("24.1",     59, [ 1,  1,  3,  0, 40, 11,  5,  0,  0,  0,  0]),
    ("25.0",     59, [ 1,  1,  3,  0, 40, 11,  5,  0,  0,  0,  0]),
    ("26.0",     60, [ 1,  1,  3,  0, 40, 11,  5,  0,  0,  0,  0]),
    ("26.1",     61, [ 1,  1,  3,  0, 40, 11,  5,  0,  0,  0,  0]),
    ("27.0",     61, [ 1,  1,  3,  0, 41, 11,  5,  0,  0,  0,  0]),
    ("28.0",     61, [ 1,  1,  3,  0, 41, 11,  5,  0,  0,  0,  0]),
    ("29.0",     61, [ 1,  1,  3,  0, 41, 11,  5,  0,  0,  0,  0]),
    ("30.0",     61, [ 1,  1,  3,  0, 41, 12,  5,  0,  0,  0,  0]),
    ("31.0",     61, [ 1,  1,  3,  0, 41, 12,  5,  0,  0,  0,  0]),
    ("32.0",     61, [ 3,  2,  4,  1, 42, 15,  6,  1,  2,  1,  1]),
    ("33.0",     62, [ 3,  2,  4,  1, 43, 15,  8,  1,  2,  1,  1]),
    ("34.0",     62, [ 3,  2,  4,  1, 44, 15,  8,  1,  2,  1,  1]),
    ("35.0",     62, [ 3,  2,  4,  1, 44, 16,  9,  1,  2,  1,  1]),
    ("36.0",     62, [ 3,  2,  4,  1, 44, 16,  9,  1,  2,  1,  1]),
    ("37.0",     62, [ 3,  2,  4,  1, 44, 16,  9,  1,  2,  1,  1]),
    ("38.0",     62, [ 3,  2,  4,  1, 44, 16,  9,  1,  2,  1,  1]),
    ("39.0",     62, [ 3,  2,  4,  2, 44, 16,  9,  1,  2,  1,  1]),
    ("yoga",     55, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("zed",      55, [ 1,  1,  3, NO, 36, 10,  4,  0,  0,  0,  0]),
    ("antelope", 55, [ 1,  1,  3, NO, 37, 11,  5,  0,  0,  0,  0]),
    ("2023.1",   55, [ 1,  1,  3, NO, 37, 11,  5,  0,  0,  0,  0]),
    ("2023.2",   58, [ 1,  1,  3,  0, 40, 11,  5,  0,  0,  0,  0]),
    ("2024.1",   59, [ 1,  1,  3,  0, 40, 11,  5,  0,  0,  0,  0]),
    ("2024.2",   61, [ 1,  1,  3,  0, 40, 11,  5,  0,  0,  0,  0]),
    ("2025.1",   61, [ 1,  1,  3,  0, 41, 11,  5,  0,  0,  0,  0]),
    ("2025.2",   61, [ 3,  2,  4,  1, 42, 15,  6,  1,  2,  1,  1]),
    ("2026.1",   62, [ 3,  2,  4,  1, 44, 16,  9,  1,  2,  1,  1]),
    ("2026.2",   62, [ 3,  2,  4,  2, 44, 16,  9,  1,  2,  1,  1]),
];

/// The release this process is pinned to, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pin(Option<&'static Row>);

/// A value of `[DEFAULT]pin_release_version` that names no release.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("[DEFAULT]pin_release_version: '{0}' is not a release that can be pinned to")]
pub struct UnknownRelease(pub String);

impl Pin {
    /// Not pinned: the newest versions are spoken.
    pub const NONE: Pin = Pin(None);

    /// Pinned to a release by number ("34.0") or name ("2025.2").
    ///
    /// # Errors
    /// [`UnknownRelease`] for any other text.
    pub fn to(release: &str) -> Result<Self, UnknownRelease> {
        RELEASES
            .iter()
            .find(|(name, ..)| *name == release)
            .map(|row| Pin(Some(row)))
            .ok_or_else(|| UnknownRelease(release.to_owned()))
    }

    /// The RPC version a client may send.
    pub fn rpc(self) -> Version {
        self.0
            .map_or(crate::version::RPC, |(_, rpc, _)| Version::one(*rpc))
    }

    /// The version an object is sent in; `newest` when not pinned or unknown to the release.
    pub fn object(self, name: &str, newest: Version) -> Version {
        let Some((_, _, minors)) = self.0 else {
            return newest;
        };
        let column = OBJECTS.iter().position(|object| *object == name);
        match column.and_then(|column| minors.get(column)) {
            Some(minor) if *minor != NO => Version::one(*minor).min(newest),
            _ => newest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_release_is_what_we_speak() {
        let newest = Pin::to("39.0").unwrap();
        assert_eq!(newest.rpc(), crate::version::RPC);
        assert_eq!(newest.object("Node", Version::one(44)), Version::one(44));
    }

    #[test]
    fn an_old_release_speaks_old_versions() {
        let pin = Pin::to("2025.1").unwrap();
        assert_eq!(pin.rpc(), Version::one(61));
        assert_eq!(pin.object("Node", Version::one(44)), Version::one(41));
        assert_eq!(pin.object("Unheard", Version::one(3)), Version::one(3));
        assert!(Pin::to("1.0").is_err());
    }
}
