//! `PATCH /v1/nodes/{node}`

use schemas_model::interface::InterfaceKind;
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Node};
use schemas_rest::params::not_acceptable;
use schemas_rest::patch::{Action, Patch};
use schemas_rest::types::document;
use schemas_rest::types::node::{DESCRIPTION_LIMIT, NodeResource, NodeView};
use schemas_rest::validate::{self, Members, client_error};
use schemas_rest::{Feature, Selection, ident, schema};
use schemas_rpc::Versioned;
use schemas_rpc::methods::UpdateNode;
use serde_json::Value;

use super::{beside, create, parent};
use crate::handlers::{Answered, mentioned, no_host_is_400};
use crate::notify;
use crate::request::{Access, Call};

/// Changes a node: checks the change here, has its conductor store it.
pub async fn update(call: &Call) -> Answered {
    call.args.gate(call.version)?;
    let patch = Patch::parse(&call.document)?;
    check_patch(call, &patch)?;
    let rules = rules(&patch)?;
    let access = call.authorise_node_for(rules[0], call.path("node")).await?;
    for rule in &rules[1..] {
        access.require_of(rule, &access.object)?;
    }
    let before = &access.object;
    let mut parent = None;
    if let Some(wanted) = patch.values("parent_node").next() {
        let wanted = wanted.as_str().unwrap_or_default();
        parent = Some(parent::authorised(&access, before.owner.as_deref(), wanted).await?);
    }
    check_state(&access, &patch).await?;
    for name in patch.values("name") {
        check_name(&access, name.as_str().unwrap_or_default())?;
    }

    let chassis_uuid = beside::chassis_uuid(&access, before).await?;
    let view = NodeView {
        node: before,
        chassis_uuid: chassis_uuid.as_ref().map(|uuid| uuid.as_str()),
        allocation_uuid: None,
        conductor: None,
    };
    let original = document::<NodeResource>(&view);
    let mut patched = patch.apply(original.clone())?;
    if let Some(parent) = parent {
        patched.insert("parent_node".to_owned(), parent.uuid.as_str().into());
    }
    check_crashes(&original, &patched)?;
    let patched = validate::patched::<NodeResource>(patched)?;
    let (after, changes) = apply(&access, &original, &patched).await?;

    let to = access
        .ring()
        .destination(&after)
        .await
        .map_err(no_host_is_400)?;
    if after.driver != before.driver && before.console_enabled {
        return Err(conflict(format!(
            "Node {} can not update the driver while the console is enabled. Please stop the \
             console first.",
            call.path("node")
        )));
    }
    let told_beside = [(
        "chassis_uuid",
        patched.get("chassis_uuid").and_then(Value::as_str),
    )];
    let told = call.tell(notify::Action::Update, &after, &told_beside);
    let request = UpdateNode {
        node_obj: Box::new(Versioned::changed(after, changes)),
        reset_interfaces: call.args.boolean("reset_interfaces"),
    };
    let stored = access.send(&to, request).await?.object;
    told.end(&stored, &told_beside);
    beside::answer(&access, &stored, &Selection::all(call.version)).await
}

/// What can be said against a patch without looking at the node.
fn check_patch(call: &Call, patch: &Patch) -> Result<(), Fault> {
    for capabilities in patch.values_at("/properties/capabilities") {
        create::boot_modes_allowed(call, Some(capabilities))?;
    }
    patch.check_fields::<NodeResource>()?;
    patch.gate::<NodeResource>(call.version)?;
    if call.args.boolean("reset_interfaces") == Some(true)
        && patch.values("driver").next().is_none()
    {
        return Err(Fault::invalid(
            "The reset_interfaces parameter can only be used when changing the node's driver.",
        ));
    }
    for description in patch.values("description") {
        let length = description.as_str().map_or(0, |text| text.chars().count());
        if length > DESCRIPTION_LIMIT {
            return Err(Fault::invalid(format!(
                "Cannot update node with description exceeding {DESCRIPTION_LIMIT} characters"
            )));
        }
    }
    for data in patch.values("network_data") {
        if !data.is_object() {
            return Err(Fault::invalid("Invalid network_data: it is no object"));
        }
        schema::network_data_in_full(data)?;
    }
    Ok(())
}

