//! `[cifs]`.

use schemas_model::secret::Secret;

use crate::section::section;

section! {
    /// `[cifs]`: virtual media on CIFS shares.
    Cifs;

    /// URL of the share.
    base_url: Option<String>;
    /// Password that BMCs use.
    password: Option<Secret<String>>;
    /// Where the share is mounted on the conductor.
    share_path: Option<String>;
    /// User name that BMCs use.
    username: Option<String>;
}
