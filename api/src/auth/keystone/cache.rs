//! Tokens that were verified a moment ago. Only their hashes are kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Most tokens remembered.
const CAPACITY: usize = 16 * 1024;
/// How long a refused token stays refused without asking again.
const REFUSED_FOR: Duration = Duration::from_secs(10);

struct Entry {
    until: Instant,
    /// What Keystone said; absent for a token it does not know.
    token: Option<Arc<Value>>,
}

/// The cache.
pub(super) struct Cache {
    keep: Option<Duration>,
    entries: Mutex<HashMap<[u8; 32], Entry>>,
}

impl Cache {
    /// `seconds` as `token_cache_time`; negative remembers nothing.
    pub(super) fn new(seconds: i64) -> Self {
        Cache {
            keep: u64::try_from(seconds).ok().map(Duration::from_secs),
            entries: Mutex::default(),
        }
    }

    /// What is known of a token: `None` is "ask", `Some(None)` is "invalid".
    pub(super) fn get(&self, text: &str) -> Option<Option<Arc<Value>>> {
        let entries = self.lock();
        let entry = entries.get(&key(text))?;
        (entry.until > Instant::now()).then(|| entry.token.clone())
    }

    pub(super) fn put(&self, text: &str, token: Arc<Value>) {
        let Some(keep) = self.keep else { return };
        let left = expires(&token).map_or(Duration::ZERO, |end| {
            (end - Utc::now()).to_std().unwrap_or(Duration::ZERO)
        });
        self.insert(text, keep.min(left), Some(token));
    }

    pub(super) fn put_invalid(&self, text: &str) {
        if self.keep.is_some() {
            self.insert(text, REFUSED_FOR, None);
        }
    }

    fn insert(&self, text: &str, keep: Duration, token: Option<Arc<Value>>) {
        if keep.is_zero() {
            return;
        }
        let now = Instant::now();
        let mut entries = self.lock();
        if entries.len() >= CAPACITY {
            entries.retain(|_, entry| entry.until > now);
        }
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        let until = now + keep;
        entries.insert(key(text), Entry { until, token });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// When a token ends.
pub(super) fn expires(token: &Value) -> Option<DateTime<Utc>> {
    let text = token.get("expires_at")?.as_str()?;
    let end = DateTime::parse_from_rfc3339(text).ok()?;
    Some(end.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn token(seconds: i64) -> Arc<Value> {
        let end = Utc::now() + chrono::TimeDelta::seconds(seconds);
        Arc::new(json!({"expires_at": end.to_rfc3339()}))
    }

    #[test]
    fn a_token_is_never_kept_past_its_end() {
        let cache = Cache::new(300);
        cache.put("long", token(3600));
        cache.put("over", token(-1));
        cache.put("unclear", Arc::new(json!({})));
        cache.put_invalid("wrong");
        assert!(matches!(cache.get("long"), Some(Some(_))));
        assert!(cache.get("over").is_none() && cache.get("unclear").is_none());
        assert!(matches!(cache.get("wrong"), Some(None)));
        assert!(cache.get("never seen").is_none());
    }

    #[test]
    fn a_negative_time_remembers_nothing() {
        let cache = Cache::new(-1);
        cache.put("t", token(3600));
        cache.put_invalid("w");
        assert!(cache.get("t").is_none() && cache.get("w").is_none());
    }

    #[test]
    fn it_is_bounded() {
        let cache = Cache::new(300);
        for number in 0..=CAPACITY {
            cache.put_invalid(&number.to_string());
        }
        assert!(cache.lock().len() <= CAPACITY);
    }
}
