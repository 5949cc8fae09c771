//! The messages that were seen a moment ago, by `_unique_id`.

use std::collections::{HashSet, VecDeque};

/// As many as oslo.messaging remembers.
const REMEMBERED: usize = 512;

/// A bounded memory of ids.
#[derive(Debug, Default)]
pub(super) struct Recent {
    order: VecDeque<String>,
    seen: HashSet<String>,
}

impl Recent {
    /// Remembers an id; false when it is already remembered.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        if !self.seen.insert(id.to_owned()) {
            return false;
        }
        self.order.push_back(id.to_owned());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }

    /// Forgets an id, because its message was not dealt with after all.
    pub(super) fn forget(&mut self, id: &str) {
        if self.seen.remove(id) {
            self.order.retain(|other| other != id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_are_remembered() {
        let mut recent = Recent::default();
        assert!(recent.insert("first"));
        assert!(!recent.insert("first"));
        for number in 0..REMEMBERED {
            assert!(recent.insert(&number.to_string()));
        }
        assert!(recent.insert("first"), "long gone");
        recent.forget("first");
        assert!(recent.insert("first"), "forgotten");
        assert!(recent.order.len() <= REMEMBERED && recent.seen.len() <= REMEMBERED);
    }
}
