//! What an answer shows of a node that is not in its row: UUIDs of chassis and allocation, and the
//! conductor that serves it. Looked up for all nodes of an answer at once.

use std::collections::HashMap;
use std::sync::Arc;

use schemas_model::ids::{AllocationId, ChassisId};
use schemas_model::{Fault, Node, Uuid};
use schemas_rest::Selection;
use schemas_rest::types::node::{NodeResource, NodeView};
use schemas_rpc::hash_ring::{Ring, Rings};

use crate::request::{Access, Answer};

/// The look-ups for some nodes.
pub struct Beside {
    chassis: HashMap<ChassisId, Uuid>,
    allocations: HashMap<AllocationId, Uuid>,
    rings: Option<Arc<Rings>>,
}

impl Beside {
    /// Looks up what a selection of fields needs, with at most one query a table.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of<T>(
        access: &Access<'_, T>,
        nodes: &[Node],
        selection: &Selection<NodeResource>,
    ) -> Result<Beside, Fault> {
        let chassis: Vec<ChassisId> = nodes.iter().filter_map(|node| node.chassis_id).collect();
        let allocations: Vec<AllocationId> =
            nodes.iter().filter_map(|node| node.allocation_id).collect();
        Ok(Beside {
            chassis: if selection.has("chassis_uuid") && !chassis.is_empty() {
                access.db().chassis_uuids(chassis).await?
            } else {
                HashMap::new()
            },
            allocations: if selection.has("allocation_uuid") && !allocations.is_empty() {
                access.db().allocation_uuids(allocations).await?
            } else {
                HashMap::new()
            },
            rings: if selection.has("conductor") {
                Some(access.ring().rings().await?)
            } else {
                None
            },
        })
    }

    /// A node with what was looked up.
    pub fn view<'a>(&'a self, node: &'a Node) -> NodeView<'a> {
        self.view_on(node, self.ring(node))
    }

    /// Nodes with what was looked up, in their order. Neighbours mostly share a ring, which is
    /// looked for once then.
    pub fn views<'a>(
        &'a self,
        nodes: &'a [Node],
    ) -> impl Iterator<Item = (&'a Node, NodeView<'a>)> {
        let mut last: Option<(&Node, Option<&Ring>)> = None;
        nodes.iter().map(move |node| {
            let ring = match last {
                Some((other, ring)) if shares_ring(other, node) => ring,
                _ => self.ring(node),
            };
            last = Some((node, ring));
            (node, self.view_on(node, ring))
        })
    }

    fn ring(&self, node: &Node) -> Option<&Ring> {
        let rings = self.rings.as_ref()?;
        rings.ring(&node.conductor_group, &node.driver).ok()
    }

    fn view_on<'a>(&'a self, node: &'a Node, ring: Option<&'a Ring>) -> NodeView<'a> {
        NodeView {
            node,
            chassis_uuid: node
                .chassis_id
                .and_then(|id| self.chassis.get(&id))
                .map(Uuid::as_str),
            allocation_uuid: node
                .allocation_id
                .and_then(|id| self.allocations.get(&id))
                .map(Uuid::as_str),
            conductor: ring.and_then(|ring| ring.host_for(node.uuid.as_str())),
        }
    }
}

/// Whether the conductors of two nodes come from the same ring.
fn shares_ring(one: &Node, other: &Node) -> bool {
    one.driver == other.driver && one.conductor_group == other.conductor_group
}

/// The UUID of a node's chassis.
///
/// # Errors
/// When the database does not answer.
pub async fn chassis_uuid<T>(access: &Access<'_, T>, node: &Node) -> Result<Option<Uuid>, Fault> {
    match node.chassis_id {
        None => Ok(None),
        Some(id) => Ok(access.db().chassis_uuids([id]).await?.remove(&id)),
    }
}

/// The answer with one node.
///
/// # Errors
/// When the database does not answer.
pub async fn answer<T>(
    access: &Access<'_, T>,
    node: &Node,
    selection: &Selection<NodeResource>,
) -> Result<Answer, Fault> {
    let beside = Beside::of(access, std::slice::from_ref(node), selection).await?;
    let mut out = access.out();
    out.visible = access.visibility(Some(node));
    selection.write(&beside.view(node), &mut out);
    Ok(access.answer(out.finish()))
}
