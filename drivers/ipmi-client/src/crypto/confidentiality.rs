//! AES-CBC-128 as RMCP+ uses it (IPMI 2.0 §13.29): IV, then ciphertext whose last plaintext byte
//! counts the pad bytes 1, 2, 3, … in front of it.

use aes::Aes128;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};

use crate::wire::Malformed;

const BLOCK: usize = 16;

/// Encrypts `plain` under the first 16 bytes of K2 with a fresh `iv`.
pub fn encrypt(key: &[u8; BLOCK], iv: [u8; BLOCK], plain: &[u8]) -> Vec<u8> {
    let pad = (BLOCK - (plain.len() + 1) % BLOCK) % BLOCK;
    let mut padded = Vec::with_capacity(plain.len() + pad + 1);
    padded.extend_from_slice(plain);
    padded.extend((1u8..).take(pad));
    // `pad` is below 16.
    padded.push(u8::try_from(pad).unwrap_or_default());
    let cipher = cbc::Encryptor::<Aes128>::new(&(*key).into(), &iv.into());
    let mut payload = iv.to_vec();
    payload.extend_from_slice(&cipher.encrypt_padded_vec::<NoPadding>(&padded));
    payload
}

/// Decrypts a payload and removes its padding, which is checked byte by byte.
pub fn decrypt(key: &[u8; BLOCK], payload: &[u8]) -> Result<Vec<u8>, Malformed> {
    let (iv, body) = payload
        .split_first_chunk::<BLOCK>()
        .ok_or(Malformed("encrypted payload shorter than its IV"))?;
    if body.is_empty() || !body.len().is_multiple_of(BLOCK) {
        return Err(Malformed("encrypted payload is not whole blocks"));
    }
    let cipher = cbc::Decryptor::<Aes128>::new(&(*key).into(), &(*iv).into());
    let mut plain = cipher
        .decrypt_padded_vec::<NoPadding>(body)
        .map_err(|_| Malformed("encrypted payload is not whole blocks"))?;
    let pad = usize::from(plain.pop().ok_or(Malformed("confidentiality pad"))?);
    // The specification pads to one block at most; some firmware sends exactly 16.
    if pad > BLOCK || pad > plain.len() {
        return Err(Malformed("confidentiality pad length"));
    }
    let padding = plain.split_off(plain.len() - pad);
    if !padding.iter().copied().eq((1u8..).take(pad)) {
        return Err(Malformed("confidentiality pad bytes"));
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_survives_a_round_trip() {
        let key = [7; 16];
        for len in 0..70 {
            let plain: Vec<u8> = (0..len).collect();
            let payload = encrypt(&key, [9; 16], &plain);
            assert_eq!(payload.len() % 16, 0);
            assert_eq!(decrypt(&key, &payload).unwrap(), plain);
        }
    }

    /// NIST SP 800-38A F.2.1, first block: our padded block is chosen to be the vector's plaintext
    /// by XOR with its IV, so the ciphertext must be AES-128 of a known block.
    #[test]
    fn first_block_is_aes_of_plain_xor_iv() {
        let key = [
            0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf,
            0x4f, 0x3c,
        ];
        // AES-128 input block of F.2.1: plaintext XOR IV.
        let block = [
            0x6b, 0xc0, 0xbc, 0xe1, 0x2a, 0x45, 0x99, 0x91, 0xe1, 0x34, 0x74, 0x1a, 0x7f, 0x9e,
            0x19, 0x25,
        ];
        let plain = [0u8; 15];
        // 15 bytes of data take no pad, so the whole block is zeros before the IV is mixed in.
        let payload = encrypt(&key, block, &plain);
        assert_eq!(
            payload[16..],
            [
                0x76, 0x49, 0xab, 0xac, 0x81, 0x19, 0xb2, 0x46, 0xce, 0xe9, 0x8e, 0x9b, 0x12, 0xe9,
                0x19, 0x7d
            ]
        );
    }

    #[test]
    fn wrong_padding_is_refused() {
        let key = [1; 16];
        let cipher = cbc::Encryptor::<Aes128>::new(&key.into(), &[0; 16].into());
        let mut block = [0u8; 16];
        block[15] = 3;
        let mut payload = vec![0; 16];
        payload.extend(cipher.encrypt_padded_vec::<NoPadding>(&block));
        assert!(decrypt(&key, &payload).is_err());
    }
}
