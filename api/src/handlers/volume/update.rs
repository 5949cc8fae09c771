//! Changes of volume connectors and targets.

use schemas_model::{Class, Fault, Uuid};
use schemas_rest::patch::Patch;
use schemas_rest::types::document;
use schemas_rest::{Selection, validate};
use serde_json::Value;

use super::beside;
use super::kind::Kind;
use crate::handlers::node::parent;
use crate::handlers::{Answered, malformed_uri};
use crate::notify::Action;
use crate::request::Call;

/// Changes one: checks the change here, has the conductor of its node store it.
pub async fn update<K: Kind>(call: &Call) -> Answered {
    let patch = Patch::parse(&call.document)?;
    let access = beside::authorised::<K>(call).await?;
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    patch.check_fields::<K>()?;
    let not_uuid = |value: &&Value| !value.as_str().is_some_and(Uuid::is_like);
    if let Some(value) = patch.values("node_uuid").find(not_uuid) {
        return Err(Fault::new(
            Class::InvalidUUID,
            format!("Expected a UUID for node_uuid, but received {value}."),
        ));
    }
    let before = &access.object.volume;
    let old_node = access.object.node()?;
    let node = match patch.values("node_uuid").next().and_then(Value::as_str) {
        None => old_node.clone(),
        Some(wanted) => {
            parent::linked(&access, old_node.owner.as_deref(), wanted, "node_uuid").await?
        }
    };
    let original = document::<K>(&K::view(before, Some(old_node.uuid.as_str())));
    let mut patched = patch.apply(original.clone())?;
    patched.insert("node_uuid".to_owned(), node.uuid.as_str().into());
    let patched = validate::patched::<K>(patched)?;
    let mut after = before.clone();
    let mut changes = validate::store_changes::<K>(&original, &patched, &mut after);
    if K::node_id(before) != Some(node.id) {
        K::set_node(&mut after, node.id);
        changes.push("node_id");
    }
    let told_beside = [("node_uuid", Some(node.uuid.as_str()))];
    let told = call.tell(Action::Update, &after, &told_beside);
    let stored = K::store(&access, &node, after, changes).await?;
    told.end(&stored, &told_beside);
    beside::answer::<K, _>(&access, &stored, &Selection::all(call.version)).await
}
