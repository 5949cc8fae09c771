//! Which conductor a node belongs to.
//!
//! Every process computes the same rings from the conductors table and needs to ask nobody.
//! Source: Ironic 39.0.0 with tooz, as described and recorded in its hash ring vectors.
//!
//! Invariants
//! * a host has `2 ^ [DEFAULT]hash_partition_exponent` points; point i (from 1) is the digest of its
//!   name repeated i + 1 times, read as one big-endian number;
//! * a key belongs to the host of the first point greater than the key's digest, wrapping around;
//! * names and UUIDs are hashed as they are written, case included.

use std::collections::BTreeMap;
use std::str::FromStr;

use md5::Digest;

/// `[DEFAULT]hash_ring_algorithm`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of the algorithms")]
pub enum Algorithm {
    #[default]
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// A value of `[DEFAULT]hash_ring_algorithm` that is not offered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "[DEFAULT]hash_ring_algorithm: '{0}' is not one of md5, sha1, sha224, sha256, sha384, sha512"
)]
pub struct UnknownAlgorithm(pub String);

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        Ok(match name {
            "md5" => Algorithm::Md5,
            "sha1" => Algorithm::Sha1,
            "sha224" => Algorithm::Sha224,
            "sha256" => Algorithm::Sha256,
            "sha384" => Algorithm::Sha384,
            "sha512" => Algorithm::Sha512,
            other => return Err(UnknownAlgorithm(other.to_owned())),
        })
    }
}

/// A digest; equally long ones compare as the big-endian numbers they are.
type Position = Box<[u8]>;

impl Algorithm {
    fn digest(self, name: &[u8], times: usize) -> Position {
        fn run<D: Digest>(name: &[u8], times: usize) -> Position {
            let mut digest = D::new();
            for _ in 0..times {
                digest.update(name);
            }
            Box::from(digest.finalize().as_slice())
        }
        match self {
            Algorithm::Md5 => run::<md5::Md5>(name, times),
            Algorithm::Sha1 => run::<sha1::Sha1>(name, times),
            Algorithm::Sha224 => run::<sha2::Sha224>(name, times),
            Algorithm::Sha256 => run::<sha2::Sha256>(name, times),
            Algorithm::Sha384 => run::<sha2::Sha384>(name, times),
            Algorithm::Sha512 => run::<sha2::Sha512>(name, times),
        }
    }
}

/// How rings are built; equal in every process of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// `[DEFAULT]hash_partition_exponent` (5 by default). Values over 16, which no cluster can use,
    /// count as 16, to bound memory.
    pub partition_exponent: u8,
    /// `[DEFAULT]hash_ring_algorithm`.
    pub algorithm: Algorithm,
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters {
            partition_exponent: 5,
            algorithm: Algorithm::Md5,
        }
    }
}

/// The hosts that share the nodes of one hardware type in one conductor group.
#[derive(Clone, Debug)]
pub struct Ring {
    algorithm: Algorithm,
    hosts: Vec<String>,
    points: Vec<(Position, usize)>,
}

impl Ring {
    /// A ring of `hosts`, each counted once.
    pub fn new(parameters: Parameters, hosts: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<String> = Vec::new();
        for host in hosts {
            if !names.contains(&host) {
                names.push(host);
            }
        }
        let per_host = 1_usize << parameters.partition_exponent.min(16);
        // A map, because of two equal points the later host wins.
        let mut points = BTreeMap::new();
        for (index, host) in names.iter().enumerate() {
            for point in 1..=per_host {
                let position = parameters.algorithm.digest(host.as_bytes(), point + 1);
                points.insert(position, index);
            }
        }
        Ring {
            algorithm: parameters.algorithm,
            hosts: names,
            points: points.into_iter().collect(),
        }
    }

    /// The hosts, in the order they were given.
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// The host a node belongs to; `None` when there are no hosts.
    pub fn host_for(&self, node_uuid: &str) -> Option<&str> {
        let (_, host) = self
            .points
            .get(self.start(node_uuid))
            .or_else(|| self.points.first())?;
        self.hosts.get(*host).map(String::as_str)
    }

    /// The place of the first point after a node's.
    fn start(&self, node_uuid: &str) -> usize {
        let key = self.algorithm.digest(node_uuid.as_bytes(), 1);
        self.points
            .partition_point(|(position, _)| *position <= key)
    }

