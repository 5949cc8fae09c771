//! Passwords of the rescue user, hashed as the ramdisk's `chpasswd -e` wants them: SHA-crypt
//! (Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", 5000 rounds).

use rand::Rng;
use schemas_config::Config;
use schemas_config::section::conductor::RescueHash;
use schemas_model::Fault;
use sha2::{Digest, Sha256, Sha512};

const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ROUNDS: usize = 5000;
const SALT_LENGTH: usize = 16;
/// Longer ones would only burn time; no rescue user types them.
const LONGEST: usize = 1024;

/// Which bytes of a digest go into which group of four characters (from the specification).
const ORDER_256: &[[usize; 3]] = &[
    [0, 10, 20],
    [21, 1, 11],
    [12, 22, 2],
    [3, 13, 23],
    [24, 4, 14],
    [15, 25, 5],
    [6, 16, 26],
    [27, 7, 17],
    [18, 28, 8],
    [9, 19, 29],
];

/// Hashes a password with a new salt.
///
/// # Errors
/// `InvalidParameterValue` for one that is longer than 1024 bytes.
pub fn hash(password: &str, config: &Config) -> Result<String, Fault> {
    if password.len() > LONGEST {
        return Err(Fault::invalid_parameter(format!(
            "The rescue password is longer than {LONGEST} bytes."
        )));
    }
    let mut random = [0_u8; SALT_LENGTH];
    rand::rng().fill_bytes(&mut random);
    let salt: Vec<u8> = random
        .iter()
        .map(|byte| ALPHABET[usize::from(byte & 63)])
        .collect();
    let salt = String::from_utf8_lossy(&salt).into_owned();
    Ok(match config.conductor.rescue_password_hash_algorithm {
        RescueHash::Sha256 => crypt_256(password, &salt),
        RescueHash::Sha512 => crypt_512(password, &salt),
    })
}

fn crypt_256(password: &str, salt: &str) -> String {
    let digest = rounds::<Sha256>(password.as_bytes(), salt.as_bytes());
    let mut text = format!("$5${salt}$");
    for [a, b, c] in ORDER_256 {
        push(&mut text, [digest[*a], digest[*b], digest[*c]], 4);
    }
    push(&mut text, [0, digest[31], digest[30]], 3);
    text
}

fn crypt_512(password: &str, salt: &str) -> String {
    let digest = rounds::<Sha512>(password.as_bytes(), salt.as_bytes());
    let mut text = format!("$6${salt}$");
    let (mut a, mut b, mut c) = (0, 21, 42);
    for _ in 0..21 {
        push(&mut text, [digest[a], digest[b], digest[c]], 4);
        (a, b, c) = (b + 1, c + 1, a + 1);
    }
    push(&mut text, [0, 0, digest[63]], 2);
    text
}

/// Appends `count` characters, six bits each, the lowest first.
fn push(text: &mut String, bytes: [u8; 3], count: usize) {
    let mut bits = u32::from(bytes[0]) << 16 | u32::from(bytes[1]) << 8 | u32::from(bytes[2]);
    for _ in 0..count {
        text.push(char::from(ALPHABET[(bits & 63) as usize]));
        bits >>= 6;
    }
}

fn digest_of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
}

/// `length` bytes of a digest, repeated.
fn stretch(digest: &[u8], length: usize) -> Vec<u8> {
    digest.iter().copied().cycle().take(length).collect()
}

fn rounds<D: Digest>(password: &[u8], salt: &[u8]) -> Vec<u8> {
    let b = digest_of::<D>(&[password, salt, password]);
    let mut first = D::new();
    first.update(password);
    first.update(salt);
    first.update(stretch(&b, password.len()));
    let mut length = password.len();
    while length > 0 {
        first.update(if length & 1 == 1 { &b[..] } else { password });
        length >>= 1;
    }
    let mut a = first.finalize().to_vec();

    let mut repeated = D::new();
    for _ in 0..password.len() {
        repeated.update(password);
    }
    let p = stretch(&repeated.finalize(), password.len());
    let mut repeated = D::new();
    for _ in 0..16 + usize::from(a[0]) {
        repeated.update(salt);
    }
    let s = stretch(&repeated.finalize(), salt.len());

    for round in 0..ROUNDS {
        let odd = round % 2 == 1;
        let mut next = D::new();
        next.update(if odd { &p } else { &a });
        if round % 3 != 0 {
            next.update(&s);
        }
        if round % 7 != 0 {
            next.update(&p);
        }
        next.update(if odd { &a } else { &p });
        a = next.finalize().to_vec();
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors of the specification.
    #[test]
    fn specification() {
        assert_eq!(
            crypt_256("Hello world!", "saltstring"),
            "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"
        );
        assert_eq!(
            crypt_512("Hello world!", "saltstring"),
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJu\
             esI68u4OTLiBFdcbYEdFCoEOfaS35inz1"
        );
    }

    #[test]
    fn each_hash_has_its_own_salt() {
        let config = Config::defaults(schemas_config::Machine::detect()).unwrap();
        let (one, two) = (hash("x", &config).unwrap(), hash("x", &config).unwrap());
        assert!(one.starts_with("$5$") && one != two);
        assert!(hash(&"x".repeat(LONGEST + 1), &config).is_err());
    }
}
