//! HMAC-SHA1 and HMAC-SHA256 behind one type, because a session chooses between them at run time.

use hmac::{Hmac, KeyInit};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// The hash under RAKP, integrity codes and derived keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-1: 20-byte codes, truncated to 12 in packets.
    Sha1,
    /// SHA-256: 32-byte codes, truncated to 16 in packets.
    Sha256,
}

/// A keyed hash value; wiped when dropped, because derived keys are such values.
#[derive(Clone)]
pub struct Mac {
    bytes: [u8; 32],
    len: usize,
}

impl Hash {
    /// Length of a full code, in bytes.
    pub const fn code_len(self) -> usize {
        match self {
            Hash::Sha1 => 20,
            Hash::Sha256 => 32,
        }
    }

    /// Length of the code in packets and in RAKP message 4, in bytes.
    pub const fn truncated_len(self) -> usize {
        match self {
            Hash::Sha1 => 12,
            Hash::Sha256 => 16,
        }
    }

    /// The keyed hash of the concatenation of `parts`.
    pub fn mac(self, key: &[u8], parts: &[&[u8]]) -> Mac {
        let mut bytes = [0; 32];
        match self {
            Hash::Sha1 => fill::<Hmac<Sha1>>(key, parts, &mut bytes),
            Hash::Sha256 => fill::<Hmac<Sha256>>(key, parts, &mut bytes),
        }
        Mac {
            bytes,
            len: self.code_len(),
        }
    }
}

fn fill<M: hmac::Mac + KeyInit>(key: &[u8], parts: &[&[u8]], into: &mut [u8; 32]) {
    // HMAC accepts keys of every length, so the error case cannot arise.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else {
        return;
    };
    for part in parts {
        mac.update(part);
    }
    let code = mac.finalize().into_bytes();
    for (to, from) in into.iter_mut().zip(code) {
        *to = from;
    }
}

impl Mac {
    /// The whole code.
    pub fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// The first `len` bytes.
    pub fn truncated(&self, len: usize) -> &[u8] {
        self.as_slice().get(..len).unwrap_or(self.as_slice())
    }

    /// Whether `received` is this code's prefix of exactly `len` bytes, in constant time.
    pub fn verifies(&self, received: &[u8], len: usize) -> bool {
        received.len() == len && bool::from(self.truncated(len).ct_eq(received))
    }
}

impl Drop for Mac {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl std::fmt::Debug for Mac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mac(******)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// RFC 2202 test case 2 and RFC 4231 test case 2.
    #[test]
    fn published_vectors() {
        let data: &[&[u8]] = &[b"what do ya want ", b"for nothing?"];
        assert_eq!(
            hex(Hash::Sha1.mac(b"Jefe", data).as_slice()),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
        assert_eq!(
            hex(Hash::Sha256.mac(b"Jefe", data).as_slice()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_the_exact_length_verifies() {
        let mac = Hash::Sha1.mac(b"key", &[b"data"]);
        assert!(mac.verifies(mac.truncated(12), 12));
        assert!(!mac.verifies(mac.truncated(11), 12));
        assert!(!mac.verifies(mac.as_slice(), 12));
        assert!(!mac.verifies(&[], 12));
    }
}
