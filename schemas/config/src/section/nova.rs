//! `[nova]`.

use crate::section::keystone_client::KeystoneClient;
use crate::section::keystone_credentials::KeystoneCredentials;
use crate::section::section;

section! {
    /// `[nova]`: the Compute service.
    Nova,
    credentials: KeystoneCredentials {},
    client: KeystoneClient { service_type = "compute" };

    /// Tell it when an instance's machine is powered on or off.
    send_power_notifications: bool = true, mutable;
}
