//! `[cinder]`.

use crate::section::keystone_client::KeystoneClient;
use crate::section::keystone_credentials::KeystoneCredentials;
use crate::section::section;

section! {
    /// `[cinder]`: the Block Storage service.
    Cinder,
    credentials: KeystoneCredentials {},
    client: KeystoneClient { service_type = "volumev3" };

    /// How often attaching and detaching is tried.
    action_retries: i64 = 3;
    /// Seconds between two tries.
    action_retry_interval: i64 = 5;
    /// How often a failed request is sent again.
    retries: i64 = 3, to_be_removed;
}
