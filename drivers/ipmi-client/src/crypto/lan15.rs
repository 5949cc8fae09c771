//! Authentication codes of IPMI 1.5 (IPMI 2.0 §22.17.1).

use md5::{Digest, Md5};
use schemas_model::secret::Secret;

use crate::wire::session15::AuthType;

/// The code for a packet. `password` is padded to 16 bytes with zeros.
pub fn code(
    auth_type: AuthType,
    password: &Secret<[u8; 16]>,
    session: u32,
    sequence: u32,
    payload: &[u8],
) -> Option<[u8; 16]> {
    match auth_type {
        AuthType::None => None,
        AuthType::Password => Some(*password.expose()),
        AuthType::Md5 => {
            let mut hash = Md5::new();
            hash.update(password.expose());
            hash.update(session.to_le_bytes());
            hash.update(payload);
            hash.update(sequence.to_le_bytes());
            hash.update(password.expose());
            Some(hash.finalize().into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn md5_covers_password_session_payload_and_sequence() {
        let password = Secret::new(*b"password\0\0\0\0\0\0\0\0");
        let mut plain = b"password\0\0\0\0\0\0\0\0".to_vec();
        plain.extend_from_slice(&[0x04, 0x03, 0x02, 0x01, b'x', 9, 0, 0, 0]);
        plain.extend_from_slice(b"password\0\0\0\0\0\0\0\0");
        let expected: [u8; 16] = Md5::digest(&plain).into();
        assert_eq!(
            code(AuthType::Md5, &password, 0x0102_0304, 9, b"x"),
            Some(expected)
        );
    }
}
