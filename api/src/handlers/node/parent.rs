//! Links from one thing to a node: allowed only to a node the caller sees, of the same owner.

use schemas_model::{Fault, Node};

use crate::request::Access;

/// The node a link is to lead to.
///
/// # Errors
/// `Invalid` (400) in the same words whether the node does not exist, is hidden or is another's.
pub async fn authorised<T>(
    access: &Access<'_, T>,
    owner: Option<&str>,
    wanted: &str,
) -> Result<Node, Fault> {
    linked(access, owner, wanted, "parent_node").await
}

/// The same for any field.
///
/// # Errors
/// As [`authorised`].
pub async fn linked<T>(
    access: &Access<'_, T>,
    owner: Option<&str>,
    wanted: &str,
    field: &str,
) -> Result<Node, Fault> {
    let refused = || {
        Fault::invalid(format!(
            "Unable to apply the requested {field} '{wanted}'. Requested value was invalid."
        ))
    };
    let node = access
        .call()
        .authorise_node_for("baremetal:node:get", wanted)
        .await
        .map_err(|_| refused())?
        .object;
    if node.owner.as_deref() == owner {
        Ok(node)
    } else {
        Err(refused())
    }
}
