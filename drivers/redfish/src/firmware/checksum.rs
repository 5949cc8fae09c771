//! Checksums of firmware files: the algorithm follows from the length, as in Ironic 39.0.0.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// A checksum under way.
pub(crate) enum Checksum {
    /// 40 digits.
    Sha1(Sha1),
    /// 64 digits.
    Sha256(Sha256),
    /// 128 digits.
    Sha512(Box<Sha512>),
}

impl Checksum {
    /// The algorithm whose checksums look like this one.
    pub(crate) fn like(expected: &str) -> Option<Self> {
        match expected.len() {
            0..=41 => Some(Checksum::Sha1(Sha1::new())),
            42..=64 => Some(Checksum::Sha256(Sha256::new())),
            65..=128 => Some(Checksum::Sha512(Box::new(Sha512::new()))),
            _ => None,
        }
    }

    /// Takes in more of the file.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Checksum::Sha1(hash) => hash.update(bytes),
            Checksum::Sha256(hash) => hash.update(bytes),
            Checksum::Sha512(hash) => hash.update(bytes),
        }
    }

    /// The checksum, in lower-case hexadecimal digits.
    pub(crate) fn digits(self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Checksum::Sha1(hash) => hex(&hash.finalize()),
            Checksum::Sha256(hash) => hex(&hash.finalize()),
            Checksum::Sha512(hash) => hex(&hash.finalize()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_tells_the_algorithm() {
        let digits = |expected: &str| {
            let mut checksum = Checksum::like(expected).unwrap();
            checksum.update(b"abc");
            checksum.digits()
        };
        let sha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
        assert_eq!(digits(sha1), sha1);
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digits(sha256), sha256);
        assert_eq!(digits(&"0".repeat(128)).len(), 128);
        assert!(Checksum::like(&"0".repeat(129)).is_none());
    }
}
