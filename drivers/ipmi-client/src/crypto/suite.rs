//! THE table of cipher suites (IPMI 2.0 table 22-20, with the SHA-256 suites of errata 4).
//!
//! Suite 0 has no authentication at all: whoever can send a datagram owns the machine. It is not in
//! the table, so it can be neither configured nor negotiated. The MD5 suites 6–14 are left out.

use super::Hash;

/// What protects a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CipherSuite {
    /// Number of the suite, as `ipmi_cipher_suite` and `ipmitool -C` give it.
    pub id: u8,
    /// Key exchange (RAKP) algorithm.
    pub authentication: Hash,
    /// Whether packets carry an integrity code, made with the same hash.
    pub integrity: bool,
    /// Whether payloads are encrypted with AES-CBC-128.
    pub confidentiality: bool,
}

const fn row(id: u8, authentication: Hash, integrity: bool, confidentiality: bool) -> CipherSuite {
    CipherSuite {
        id,
        authentication,
        integrity,
        confidentiality,
    }
}

/// Every suite we speak.
pub const SUITES: [CipherSuite; 6] = [
    row(1, Hash::Sha1, false, false),
    row(2, Hash::Sha1, true, false),
    row(3, Hash::Sha1, true, true),
    row(15, Hash::Sha256, false, false),
    row(16, Hash::Sha256, true, false),
    row(17, Hash::Sha256, true, true),
];

impl CipherSuite {
    /// The suite with this number, unless it is unknown or forbidden.
    pub fn by_id(id: u8) -> Option<CipherSuite> {
        SUITES.into_iter().find(|suite| suite.id == id)
    }

    /// Authentication algorithm number (IPMI 2.0 table 13-17).
    pub const fn authentication_algorithm(self) -> u8 {
        match self.authentication {
            Hash::Sha1 => 0x01,
            Hash::Sha256 => 0x03,
        }
    }

    /// Integrity algorithm number (IPMI 2.0 table 13-18).
    pub const fn integrity_algorithm(self) -> u8 {
        match (self.integrity, self.authentication) {
            (false, _) => 0x00,
            (true, Hash::Sha1) => 0x01,
            (true, Hash::Sha256) => 0x04,
        }
    }

    /// Confidentiality algorithm number (IPMI 2.0 table 13-19).
    pub const fn confidentiality_algorithm(self) -> u8 {
        if self.confidentiality { 0x01 } else { 0x00 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suite_without_authentication_does_not_exist() {
        assert_eq!(CipherSuite::by_id(0), None);
    }

    #[test]
    fn algorithm_numbers_of_the_two_usual_suites() {
        let numbers = |id| {
            CipherSuite::by_id(id).map(|suite| {
                (
                    suite.authentication_algorithm(),
                    suite.integrity_algorithm(),
                    suite.confidentiality_algorithm(),
                )
            })
        };
        assert_eq!(numbers(3), Some((1, 1, 1)));
        assert_eq!(numbers(17), Some((3, 4, 1)));
    }
}
