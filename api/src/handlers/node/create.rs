//! `POST /v1/nodes`

use schemas_model::provision::State;
use schemas_model::{Class, Fault, Node, Uuid};
use schemas_rest::types::node::NodeResource;
use schemas_rest::validate::{self, Members};
use schemas_rest::{Feature, Selection};
use schemas_rpc::Versioned;
use schemas_rpc::methods::CreateNode;
use serde_json::Value;

use super::{beside, parent};
use crate::handlers::{Answered, mentioned, no_host_is_400};
use crate::notify::Action;
use crate::request::{Access, Call};

/// Creates a node: checks it here, has its conductor create it.
pub async fn create(call: &Call) -> Answered {
    check_properties(&call.document)?;
    let members = validate::create::<NodeResource>(call.document.clone())?;
    check_boot_modes(call, &members)?;
    let own_rule = "baremetal:node:create:self_owned_node";
    let own = call.config().api.project_admin_can_manage_own_nodes
        && call.authorise_rule(own_rule).is_ok();
    let access = call.authorise_rule(if own { own_rule } else { call.operation.rule })?;
    validate::gate::<NodeResource>(&members, call.version)?;

    let node = build(&access, &members, own).await?;
    let to = access
        .ring()
        .destination(&node)
        .await
        .map_err(no_host_is_400)?;
    let given = given_fields(&members);
    let node = Versioned::partial(node, given);
    let told_beside = [(
        "chassis_uuid",
        members.get("chassis_uuid").and_then(Value::as_str),
    )];
    let told = call.tell(Action::Create, &node, &told_beside);
    let request = CreateNode {
        node_obj: Box::new(node),
    };
    let created = access.send(&to, request).await?.object;
    told.end(&created, &told_beside);
    let answer = beside::answer(&access, &created, &Selection::all(call.version)).await?;
    Ok(answer.at(call.location(format_args!("nodes/{}", created.uuid))))
}

/// Null properties crash the reference; here they are a wrong type.
fn check_properties(document: &Value) -> Result<(), Fault> {
    let Some(properties) = document.get("properties") else {
        return Ok(());
    };
    match properties.get("capabilities") {
        _ if properties.is_null() => Err(wrong("properties")),
        Some(Value::Null | Value::String(_)) | None => Ok(()),
        Some(_) => Ok(()),
    }
}

fn wrong(name: &str) -> Fault {
    Fault::invalid_parameter(format!("Schema error for node: {name} cannot be null"))
}

/// `[api]disallowed_enrollment_boot_modes`
fn check_boot_modes(call: &Call, members: &Members) -> Result<(), Fault> {
    let capabilities = members
        .get("properties")
        .and_then(|properties| properties.get("capabilities"));
    boot_modes_allowed(call, capabilities)
}

/// Checks the boot modes that a text of capabilities names.
///
/// # Errors
/// `BootModeNotAllowed` (400).
pub fn boot_modes_allowed(call: &Call, capabilities: Option<&Value>) -> Result<(), Fault> {
    let refused = &call.config().api.disallowed_enrollment_boot_modes;
    let Some(text) = capabilities.and_then(Value::as_str) else {
        return Ok(());
    };
    let lower = text.to_lowercase();
    for item in lower.split(',') {
        let Some((key, value)) = item.split_once(':') else {
            continue;
        };
        if key.trim() == "boot_mode" && refused.iter().any(|mode| mode.to_string() == value.trim())
        {
            return Err(Fault::new(
                Class::BootModeNotAllowed,
                format!("{} boot mode is not allowed for enrollment.", value.trim()),
            ));
        }
    }
    Ok(())
}

async fn build(access: &Access<'_>, members: &Members, own: bool) -> Result<Node, Fault> {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let uuid = match text("uuid").filter(|uuid| !uuid.is_empty()) {
        Some(uuid) => Uuid::from_stored(uuid.to_owned()),
        None => Uuid::random(),
    };
    for name in ["maintenance", "console_enabled"] {
        if members.get(name).is_some_and(Value::is_null) {
            return Err(wrong(name));
        }
    }
    let mut node = Node::new(uuid, "");
    validate::store::<NodeResource>(members, &mut node);
    let default = &access.config().default;
    if node.conductor_group.is_empty() {
        node.conductor_group = default.default_conductor_group.clone().to_lowercase();
    }
    if let Some(name) = text("name") {
        super::update::check_name(access, name)?;
    }
    node.provision_state = if access.allows(Feature::EnrollState) {
        State::Enroll
    } else {
        State::Available
    };
    if node.resource_class.is_none() {
        node.resource_class = default.default_resource_class.clone();
    }
    if own && access.context.system_scope.as_deref() != Some("all") {
        let project = access.context.project_id.clone();
        if node.owner.as_ref().is_some_and(|owner| !owner.is_empty()) && node.owner != project {
            return Err(Fault::invalid(
                "Cannot create a node as a project scoped admin with an owner other than your \
                 own project.",
            ));
        }
        node.owner = project;
    }
    if let Some(chassis) = text("chassis_uuid").filter(|uuid| !uuid.is_empty()) {
        let uuid = Uuid::from_stored(chassis.to_owned());
        let chassis = access.db().chassis_by_uuid(&uuid).await;
        node.chassis_id = Some(chassis.map_err(Fault::from).map_err(mentioned)?.id);
    }
    if let Some(wanted) = node.parent_node.clone().filter(|wanted| !wanted.is_empty()) {
        let found = parent::authorised(access, node.owner.as_deref(), &wanted).await?;
        node.parent_node = Some(found.uuid.as_str().to_owned());
    }
    Ok(node)
}

/// The object fields a create request carries.
fn given_fields(members: &Members) -> Vec<&str> {
    let mut given: Vec<&str> = members
        .keys()
        .map(String::as_str)
        .filter(|name| *name != "chassis_uuid")
        .collect();
    given.extend([
        "uuid",
        "conductor_group",
        "provision_state",
        "resource_class",
        "owner",
        "chassis_id",
    ]);
    given
}
