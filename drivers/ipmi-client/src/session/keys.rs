//! What both sides compute in RAKP (IPMI 2.0 §13.20–13.24, §13.31–13.32).

use crate::crypto::{Hash, Mac};

/// Everything the two sides told each other; both hash it to prove that they know the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// SIDm: session id the console chose.
    pub console_session: u32,
    /// SIDc: session id the BMC chose.
    pub bmc_session: u32,
    /// Rm.
    pub console_random: [u8; 16],
    /// Rc.
    pub bmc_random: [u8; 16],
    /// GUIDc.
    pub bmc_guid: [u8; 16],
    /// RoleM: requested privilege and lookup bit as sent in RAKP message 1.
    pub role: u8,
    /// UNameM.
    pub username: Vec<u8>,
}

impl Transcript {
    fn username_len(&self) -> u8 {
        // At most 16, checked in `Credentials`.
        u8::try_from(self.username.len()).unwrap_or(u8::MAX)
    }

    /// Key exchange authentication code of RAKP message 2: the BMC knows the password.
    pub fn rakp2_code(&self, hash: Hash, user_key: &[u8]) -> Mac {
        hash.mac(
            user_key,
            &[
                &self.console_session.to_le_bytes(),
                &self.bmc_session.to_le_bytes(),
                &self.console_random,
                &self.bmc_random,
                &self.bmc_guid,
                &[self.role, self.username_len()],
                &self.username,
            ],
        )
    }

    /// Key exchange authentication code of RAKP message 3: the console knows the password.
    pub fn rakp3_code(&self, hash: Hash, user_key: &[u8]) -> Mac {
        hash.mac(
            user_key,
            &[
                &self.bmc_random,
                &self.console_session.to_le_bytes(),
                &[self.role, self.username_len()],
                &self.username,
            ],
        )
    }

    /// SIK, the session integrity key.
    pub fn integrity_key(&self, hash: Hash, bmc_key: &[u8]) -> Mac {
        hash.mac(
            bmc_key,
            &[
                &self.console_random,
                &self.bmc_random,
                &[self.role, self.username_len()],
                &self.username,
            ],
        )
    }

    /// Integrity check value of RAKP message 4, to be truncated: the BMC has the same SIK.
    pub fn rakp4_check(&self, hash: Hash, integrity_key: &Mac) -> Mac {
        hash.mac(
            integrity_key.as_slice(),
            &[
                &self.console_random,
                &self.bmc_session.to_le_bytes(),
                &self.bmc_guid,
            ],
        )
    }
}

/// K1: key of the integrity code in packets.
pub fn k1(hash: Hash, integrity_key: &Mac) -> Mac {
    hash.mac(integrity_key.as_slice(), &[&[0x01; 20]])
}

/// K2: its first 16 bytes are the encryption key.
pub fn k2(hash: Hash, integrity_key: &Mac) -> Mac {
    hash.mac(integrity_key.as_slice(), &[&[0x02; 20]])
}
