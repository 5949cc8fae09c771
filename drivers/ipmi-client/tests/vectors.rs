//! Keys and packets of one RMCP+ session, computed from the specification with other programs
//! (Python's `hmac`, `openssl enc`), so that two equal mistakes cannot hide each other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use drivers_ipmi_client::crypto::{CipherSuite, Hash};
use drivers_ipmi_client::session::Sealed;
use drivers_ipmi_client::session::entropy::Entropy;
use drivers_ipmi_client::session::keys::{self, Transcript};
use drivers_ipmi_client::wire::session20::PayloadType;

const CONSOLE: u32 = 0x1122_3344;
const BMC: u32 = 0x5566_7788;
/// Get Chassis Status, request number 1.
const MESSAGE: [u8; 7] = [0x20, 0x00, 0xe0, 0x81, 0x04, 0x01, 0x7a];

struct Vector {
    hash: Hash,
    suite: u8,
    kg: &'static [u8],
    rakp2: &'static str,
    rakp3: &'static str,
    integrity_key: &'static str,
    rakp4: &'static str,
    k1: &'static str,
    k2: &'static str,
    datagram: &'static str,
}

const VECTORS: [Vector; 3] = [
    Vector {
        hash: Hash::Sha1,
        suite: 3,
        kg: b"password",
        rakp2: "4b2c3c98a34636b5f830a443028c2a256904eb50",
        rakp3: "969410f1ffa284b386c1a3eafb0725b1af92fd00",
        integrity_key: "7655ba528c8a0c955061d71a11869d23dc5a0ce7",
        rakp4: "e9eb9e8771a8873b4ae48c67",
        k1: "89a3200d8561d11cd2d1cf5d8b12e014e69b945b",
        k2: "94e82c883976ab24d9329df35af61723",
        datagram: "0600ff0706c088776655010000002000424242424242424242424242424242\
                   4217be5297df9596c4bd83391d85ac800bffff0207f7d6d43dfc46607ebacbc26d",
    },
    Vector {
        hash: Hash::Sha256,
        suite: 17,
        kg: b"password",
        rakp2: "0746f5018ef4dbc72303ed5d62f4c3c6a92256dd289f42205c065c452518dbf1",
        rakp3: "182e2884bc3fa8113d7fd66351c22467e85287a14ecc30040d3dc8531a69f8d2",
        integrity_key: "1f91560360982a0a165fa5846f1483c2f5e050ce444ec227c2cd28decbb132dc",
        rakp4: "771d5464c4ee29007ec825574b282a5b",
        k1: "a2edabd884a71cae802430fdbe260c60be407fb052091dbd4ce352e8888d94b2",
        k2: "1d5b3b0e45176abf09e8ed98c1632214",
        datagram: "0600ff0706c088776655010000002000424242424242424242424242424242\
                   421d27554176f962dd760fdb93093ab54effff02076b592f59ec06b1ff575870e0\
                   35a16b75",
    },
    Vector {
        hash: Hash::Sha256,
        suite: 17,
        kg: b"kgkey",
        rakp2: "0746f5018ef4dbc72303ed5d62f4c3c6a92256dd289f42205c065c452518dbf1",
        rakp3: "182e2884bc3fa8113d7fd66351c22467e85287a14ecc30040d3dc8531a69f8d2",
        integrity_key: "c83fcde92f49b7daec15b79cbd2b37cddbe527b1b7a3b1882ed3fa3f49f22cca",
        rakp4: "f851d2c6dd78a67e92c3b3d775a2a52c",
        k1: "d99d1a745d8fb8344f027568841cb6ad0e8955c4031cbddcd3e790230cc970a8",
        k2: "f3542a927d705b269748403a712a54f6",
        datagram: "0600ff0706c088776655010000002000424242424242424242424242424242\
                   426f987bf906cf4362f85350cd28c4e281ffff0207856863d50965e60b3d1c0f51\
                   8a53cac3",
    },
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn padded(key: &[u8]) -> [u8; 20] {
    let mut padded = [0; 20];
    padded[..key.len()].copy_from_slice(key);
    padded
}

fn counting(from: u8) -> [u8; 16] {
    std::array::from_fn(|index| from + u8::try_from(index).unwrap())
}

fn transcript() -> Transcript {
    Transcript {
        console_session: CONSOLE,
        bmc_session: BMC,
        console_random: counting(0x00),
        bmc_random: counting(0x80),
        bmc_guid: counting(0xa0),
        role: 0x14,
        username: b"admin".to_vec(),
    }
}

/// Always the same initialisation vector.
struct Fixed;

impl Entropy for Fixed {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0x42);
    }
}

#[test]
fn keys_and_codes() {
    for vector in VECTORS {
        let hash = vector.hash;
        let transcript = transcript();
        let user_key = padded(b"password");
        let integrity_key = transcript.integrity_key(hash, &padded(vector.kg));
        let rakp2 = transcript.rakp2_code(hash, &user_key);
        let rakp3 = transcript.rakp3_code(hash, &user_key);
        let rakp4 = transcript.rakp4_check(hash, &integrity_key);
        assert_eq!(hex(rakp2.as_slice()), vector.rakp2);
        assert_eq!(hex(rakp3.as_slice()), vector.rakp3);
        assert_eq!(hex(integrity_key.as_slice()), vector.integrity_key);
        assert_eq!(hex(rakp4.truncated(hash.truncated_len())), vector.rakp4);
        let k1 = keys::k1(hash, &integrity_key);
        let k2 = keys::k2(hash, &integrity_key);
        assert_eq!(hex(k1.as_slice()), vector.k1);
        assert_eq!(hex(k2.truncated(16)), vector.k2);
    }
}

#[test]
fn whole_packets() {
    for vector in VECTORS {
        let suite = CipherSuite::by_id(vector.suite).unwrap();
        let integrity_key = transcript().integrity_key(vector.hash, &padded(vector.kg));
        let mut console = Sealed::new(suite, CONSOLE, BMC, &integrity_key);
        let datagram = console.seal(PayloadType::Ipmi, &MESSAGE, &mut Fixed);
        assert_eq!(hex(&datagram), vector.datagram);
        // The BMC, which receives under its own id, understands it once.
        let mut bmc = Sealed::new(suite, BMC, CONSOLE, &integrity_key);
        let (payload_type, message) = bmc.open(&datagram[4..]).unwrap();
        assert_eq!(
            (payload_type, &message[..]),
            (PayloadType::Ipmi, &MESSAGE[..])
        );
        assert!(bmc.open(&datagram[4..]).is_err(), "a replay");
    }
}
