//! Tokens of links to a console: random, short-lived, good for one use.
//!
//! Only hashes are kept, and compared in constant time; the table has a bound.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemas_model::Uuid;
use schemas_model::secret::Secret;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use tokio::time::Instant;

/// Bytes of a token before encoding: 256 bits.
const LEN: usize = 32;
/// Tokens that can be open at once; a new one beyond them replaces the oldest.
const MOST: usize = 1024;

struct Entry {
    hash: [u8; 32],
    node: Uuid,
    expires: Instant,
}

/// The tokens that can still be used.
#[derive(Default)]
pub(crate) struct Tokens {
    open: Mutex<VecDeque<Entry>>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    /// A new token for a node's console.
    pub(crate) fn issue(&self, node: &Uuid, lifetime: Duration) -> Secret {
        let bytes: [u8; LEN] = rand::random();
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let now = Instant::now();
        let mut open = self.lock();
        open.retain(|entry| entry.expires > now);
        if open.len() >= MOST {
            open.pop_front();
        }
        open.push_back(Entry {
            hash: Sha256::digest(token.as_bytes()).into(),
            node: node.clone(),
            expires: now + lifetime,
        });
        Secret::new(token)
    }

    /// Uses a token up: whether it opens this node's console.
    pub(crate) fn redeem(&self, node: &Uuid, token: &str) -> bool {
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let now = Instant::now();
        let mut open = self.lock();
        open.retain(|entry| entry.expires > now);
        // Every entry is looked at, wherever the right one is.
        let (mut found, mut place) = (Choice::from(0), u32::MAX);
        for (index, entry) in (0u32..).zip(open.iter()) {
            let equal = entry.hash.ct_eq(&hash);
            place.conditional_assign(&index, equal);
            found |= equal;
        }
        if !bool::from(found) {
            return false;
        }
        let entry = usize::try_from(place)
            .ok()
            .and_then(|place| open.remove(place));
        entry.is_some_and(|entry| entry.node == *node)
    }

    /// Forgets the tokens of a node.
    pub(crate) fn revoke(&self, node: &Uuid) {
        self.lock().retain(|entry| entry.node != *node);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Entry>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_token_works_once_and_for_its_node_only() {
        let tokens = Tokens::default();
        let (one, other) = (Uuid::random(), Uuid::random());
        let token = tokens.issue(&one, MINUTE);
        assert!(!tokens.redeem(&one, "guess"));
        assert!(tokens.redeem(&one, token.expose()));
        assert!(!tokens.redeem(&one, token.expose()), "used up");
        let token = tokens.issue(&one, MINUTE);
        assert!(!tokens.redeem(&other, token.expose()));
        assert!(
            !tokens.redeem(&one, token.expose()),
            "shown to the wrong door"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_expires() {
        let tokens = Tokens::default();
        let node = Uuid::random();
        let token = tokens.issue(&node, MINUTE);
        tokio::time::advance(MINUTE).await;
        assert!(!tokens.redeem(&node, token.expose()));
    }

    #[test]
    fn the_table_has_a_bound_and_a_stopped_console_no_tokens() {
        let tokens = Tokens::default();
        let node = Uuid::random();
        let first = tokens.issue(&node, MINUTE);
        let last = (0..MOST)
            .map(|_| tokens.issue(&node, MINUTE))
            .last()
            .unwrap();
        assert_eq!(tokens.lock().len(), MOST);
        assert!(!tokens.redeem(&node, first.expose()));
        assert!(tokens.redeem(&node, last.expose()));
        tokens.revoke(&node);
        assert_eq!(tokens.lock().len(), 0);
    }

    #[test]
    fn tokens_are_long_and_differ() {
        let tokens = Tokens::default();
        let node = Uuid::random();
        let (a, b) = (tokens.issue(&node, MINUTE), tokens.issue(&node, MINUTE));
        assert_eq!(a.expose().len(), 43);
        assert!(a != b);
    }
}
