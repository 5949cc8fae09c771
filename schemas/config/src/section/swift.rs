//! `[swift]`.

use crate::section::keystone_client::KeystoneClient;
use crate::section::keystone_credentials::KeystoneCredentials;
use crate::section::section;

section! {
    /// `[swift]`: the Object Storage service.
    Swift,
    credentials: KeystoneCredentials {},
    client: KeystoneClient { service_type = "object-store" };
}
