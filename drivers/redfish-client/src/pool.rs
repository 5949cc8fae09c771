//! Connections to many BMCs, shared by settings, bounded, and closed when dropped from the pool.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio_util::task::TaskTracker;

use crate::{
    address::BmcAddress,
    bmc::{Bmc, Connection},
    settings::BmcSettings,
    transport::SharedTransports,
};

/// Longest wait for sessions to be deleted when the pool closes.
const FAREWELL: Duration = Duration::from_secs(15);

/// Connections by address and account. One per process is enough.
#[derive(Debug)]
pub struct BmcPool {
    capacity: usize,
    transports: SharedTransports,
    entries: Mutex<Entries>,
    closing: TaskTracker,
}

#[derive(Debug, Default)]
struct Entries {
    by_account: HashMap<Account, Vec<Entry>>,
    clock: u64,
    count: usize,
}

type Account = (BmcAddress, Option<String>);

#[derive(Debug)]
struct Entry {
    connection: Arc<Connection>,
    used: u64,
}

impl BmcPool {
    /// A pool of at most `capacity` connections (Ironic's `[redfish]connection_cache_size`; 0 keeps
    /// none). The least recently used one gives way.
    pub fn new(capacity: usize) -> Self {
        BmcPool {
            capacity,
            transports: Arc::default(),
            entries: Mutex::default(),
            closing: TaskTracker::new(),
        }
    }

    /// A handle on the BMC with these settings, with the session of the last one if there is one.
    /// Other settings, such as a new password, get a connection of their own. Must be called within
    /// a tokio runtime.
    pub fn bmc(&self, settings: BmcSettings) -> Bmc {
        let account = (
            settings.address.clone(),
            settings
                .credentials
                .as_ref()
                .map(|known| known.username.clone()),
        );
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.clock += 1;
        let now = entries.clock;
        let same = entries.by_account.get_mut(&account).and_then(|list| {
            list.iter_mut()
                .find(|entry| entry.connection.settings == settings)
        });
        if let Some(entry) = same {
            entry.used = now;
            return Bmc::on(Arc::clone(&entry.connection));
        }
        let connection = Arc::new(Connection::new(settings, Arc::clone(&self.transports)));
        if self.capacity > 0 {
            if entries.count >= self.capacity {
                self.retire(entries.take_oldest());
            }
            entries.by_account.entry(account).or_default().push(Entry {
                connection: Arc::clone(&connection),
                used: now,
            });
            entries.count += 1;
        }
        Bmc::on(connection)
    }

    /// How many connections are kept.
    pub fn len(&self) -> usize {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .count
    }

    /// Whether no connection is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn retire(&self, connection: Option<Arc<Connection>>) {
        if let Some(connection) = connection {
            self.closing
                .spawn(async move { connection.log_out().await });
        }
    }

    /// Ends all sessions, waiting a few seconds for slow BMCs.
    pub async fn close(&self) {
        let entries =
            std::mem::take(&mut *self.entries.lock().unwrap_or_else(PoisonError::into_inner));
        for entry in entries.by_account.into_values().flatten() {
            self.retire(Some(entry.connection));
        }
        self.closing.close();
        if tokio::time::timeout(FAREWELL, self.closing.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                "some Redfish sessions could not be ended in time; they expire on the BMC"
            );
        }
        self.closing.reopen();
    }
}

impl Entries {
    fn take_oldest(&mut self) -> Option<Arc<Connection>> {
        let oldest = self
            .by_account
            .iter()
            .flat_map(|(account, list)| list.iter().map(move |entry| (entry.used, account)))
            .min_by_key(|(used, _)| *used);
        let (used, account) = oldest.map(|(used, account)| (used, account.clone()))?;
        let list = self.by_account.get_mut(&account)?;
        let index = list.iter().position(|entry| entry.used == used)?;
        let entry = list.swap_remove(index);
        if list.is_empty() {
            self.by_account.remove(&account);
        }
        self.count -= 1;
        Some(entry.connection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{AuthType, Credentials};

    fn settings(host: &str, password: &str) -> BmcSettings {
        let address = BmcAddress::parse(&format!("https://{host}"), None).unwrap();
        let credentials = Credentials {
            username: "admin".to_owned(),
            password: password.into(),
        };
        BmcSettings::new(address, AuthType::Auto, Some(credentials))
    }

    #[tokio::test]
    async fn equal_settings_share_and_the_oldest_gives_way() {
        let pool = BmcPool::new(2);
        let first = pool.bmc(settings("a", "x"));
        assert!(Arc::ptr_eq(
            &first.connection,
            &pool.bmc(settings("a", "x")).connection
        ));
        let changed = pool.bmc(settings("a", "new password"));
        assert!(!Arc::ptr_eq(&first.connection, &changed.connection));
        pool.bmc(settings("a", "x"));
        pool.bmc(settings("b", "x"));
        assert_eq!(pool.len(), 2);
        assert!(Arc::ptr_eq(
            &first.connection,
            &pool.bmc(settings("a", "x")).connection
        ));
        assert!(!Arc::ptr_eq(
            &changed.connection,
            &pool.bmc(settings("a", "new password")).connection
        ));
        pool.close().await;
        assert!(pool.is_empty());
    }

    #[tokio::test]
    async fn no_capacity_keeps_nothing() {
        let pool = BmcPool::new(0);
        pool.bmc(settings("a", "x"));
        assert!(pool.is_empty());
    }
}
