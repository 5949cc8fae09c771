//! New volume connectors and targets.

use schemas_model::{Class, Fault, Uuid};
use schemas_rest::out::Visibility;
use schemas_rest::{Selection, validate};
use serde_json::Value;

use super::beside;
use super::kind::Kind;
use crate::handlers::{Answered, malformed_uri};
use crate::notify::Action;
use crate::request::Call;

/// Creates one; no conductor is asked.
pub async fn create<K: Kind>(call: &Call) -> Answered {
    let members = validate::create::<K>(call.document.clone())?;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let wanted = text("node_uuid").unwrap_or_default();
    let access = call
        .authorise_parent(call.operation.rule, wanted, |fault| {
            no_such_node(fault, wanted)
        })
        .await?;
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    let uuid = match text("uuid") {
        Some(uuid) => Uuid::from_stored(uuid.to_owned()),
        None => Uuid::random(),
    };
    let mut volume = K::blank(uuid);
    validate::store::<K>(&members, &mut volume);
    K::set_node(&mut volume, access.object.id);
    let told_beside = [("node_uuid", Some(access.object.uuid.as_str()))];
    let told = call.tell(Action::Create, &volume, &told_beside);
    let created = K::insert(access.db(), &volume).await?;
    told.end(&created, &told_beside);
    // Who made it sees what it was made with.
    let visible = Visibility::PLAIN;
    let selection = Selection::all(call.version);
    let answer = beside::shown::<K, _>(&access, &created, &selection, visible).await?;
    let uuid = K::uuid(&created);
    Ok(answer.at(call.location(format_args!("{}/{uuid}", K::PATH))))
}

/// `InvalidInput` (400) instead of 404.
fn no_such_node(fault: Fault, wanted: &str) -> Fault {
    if fault.is_a(Class::NotFound) {
        Fault::new(
            Class::InvalidInput,
            format!("Invalid input for field/attribute node_uuid. Value: '{wanted}'."),
        )
        .with_code(400)
    } else {
        fault
    }
}
