//! Finding a port group a request names.

use schemas_model::{Class, Fault, Portgroup};
use schemas_rest::ident;

use crate::request::Call;

/// A port group by UUID or name.
///
/// # Errors
/// `PortgroupNotFound` (404), `InvalidUuidOrName` (400).
pub async fn find(call: &Call, name: &str) -> Result<Portgroup, Fault> {
    if !ident::is_uuid_or_name(name) {
        return Err(Fault::new(
            Class::InvalidUuidOrName,
            format!("Expected a logical name or UUID but received {name}."),
        ));
    }
    Ok(call.before_policy().portgroup_by_ident(name).await?)
}
