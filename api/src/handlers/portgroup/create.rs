//! `POST /v1/portgroups`

use schemas_model::{Object, Portgroup, Uuid};
use schemas_rest::types::portgroup::{PortgroupResource, gate};
use schemas_rest::validate::{self, client_error};
use schemas_rest::{Selection, ident};
use serde_json::Value;

use super::beside;
use crate::handlers::{Answered, malformed_uri, mentioned};
use crate::notify::Action;
use crate::request::Call;

/// Creates a port group; no conductor is asked.
pub async fn create(call: &Call) -> Answered {
    let members = validate::create::<PortgroupResource>(call.document.clone())?;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let wanted = text("node_uuid").unwrap_or_default();
    let access = call
        .authorise_parent(call.operation.rule, wanted, mentioned)
        .await?;
    if call.is_below_another() {
        return Err(malformed_uri());
    }
    gate(&members, call.version)?;
    if let Some(name) = text("name")
        && !name.is_empty()
        && !ident::is_logical_name_at(name, call.version)
    {
        return Err(client_error(format!(
            "Cannot create portgroup with invalid name '{name}'"
        )));
    }

    let uuid = match text("uuid") {
        Some(uuid) => Uuid::from_stored(uuid.to_owned()),
        None => Uuid::random(),
    };
    let mut portgroup = blank(uuid);
    validate::store::<PortgroupResource>(&members, &mut portgroup);
    portgroup.node_id = Some(access.object.id);
    if portgroup.mode.as_deref().is_none_or(str::is_empty) {
        portgroup.mode = Some(call.config().default.default_portgroup_mode.clone());
    }
    let told_beside = [("node_uuid", Some(access.object.uuid.as_str()))];
    let told = call.tell(Action::Create, &portgroup, &told_beside);
    let created = access.db().portgroup_insert(&portgroup).await?;
    told.end(&created, &told_beside);
    let answer = beside::answer(&access, &created, &Selection::all(call.version)).await?;
    Ok(answer.at(call.location(format_args!("portgroups/{}", created.uuid))))
}

/// A port group that is about to be created.
fn blank(uuid: Uuid) -> Portgroup {
    Portgroup {
        id: schemas_model::ids::PortgroupId(0),
        uuid,
        name: None,
        node_id: None,
        address: None,
        mode: None,
        standalone_ports_supported: true,
        properties: Object::default(),
        extra: Object::default(),
        internal_info: Object::default(),
        physical_network: None,
        category: None,
        dynamic_portgroup: false,
        created_at: None,
        updated_at: None,
    }
}
