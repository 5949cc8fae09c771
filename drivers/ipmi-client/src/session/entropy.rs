//! Where session ids, random numbers and initialisation vectors come from.

/// A source of unpredictable bytes. Tests give a reproducible one.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The thread's cryptographic generator, seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Entropy for System {
    fn fill(&mut self, bytes: &mut [u8]) {
        rand::fill(bytes);
    }
}

/// `N` unpredictable bytes.
pub fn array<const N: usize>(entropy: &mut dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// An unpredictable number that is not zero: zero means "no session".
pub fn nonzero(entropy: &mut dyn Entropy) -> u32 {
    u32::from_le_bytes(array(entropy)).max(1)
}
