//! `[oslo_messaging_notifications]`.

use schemas_model::secret::Secret;

use crate::section::section;
use crate::value::Multi;

section! {
    /// `[oslo_messaging_notifications]`: notifications.
    OsloMessagingNotifications;

    /// Drivers that send notifications: `messagingv2`, `messaging`, `log`, `noop`.
    driver: Multi<String>;
    /// How often sending is tried again; -1 for ever.
    retry: i64 = -1;
    /// Topics of unversioned notifications.
    topics: Vec<String> = "notifications";
    /// Broker for notifications with user and password; that for RPC when unset.
    transport_url: Option<Secret<String>>;
}
