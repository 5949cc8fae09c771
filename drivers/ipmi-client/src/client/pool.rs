//! Kept sessions by BMC and credentials, bounded.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::ClientConfig;
use super::conversation::Conversation;
use super::target::{Key, Target};

/// The place of one BMC.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) conversation: Arc<tokio::sync::Mutex<Conversation>>,
    waiting: AtomicUsize,
}

impl Slot {
    /// Counts the caller among those who wait, unless there are too many.
    pub(super) fn queue(self: &Arc<Self>, most: usize) -> Option<Waiting> {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let waiting = Waiting(Arc::clone(self));
        (before < most).then_some(waiting)
    }
}

/// A place in the queue of a slot, given up when dropped.
#[derive(Debug)]
pub(super) struct Waiting(Arc<Slot>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// All slots.
#[derive(Debug)]
pub(super) struct Pool {
    config: ClientConfig,
    slots: Mutex<HashMap<Key, Arc<Slot>>>,
}

impl Pool {
    pub(super) fn new(config: ClientConfig) -> Self {
        Pool {
            config,
            slots: Mutex::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    /// The slot for `target`, made if there is none; nothing if the pool is full of sessions in
    /// use. The second value is a slot that had to leave for it and whose session is to be closed.
    pub(super) fn slot(&self, target: &Target) -> Option<(Arc<Slot>, Option<Arc<Slot>>)> {
        let key = target.key();
        let mut slots = self.lock();
        if let Some(slot) = slots.get(&key) {
            return Some((Arc::clone(slot), None));
        }
        let evicted = if slots.len() >= self.config.sessions {
            Some(longest_idle(&slots).and_then(|key| slots.remove(&key))?)
        } else {
            None
        };
        let slot = Arc::new(Slot {
            conversation: Arc::new(tokio::sync::Mutex::new(Conversation::new(
                target,
                &self.config,
            ))),
            waiting: AtomicUsize::new(0),
        });
        slots.insert(key, Arc::clone(&slot));
        Some((slot, evicted))
    }

    /// Every slot that nobody uses.
    pub(super) fn unused(&self) -> Vec<(Key, Arc<Slot>)> {
        self.lock()
            .iter()
            .filter(|(_, slot)| is_unused(slot))
            .map(|(key, slot)| (*key, Arc::clone(slot)))
            .collect()
    }

    /// Removes a slot that is still unused but for the caller's own reference.
    pub(super) fn remove_unused(&self, key: Key) -> Option<Arc<Slot>> {
        let mut slots = self.lock();
        let slot = slots.get(&key)?;
        // One reference is the map's, one the caller's.
        if Arc::strong_count(slot) > 2 {
            return None;
        }
        slots.remove(&key)
    }

    /// Removes everything.
    pub(super) fn drain(&self) -> Vec<Arc<Slot>> {
        self.lock().drain().map(|(_, slot)| slot).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_unused(slot: &Arc<Slot>) -> bool {
    Arc::strong_count(slot) == 1
}

fn longest_idle(slots: &HashMap<Key, Arc<Slot>>) -> Option<Key> {
    slots
        .iter()
        .filter(|(_, slot)| is_unused(slot))
        .filter_map(|(key, slot)| {
            let conversation = slot.conversation.try_lock().ok()?;
            let since: Instant = conversation
                .last_operation
                .unwrap_or(conversation.last_traffic);
            Some((since, *key))
        })
        .min_by_key(|(since, _)| *since)
        .map(|(_, key)| key)
}
