//! What an answer shows of a port that is not in its row, and finding a port a request names.

use std::collections::HashMap;

use schemas_db::PortIdent;
use schemas_model::ids::{NodeId, PortgroupId};
use schemas_model::{Class, Fault, Node, Port, Uuid};
use schemas_rest::Selection;
use schemas_rest::types::port::{PortResource, PortView};

use crate::request::{Access, Answer, Call};

/// The look-ups for some ports.
pub struct Beside {
    nodes: HashMap<NodeId, Uuid>,
    portgroups: HashMap<PortgroupId, Uuid>,
}

impl Beside {
    /// Looks up nodes and port groups, one query a table.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of<T>(access: &Access<'_, T>, ports: &[Port]) -> Result<Beside, Fault> {
        let nodes = ports.iter().filter_map(|port| port.node_id);
        let portgroups: Vec<PortgroupId> =
            ports.iter().filter_map(|port| port.portgroup_id).collect();
        Ok(Beside {
            nodes: access.db().node_uuids(nodes).await?,
            portgroups: if portgroups.is_empty() {
                HashMap::new()
            } else {
                access.db().portgroup_uuids(portgroups).await?
            },
        })
    }

    /// A port with what was looked up; none when its node went away meanwhile.
    pub fn view_of_existing<'a>(&'a self, port: &'a Port) -> Option<PortView<'a>> {
        let view = self.view(port);
        view.node_uuid.is_some().then_some(view)
    }

    /// A port with what was looked up.
    pub fn view<'a>(&'a self, port: &'a Port) -> PortView<'a> {
        let node = port.node_id.and_then(|id| self.nodes.get(&id));
        PortView {
            port,
            node_uuid: node.map(Uuid::as_str),
            portgroup_uuid: port
                .portgroup_id
                .and_then(|id| self.portgroups.get(&id))
                .map(Uuid::as_str),
        }
    }
}

/// The answer with one port.
///
/// # Errors
/// When the database does not answer.
pub async fn answer<T>(
    access: &Access<'_, T>,
    port: &Port,
    selection: &Selection<PortResource>,
) -> Result<Answer, Fault> {
    let beside = Beside::of(access, std::slice::from_ref(port)).await?;
    Ok(access.one(selection, &beside.view(port)))
}

/// A port and its node.
pub struct Found {
    /// The port.
    pub port: Port,
    /// Its node; none when it went away meanwhile.
    pub node: Option<Node>,
}

impl Found {
    /// The node.
    ///
    /// # Errors
    /// `NodeNotFound` (404) when it went away meanwhile.
    pub fn node(&self) -> Result<&Node, Fault> {
        self.node
            .as_ref()
            .ok_or_else(|| Fault::new(Class::NodeNotFound, "The port's node could not be found."))
    }
}

/// Finds the port of the path and asks the rule of the operation about it.
///
/// # Errors
/// 404 when there is none or the caller may not know of it, 403 when this may not be done.
pub async fn authorised(call: &Call) -> Result<Access<'_, Found>, Fault> {
    let name = call.path("port");
    let wanted = if Uuid::is_like(name) {
        PortIdent::Uuid(Uuid::from_stored(name.to_owned()))
    } else if let Some(address) = schemas_rest::ident::mac(name) {
        PortIdent::Address(address)
    } else if schemas_rest::ident::is_logical_name(name) {
        PortIdent::Name(name.to_owned())
    } else {
        return Err(Fault::invalid_parameter(format!(
            "Expected UUID or name for port_ident: {name}"
        )));
    };
    let db = call.before_policy();
    let port = db.port(wanted).await?;
    let node = match port.node_id {
        Some(id) => db.node_by_id(id).await.ok(),
        None => None,
    };
    let access = call.authorise_of_node(call.operation.rule, node.as_ref(), || {
        Fault::new(
            Class::PortNotFound,
            format!("Port {name} could not be found."),
        )
    })?;
    Ok(access.with(Found { port, node }))
}
