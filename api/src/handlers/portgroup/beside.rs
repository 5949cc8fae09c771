//! What an answer shows of a port group that is not in its row, and finding a port group a request
//! names.

use std::collections::HashMap;

use schemas_model::ids::NodeId;
use schemas_model::{Class, Fault, Node, Portgroup, Uuid};
use schemas_rest::types::portgroup::{PortgroupResource, PortgroupView};
use schemas_rest::{Selection, ident};

use crate::request::{Access, Answer, Call};

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

/// A port group and its node.
pub struct Found {
    /// The port group.
    pub portgroup: Portgroup,
    /// Its node; none when it went away meanwhile.
    pub node: Option<Node>,
}

impl Found {
    /// The node.
    ///
    /// # Errors
    /// `NodeNotFound` (404) when it went away meanwhile.
    pub fn node(&self) -> Result<&Node, Fault> {
        self.node.as_ref().ok_or_else(|| {
            Fault::new(
                Class::NodeNotFound,
                "The port group's node could not be found.",
            )
        })
    }
}

/// Finds the port group of the path and asks the rule of the operation about it.
///
/// # Errors
/// 404 when there is none or the caller may not know of it, 403 when this may not be done.
pub async fn authorised(call: &Call) -> Result<Access<'_, Found>, Fault> {
    authorised_for(call, call.operation.rule, call.path("portgroup")).await
}

/// The port group that a path goes through, if the caller may know of it.
///
/// # Errors
/// 404 when there is none or the caller may not know of it.
pub async fn seen(call: &Call, name: &str) -> Result<Portgroup, Fault> {
    let access = authorised_for(call, "baremetal:node:get", name).await?;
    Ok(access.object.portgroup)
}

async fn authorised_for<'c>(
    call: &'c Call,
    rule: &str,
    name: &str,
) -> Result<Access<'c, Found>, Fault> {
    let portgroup = find(call, name).await?;
    let node = match portgroup.node_id {
        Some(id) => call.before_policy().node_by_id(id).await.ok(),
        None => None,
    };
    let access = call.authorise_of_node(rule, node.as_ref(), || {
        Fault::new(
            Class::PortgroupNotFound,
            format!("Portgroup {name} could not be found."),
        )
    })?;
    Ok(access.with(Found { portgroup, node }))
}

/// The UUIDs of the nodes of some port groups.
pub struct Beside(HashMap<NodeId, Uuid>);

impl Beside {
    /// Looks the nodes up, in one query.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of<T>(access: &Access<'_, T>, portgroups: &[Portgroup]) -> Result<Beside, Fault> {
        let nodes = portgroups.iter().filter_map(|group| group.node_id);
        Ok(Beside(access.db().node_uuids(nodes).await?))
    }

    /// A port group with what was looked up.
    pub fn view<'a>(&'a self, portgroup: &'a Portgroup) -> PortgroupView<'a> {
        let node = portgroup.node_id.and_then(|id| self.0.get(&id));
        PortgroupView {
            portgroup,
            node_uuid: node.map(Uuid::as_str),
        }
    }
}

/// The answer with one port group.
///
/// # Errors
/// When the database does not answer.
pub async fn answer<T>(
    access: &Access<'_, T>,
    portgroup: &Portgroup,
    selection: &Selection<PortgroupResource>,
) -> Result<Answer, Fault> {
    let beside = Beside::of(access, std::slice::from_ref(portgroup)).await?;
    Ok(access.one(selection, &beside.view(portgroup)))
}
