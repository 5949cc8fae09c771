//! Every vector recorded from Ironic 39.0.0: 13 sets of conductors, 200 nodes.
//!
//! In the data, hosts are hex digits: indices into `hosts`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use schemas_rpc::hash_ring::{Member, Parameters, Ring, Rings};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Vectors {
    uuids: Vec<String>,
    low_level: LowLevel,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct LowLevel {
    hosts: Vec<String>,
    key_hash_uuid0: KeyHash,
}

#[derive(Deserialize)]
struct KeyHash {
    uuid: String,
    position: usize,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    hash_partition_exponent: u8,
    hash_ring_algorithm: String,
    conductors: Vec<Conductor>,
    rings: BTreeMap<String, Expected>,
}

#[derive(Deserialize)]
struct Conductor {
    hostname: String,
    conductor_group: String,
    drivers: Vec<String>,
}

#[derive(Deserialize)]
struct Expected {
    hosts: Vec<String>,
    host_for_uuid: String,
    order_for_first_40: Vec<String>,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("data/hash-ring.json")).unwrap()
}

fn hosts<'a>(expected: &'a Expected, indices: &'a str) -> Vec<&'a str> {
    indices
        .chars()
        .map(|digit| expected.hosts[digit.to_digit(16).unwrap() as usize].as_str())
        .collect()
}

#[test]
fn every_node_goes_where_ironic_puts_it() {
    let vectors = vectors();
    let mut checked = 0;
    for case in &vectors.cases {
        let parameters = Parameters {
            partition_exponent: case.hash_partition_exponent,
            algorithm: case.hash_ring_algorithm.parse().unwrap(),
        };
        let members: Vec<Member> = case
            .conductors
            .iter()
            .flat_map(|conductor| {
                conductor.drivers.iter().map(|driver| Member {
                    host: conductor.hostname.clone(),
                    group: conductor.conductor_group.clone(),
                    hardware_type: driver.clone(),
                })
            })
            .collect();
        let rings = Rings::new(parameters, &members);
        for (name, expected) in &case.rings {
            let (group, hardware_type) = name.split_once(':').unwrap();
            let owners = hosts(expected, &expected.host_for_uuid);
            assert_eq!(owners.len(), vectors.uuids.len());
            for (uuid, owner) in vectors.uuids.iter().zip(owners) {
                let host = rings.host_for(group, hardware_type, uuid);
                assert_eq!(host, Ok(owner), "{} {name} {uuid}", case.name);
                checked += 1;
            }
            let ring = rings.ring(group, hardware_type).unwrap();
            for (uuid, order) in vectors.uuids.iter().zip(&expected.order_for_first_40) {
                if order.is_empty() {
                    continue;
                }
                let walked: Vec<&str> = ring.in_order(uuid).collect();
                assert_eq!(
                    walked,
                    hosts(expected, order),
                    "{} {name} {uuid}",
                    case.name
                );
            }
        }
    }
    assert_eq!(
        checked,
        200 * vectors
            .cases
            .iter()
            .map(|case| case.rings.len())
            .sum::<usize>()
    );
}

#[test]
fn the_low_level_example_holds() {
    let LowLevel {
        hosts,
        key_hash_uuid0,
    } = vectors().low_level;
    let parameters = Parameters {
        partition_exponent: 1,
        ..Parameters::default()
    };
    let ring = Ring::new(parameters, hosts.clone());
    // Position 0 of the recorded ring is the first host's.
    assert_eq!(key_hash_uuid0.position, 0);
    assert_eq!(ring.host_for(&key_hash_uuid0.uuid), Some(hosts[0].as_str()));
}
