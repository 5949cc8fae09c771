//! Who we are to a BMC, and how we prove it.

use schemas_model::secret::Secret;

use crate::wire_enum::wire_enum;

wire_enum! {
    /// How requests are authenticated. Names as in Ironic's `redfish_auth_type`, plus `none`.
    AuthType {
        /// HTTP basic authentication on every request.
        Basic = "basic",
        /// A Redfish session: log in once, then a token.
        Session = "session",
        /// A session if the BMC offers the session service, else basic.
        Auto = "auto",
        /// No authentication at all.
        None = "none",
    }
}

/// A user account on a BMC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The account's name.
    pub username: String,
    /// The account's password.
    pub password: Secret,
}
