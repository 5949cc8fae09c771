//! `[glance]`.

use schemas_model::secret::Secret;

use crate::section::keystone_client::KeystoneClient;
use crate::section::keystone_credentials::KeystoneCredentials;
use crate::section::section;
use crate::value::{Uri, choice};

choice! {
    /// Schemes of direct image URLs.
    pub enum UrlScheme {
        /// Files.
        File = "file",
    }
}

section! {
    /// `[glance]`: the Image service.
    Glance,
    credentials: KeystoneCredentials {},
    client: KeystoneClient { service_type = "image" };

    /// Schemes of image URLs that are read directly.
    allowed_direct_url_schemes: Vec<UrlScheme> = "";
    /// How often a failed download is tried again.
    num_retries: i64 = 0, mutable;
    /// Swift account of the Image service.
    swift_account: Option<String>;
    /// What comes before a project's UUID in a Swift account.
    swift_account_prefix: String = "AUTH";
    /// Version in Swift's paths.
    swift_api_version: String = "v1";
    /// Swift container of images.
    swift_container: String = "glance";
    /// Address of Swift for temporary URLs.
    swift_endpoint_url: Option<Uri>;
    /// How many characters of an image's UUID name its container.
    swift_store_multiple_containers_seed: i64 = 0;
    /// Use temporary URLs again while they are valid.
    swift_temp_url_cache_enabled: bool = false;
    /// Seconds for which a temporary URL is valid.
    swift_temp_url_duration: i64 = 1200;
    /// Seconds from a request to the start of its download.
    swift_temp_url_expected_download_start_delay: u64 = 0, min(0.0);
    /// Key that signs temporary URLs.
    swift_temp_url_key: Option<Secret<String>>;
}
