//! `[service_catalog]`.

use crate::section::keystone_client::KeystoneClient;
use crate::section::keystone_credentials::KeystoneCredentials;
use crate::section::section;

section! {
    /// `[service_catalog]`: how others reach this API.
    ServiceCatalog,
    credentials: KeystoneCredentials {},
    client: KeystoneClient { service_type = "baremetal" };
}
