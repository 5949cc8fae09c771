//! What an answer shows of a volume connector or target that is not in its row, and finding the one
//! of the path.

use std::collections::HashMap;

use schemas_model::ids::NodeId;
use schemas_model::{Class, Fault, Node, Uuid};
use schemas_rest::Selection;
use schemas_rest::out::Visibility;

use super::kind::Kind;
use crate::request::{Access, Answer, Call};

/// One, and its node.
pub struct Found<K: Kind> {
    /// The connector or target.
    pub volume: K::Model,
    /// Its node; none when it went away meanwhile.
    pub node: Option<Node>,
}

impl<K: Kind> Found<K> {
    /// The node.
    ///
    /// # Errors
    /// `NodeNotFound` (404) when it went away meanwhile.
    pub fn node(&self) -> Result<&Node, Fault> {
        self.node
            .as_ref()
            .ok_or_else(|| Fault::new(Class::NodeNotFound, "The volume's node could not be found."))
    }
}

/// Finds the one of the path and asks the rule of the operation about it.
///
/// # Errors
/// 400 for what is no UUID, 404 when there is none or the caller may not know of it, 403 when this
/// may not be done.
pub async fn authorised<K: Kind>(call: &Call) -> Result<Access<'_, Found<K>>, Fault> {
    let given = call.path(K::MEMBER);
    let uuid = Uuid::parse(given).map_err(|_| {
        Fault::invalid_parameter(format!("Expected UUID for {}_uuid: {given}", K::MEMBER))
    })?;
    let db = call.before_policy();
    let volume = K::by_uuid(db, &uuid).await?;
    let node = match K::node_id(&volume) {
        Some(id) => db.node_by_id(id).await.ok(),
        None => None,
    };
    let access = call.authorise_of_node(call.operation.rule, node.as_ref(), || {
        Fault::new(
            K::NOT_FOUND,
            format!("Volume {} {given} could not be found.", K::MEMBER),
        )
    })?;
    Ok(access.with(Found { volume, node }))
}

/// What the caller may see: `properties` of targets stand under a rule of their own, and their
/// secrets are masked for everybody.
pub fn visible<T>(access: &Access<'_, T>) -> Visibility {
    Visibility {
        target_properties: access.also("baremetal:volume:view_target_properties"),
        ..Visibility::PLAIN
    }
}

/// The UUIDs of the nodes of some volumes, in one query.
///
/// # Errors
/// When the database does not answer.
pub async fn nodes<K: Kind, T>(
    access: &Access<'_, T>,
    volumes: &[K::Model],
) -> Result<HashMap<NodeId, Uuid>, Fault> {
    let ids = volumes.iter().filter_map(K::node_id);
    Ok(access.db().node_uuids(ids).await?)
}

/// The answer with one.
///
/// # Errors
/// When the database does not answer.
pub async fn answer<K: Kind, T>(
    access: &Access<'_, T>,
    volume: &K::Model,
    selection: &Selection<K>,
) -> Result<Answer, Fault> {
    shown::<K, T>(access, volume, selection, visible(access)).await
}

/// The same with what the caller may see of it.
///
/// # Errors
/// When the database does not answer.
pub async fn shown<K: Kind, T>(
    access: &Access<'_, T>,
    volume: &K::Model,
    selection: &Selection<K>,
    visible: Visibility,
) -> Result<Answer, Fault> {
    let nodes = nodes::<K, T>(access, std::slice::from_ref(volume)).await?;
    let node = K::node_id(volume).and_then(|id| nodes.get(&id));
    let mut out = access.out();
    out.visible = visible;
    selection.write(&K::view(volume, node.map(Uuid::as_str)), &mut out);
    Ok(access.answer(out.finish()))
}