    /// All hosts, the owner of the node first, then those that would follow it.
    pub fn in_order(&self, node_uuid: &str) -> impl Iterator<Item = &str> {
        let (before, after) = self.points.split_at(self.start(node_uuid));
        let mut met = vec![false; self.hosts.len()];
        after
            .iter()
            .chain(before)
            .filter(move |(_, host)| {
                met.get_mut(*host)
                    .is_some_and(|met| !std::mem::replace(met, true))
            })
            .filter_map(|(_, host)| self.hosts.get(*host).map(String::as_str))
    }
}

/// One online conductor that offers a hardware type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// `conductors.hostname`
    pub host: String,
    /// `conductors.conductor_group`
    pub group: String,
    /// A hardware type it has interfaces registered for.
    pub hardware_type: String,
}

/// Why no conductor can be named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoConductor {
    /// Nobody is online: try again later (503).
    #[error("no conductor is online")]
    AtAll,
    /// Nobody offers this hardware type in this group.
    #[error("no conductor of group \"{group}\" offers the hardware type '{hardware_type}'")]
    Suitable {
        /// The hardware type.
        hardware_type: String,
        /// The conductor group; empty for nodes of none.
        group: String,
    },
}

/// The rings of a cluster, one a conductor group and hardware type.
#[derive(Clone, Debug, Default)]
pub struct Rings {
    by_group: BTreeMap<String, BTreeMap<String, Ring>>,
    /// hardware type → hosts, whatever their group.
    by_type: BTreeMap<String, Vec<String>>,
}

impl Rings {
    /// The rings of the conductors that are online with a fresh heartbeat.
    pub fn new(parameters: Parameters, members: &[Member]) -> Self {
        let mut hosts: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
        let mut by_type: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for member in members {
            hosts
                .entry(&member.group)
                .or_default()
                .entry(&member.hardware_type)
                .or_default()
                .push(member.host.clone());
            let all = by_type.entry(member.hardware_type.clone()).or_default();
            if !all.contains(&member.host) {
                all.push(member.host.clone());
            }
        }
        let by_group = hosts
            .into_iter()
            .map(|(group, types)| {
                let rings = types
                    .into_iter()
                    .map(|(name, hosts)| (name.to_owned(), Ring::new(parameters, hosts)))
                    .collect();
                (group.to_owned(), rings)
            })
            .collect();
        Rings { by_group, by_type }
    }

    /// The ring of a hardware type in a group.
    ///
    /// # Errors
    /// [`NoConductor`] when there is no such ring.
    pub fn ring(&self, group: &str, hardware_type: &str) -> Result<&Ring, NoConductor> {
        if self.by_type.is_empty() {
            return Err(NoConductor::AtAll);
        }
        self.by_group
            .get(group)
            .and_then(|types| types.get(hardware_type))
            .ok_or_else(|| NoConductor::Suitable {
                hardware_type: hardware_type.to_owned(),
                group: group.to_owned(),
            })
    }

    /// The conductor a node belongs to.
    ///
    /// # Errors
    /// [`NoConductor`] when nobody can take it.
    pub fn host_for(
        &self,
        group: &str,
        hardware_type: &str,
        node_uuid: &str,
    ) -> Result<&str, NoConductor> {
        let ring = self.ring(group, hardware_type)?;
        ring.host_for(node_uuid).ok_or(NoConductor::AtAll)
    }

    /// The conductors that offer a hardware type, in whatever group; empty when none does. Calls
    /// about a hardware type go to a random one.
    pub fn hosts_of_type(&self, hardware_type: &str) -> &[String] {
        self.by_type.get(hardware_type).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_conductor_is_told_from_no_suitable_one() {
        let none = Rings::default();
        assert_eq!(
            none.host_for("", "ipmi", "n").unwrap_err(),
            NoConductor::AtAll
        );
        let one = Rings::new(
            Parameters::default(),
            &[Member {
                host: "c".into(),
                group: "rack".into(),
                hardware_type: "ipmi".into(),
            }],
        );
        assert_eq!(one.host_for("rack", "ipmi", "n"), Ok("c"));
        assert!(matches!(
            one.host_for("", "ipmi", "n"),
            Err(NoConductor::Suitable { .. })
        ));
        assert_eq!(one.hosts_of_type("ipmi"), ["c"]);
        assert!(one.hosts_of_type("redfish").is_empty());
    }
}