/// Which rule each field of a node stands under, by the beginning of its path.
const RULES: &[(&str, &str)] = &[
    ("/instance_info", "baremetal:node:update_instance_info"),
    ("/extra", "baremetal:node:update_extra"),
    ("/driver_info", "baremetal:node:update:driver_info"),
    ("/properties", "baremetal:node:update:properties"),
    ("/chassis_uuid", "baremetal:node:update:chassis_uuid"),
    ("/instance_uuid", "baremetal:node:update:instance_uuid"),
    ("/instance_name", "baremetal:node:update_instance_info"),
    ("/lessee", "baremetal:node:update:lessee"),
    ("/owner", "baremetal:node:update:owner"),
    ("/driver", "baremetal:node:update:driver_interfaces"),
    ("/network_data", "baremetal:node:update:network_data"),
    ("/conductor_group", "baremetal:node:update:conductor_group"),
    ("/name", "baremetal:node:update:name"),
    ("/retired", "baremetal:node:update:retired"),
    ("/shard", "baremetal:node:update:shard"),
    ("/parent_node", "baremetal:node:update:parent_node"),
    (
        "/disable_power_off",
        "baremetal:node:update:disable_power_off",
    ),
];

/// The rules a patch must pass; at least one.
fn rules(patch: &Patch) -> Result<Vec<&'static str>, Fault> {
    let mut rules = Vec::new();
    let mut general = false;
    for change in &patch.0 {
        let by_path = RULES
            .iter()
            .find(|(start, _)| change.path.starts_with(start))
            .map(|(_, rule)| *rule);
        let rule = if by_path.is_some() {
            by_path
        } else if InterfaceKind::from_field(change.field()).is_some() {
            Some("baremetal:node:update:driver_interfaces")
        } else if change.path.starts_with("/automated_clean") {
            let value = change
                .value
                .as_ref()
                .ok_or_else(|| no_value(&change.path))?;
            (schemas_rest::params::boolean(value) == Some(false))
                .then_some("baremetal:node:disable_cleaning")
        } else {
            None
        };
        match rule {
            Some(rule) => rules.push(rule),
            None => general = true,
        }
    }
    if general || rules.is_empty() {
        rules.push("baremetal:node:update");
    }
    Ok(rules)
}

fn no_value(path: &str) -> Fault {
    Fault::new(
        Class::PatchError,
        format!("Couldn't apply patch at '{path}'. Reason: the operation has no value"),
    )
}

/// Whether the node may be changed in the state it is in.
async fn check_state(access: &Access<'_, Node>, patch: &Patch) -> Result<(), Fault> {
    let node = &access.object;
    let releases_instance = match patch.0.as_slice() {
        [only] => {
            only.action == Action::Remove && only.path == "/instance_uuid" && only.value.is_none()
        }
        _ => false,
    };
    if node.maintenance && releases_instance {
        return Ok(());
    }
    if node.target_provision_state.is_some() && !node.provision_state.update_allowed() {
        return Err(conflict(format!(
            "Node {} can not be updated while a state transition is in progress.",
            access.path("node")
        )));
    }
    if node.provision_state == State::Inspecting && access.allows(Feature::InspectWait) {
        return Err(conflict(format!(
            "Cannot update node \"{}\" while it is in state \"{}\".",
            node.uuid,
            State::Inspecting
        )));
    }
    if patch.values("owner").next().is_none() {
        return Ok(());
    }
    if node.provision_state == State::Active
        && access
            .require_of("baremetal:node:update_owner_provisioned", node)
            .is_err()
    {
        return Err(conflict(format!(
            "Cannot update owner of node \"{}\" while it is in state \"{}\".",
            node.uuid,
            State::Active
        )));
    }
    if let Some(id) = node.allocation_id
        && let Ok(allocation) = access.db().allocation_by_id(id).await
        && allocation.owner.is_some()
    {
        return Err(conflict(format!(
            "Cannot update owner of node \"{}\" while it is allocated to an allocation with an \
             owner.",
            node.uuid
        )));
    }
    Ok(())
}

/// Whether a node may be called that.
///
/// # Errors
/// 406 before names existed, 400 for one that is malformed or reserved.
pub fn check_name<T>(access: &Access<'_, T>, name: &str) -> Result<(), Fault> {
    if !access.allows(Feature::NodeName) {
        return Err(not_acceptable("Request not acceptable."));
    }
    if !ident::is_node_name(name, access.version) {
        return Err(client_error(format!("Invalid node name '{name}'")));
    }
    if ident::RESERVED_NODE_NAMES.contains(&name) {
        return Err(client_error(format!(
            "The word \"{name}\" is reserved and can not be used as a node name. Reserved words \
             are: {}.",
            ident::RESERVED_NODE_NAMES.join(", ")
        )));
    }
    Ok(())
}

/// What crashes the reference: these fields cannot be taken away or null.
fn check_crashes(before: &Members, after: &Members) -> Result<(), Fault> {
    for name in ["maintenance", "conductor_group"] {
        let value = after.get(name).unwrap_or(&Value::Null);
        if value.is_null() && before.get(name).is_some_and(|old| !old.is_null()) {
            return Err(Fault::invalid_parameter(format!("{name} cannot be null")));
        }
    }
    Ok(())
}

/// The node as it is to be, and the names of the fields that change.
async fn apply(
    access: &Access<'_, Node>,
    before: &Members,
    after: &Members,
) -> Result<(Node, Vec<&'static str>), Fault> {
    let mut node = access.object.clone();
    let mut changes = validate::store_changes::<NodeResource>(before, after, &mut node);
    let wanted = after
        .get("chassis_uuid")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let had = node.chassis_id;
    node.chassis_id = if wanted.is_empty() {
        None
    } else {
        let uuid = schemas_model::Uuid::from_stored(wanted.to_owned());
        let chassis = access.db().chassis_by_uuid(&uuid).await;
        Some(chassis.map_err(Fault::from).map_err(mentioned)?.id)
    };
    if node.chassis_id != had {
        changes.push("chassis_id");
    }
    if had.is_some() && node.chassis_id.is_none() && !access.allows(Feature::UnsetChassisUuid) {
        return Err(not_acceptable("Request not acceptable."));
    }
    if changes.contains(&"instance_info")
        && node.instance_name.is_none()
        && let Some(name) = display_name(&node)?
    {
        node.instance_name = Some(name);
        changes.push("instance_name");
    }
    Ok((node, changes))
}

/// The instance's name as older clients give it. What is no name is refused, where Ironic 39.0.0 crashes.
fn display_name(node: &Node) -> Result<Option<String>, Fault> {
    match node.instance_info.member("display_name") {
        None | Some(Value::Null | Value::Bool(false)) => Ok(None),
        Some(Value::String(name)) => Ok((!name.is_empty()).then(|| name.clone())),
        Some(Value::Number(number)) => {
            Ok((number.as_f64() != Some(0.0)).then(|| number.to_string()))
        }
        Some(Value::Bool(true)) => Ok(Some("True".to_owned())),
        Some(Value::Array(items)) if items.is_empty() => Ok(None),
        Some(Value::Object(members)) if members.is_empty() => Ok(None),
        Some(_) => Err(client_error(
            "instance_info/display_name has to be text, as it names the instance.",
        )),
    }
}

fn conflict(message: String) -> Fault {
    client_error(message).with_code(409)
}
