//! Creating, changing, deleting and validating nodes.

use std::sync::Arc;

use drivers_interface::Task;
use schemas_db::DbError;
use schemas_model::interface::InterfaceKind;
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Node, Uuid};
use schemas_rpc::methods::{CreateNode, DestroyNode, UpdateNode, ValidateDriverInterfaces};
use schemas_rpc::{NodeRef, RequestContext, Versioned};
use serde_json::{Map, Value, json};

use super::changes::overlay;
use crate::core::Core;
use crate::flow::console;
use crate::image_type;
use crate::notify::Action;
use crate::step;
use crate::task::{NodeHold, NodeTask};

/// States in which a node's make-up may be changed.
const ALLOWED: [State; 5] = [
    State::Enroll,
    State::Inspecting,
    State::InspectWait,
    State::Manageable,
    State::Available,
];

fn allowed_list() -> String {
    ALLOWED.map(State::as_str).join(", ")
}

pub async fn create_node(
    core: &Arc<Core>,
    _: &Arc<RequestContext>,
    request: CreateNode,
) -> Result<Box<Versioned<Node>>, Fault> {
    let mut node = request.node_obj.object;
    if node.uuid.as_str().is_empty() {
        node.uuid = Uuid::random();
    }
    core.registry.fill_defaults(&mut node)?;
    check_properties(&node)?;
    let node = core.database.node_insert(&node).await?;
    tracing::info!(node.uuid = %node.uuid, driver = node.driver, "node created");
    Ok(Box::new(Versioned::from(node)))
}

pub async fn update_node(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: UpdateNode,
) -> Result<Box<Versioned<Node>>, Fault> {
    let UpdateNode {
        mut node_obj,
        reset_interfaces,
    } = request;
    let mut changed: Vec<&'static str> = node_obj.changed_fields().collect();
    let node = &mut node_obj.object;
    check_protected(node, &mut changed)?;
    check_retired(node, &mut changed)?;
    if changed.contains(&"maintenance") && !node.maintenance {
        node.maintenance_reason = None;
        node.fault = None;
        changed.extend(["maintenance_reason", "fault"]);
    }
    let reset = reset_interfaces.unwrap_or_default();
    settle_interfaces(core, node, &mut changed, reset)?;

    let reference = NodeRef::from(&node.uuid);
    let mut hold = core.hold(context, &reference).await?;
    if let Err(fault) = change(core, &mut hold, &node_obj, &changed).await {
        hold.release().await;
        return Err(fault);
    }
    let hold = console::follow(hold, &changed).await?;
    // Answered as while the lock is held: whoever patches sees the reservation (Ironic 39.0.0, observed).
    let node = hold.save_and_release().await?;
    Ok(Box::new(Versioned::from(node)))
}

fn check_protected(node: &mut Node, changed: &mut Vec<&'static str>) -> Result<(), Fault> {
    if changed.contains(&"protected") {
        if !node.protected {
            node.protected_reason = None;
            changed.push("protected_reason");
        } else if !matches!(node.provision_state, State::Active | State::Rescue) {
            return Err(invalid_state(format!(
                "Node {} can only be made protected in provision states 'active' or 'rescue', the \
                 current state is '{}'",
                node.uuid, node.provision_state
            )));
        }
    }
    let reason = node.protected_reason.as_deref().unwrap_or_default();
    if changed.contains(&"protected_reason") && !reason.is_empty() && !node.protected {
        return Err(Fault::invalid_parameter(
            "The protected_reason field can only be set when protected is True",
        ));
    }
    Ok(())
}

fn check_retired(node: &mut Node, changed: &mut Vec<&'static str>) -> Result<(), Fault> {
    if changed.contains(&"retired") {
        if !node.is_retired() {
            node.retired_reason = None;
            changed.push("retired_reason");
        } else if node.provision_state == State::Available {
            return Err(invalid_state(format!(
                "Node {} can not have 'retired' set in provision state 'available'",
                node.uuid
            )));
        }
    }
    let reason = node.retired_reason.as_deref().unwrap_or_default();
    if changed.contains(&"retired_reason") && !reason.is_empty() && !node.is_retired() {
        return Err(Fault::invalid_parameter(
            "The retired_reason field can only be set when retired is True",
        ));
    }
    Ok(())
}

/// Checks changed interfaces, and chooses new ones when the driver changes.
fn settle_interfaces(
    core: &Core,
    node: &mut Node,
    changed: &mut Vec<&'static str>,
    reset: bool,
) -> Result<(), Fault> {
    let new_driver = changed.contains(&"driver");
    let mut check = new_driver;
    for kind in InterfaceKind::ALL {
        if changed.contains(&kind.field()) {
            if !ALLOWED.contains(&node.provision_state) && !node.maintenance {
                return Err(invalid_state(format!(
                    "Node {} can not have {} updated unless it is in one of allowed ({}) states or in \
                     maintenance mode. Current state is '{}'.",
                    node.uuid,
                    kind.field(),
                    allowed_list(),
                    node.provision_state
                )));
            }
            check = true;
        } else if new_driver && reset {
            node.interfaces.set(*kind, None);
        }
    }
    let before = changed.len();
    if check {
        core.registry.fill_defaults(node)?;
        for kind in InterfaceKind::ALL {
            if !changed[..before].contains(&kind.field()) {
                changed.push(kind.field());
            }
        }
    }
    if changed[..before].contains(&"deploy_interface") || (new_driver && reset) {
        node.driver_internal_info.unset("original_deploy_interface");
        changed.push("driver_internal_info");
    }
    Ok(())
}

async fn change(
    core: &Core,
    hold: &mut NodeHold,
    given: &Versioned<Node>,
    changed: &[&str],
) -> Result<(), Fault> {
    let (current, wanted) = (hold.node().clone(), &given.object);
    let settled = ALLOWED.contains(&current.provision_state);
    if changed.contains(&"instance_uuid")
        && let (Some(_), Some(instance)) = (&wanted.instance_uuid, &current.instance_uuid)
    {
        return Err(Fault::new(
            Class::NodeAssociated,
            format!(
                "Node {} is associated with instance {instance}.",
                current.uuid
            ),
        ));
    }
    if changed.contains(&"resource_class") && current.resource_class.is_some() && !settled {
        return Err(invalid_state(format!(
            "Node {} can not have resource_class updated unless it is in one of allowed ({}) states. \
             Current state is '{}'.",
            current.uuid,
            allowed_list(),
            current.provision_state
        )));
    }
    if changed.contains(&"instance_uuid")
        && wanted.instance_uuid.is_none()
        && let Some(allocation) = current.allocation_id
    {
        if !current.maintenance && !settled {
            return Err(invalid_state(format!(
                "Node {} with an allocation can not have instance_uuid removed unless it is in one \
                     of allowed ({}) states or in maintenance mode. Current state is '{}'.",
                current.uuid,
                allowed_list(),
                current.provision_state
            )));
        }
        match core.database.allocation_destroy(allocation).await {
            Ok(()) | Err(DbError::NotFound { .. }) => hold.refresh().await?,
            Err(error) => return Err(error.into()),
        }
    }
    let next = overlay(hold.node().clone(), given, changed)?;
    if changed.contains(&"properties") {
        check_properties(&next)?;
    }
    *hold.node_mut() = next;
    Ok(())
}

/// Sizes are whole numbers, possibly written as text (Ironic 39.0.0, observed).
fn check_properties(node: &Node) -> Result<(), Fault> {
    let is_size = |value: &Value| match value {
        Value::Null => true,
        Value::Bool(_) => true,
        Value::Number(number) => number.as_f64().is_some_and(|size| size >= 0.0),
        Value::String(text) => text.trim().parse::<u64>().is_ok(),
        Value::Array(_) | Value::Object(_) => false,
    };
    let wrong: Vec<String> = ["local_gb", "memory_mb"]
        .into_iter()
        .filter_map(|name| Some((name, node.properties.member(name)?)))
        .filter(|(_, value)| !is_size(value))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Fault::invalid_parameter(format!(
        "The following properties for node {} should be non-negative integers, but provided values are: {}",
        node.uuid,
        wrong.join(", ")
    )))
}

fn invalid_state(message: String) -> Fault {
    Fault::new(Class::InvalidState, message)
}

pub async fn destroy_node(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: DestroyNode,
) -> Result<(), Fault> {
    let hold = core.hold(context, &request.node_id).await?;
    if let Err(fault) = may_destroy(core, hold.node()) {
        hold.release().await;
        return Err(fault);
    }
    let hold = if hold.node().console_enabled {
        let mut task = NodeTask::equip(hold).await?;
        if let Err(fault) = console::stop(&mut task, Action::ConsoleSet).await {
            tracing::error!(node.uuid = %task.node().uuid, error = %fault, "the console of a deleted node is not stopped");
        }
        task.into_hold()
    } else {
        hold
    };
    match core.database.node_destroy(hold.node().id).await {
        Ok(()) => {
            tracing::info!(node.uuid = %hold.node().uuid, "node deleted");
            hold.node_is_gone();
            Ok(())
        }
        Err(error) => {
            hold.release().await;
            Err(error.into())
        }
    }
}

fn may_destroy(core: &Core, node: &Node) -> Result<(), Fault> {
    if let Some(instance) = node.instance_uuid.as_deref().filter(|_| !node.maintenance) {
        return Err(Fault::new(
            Class::NodeAssociated,
            format!("Node {} is associated with instance {instance}.", node.uuid),
        ));
    }
    if node.protected {
        return Err(protected(node));
    }
    let state = node.provision_state;
    let allowed = state.delete_allowed()
        || (state == State::Available && core.config.conductor.allow_deleting_available_nodes);
    if !node.maintenance && !allowed {
        return Err(invalid_state(format!(
            "Can not delete node \"{}\" while it is in provision state \"{state}\"; bring it to one of \
             {}, or set it into maintenance mode",
            node.uuid,
            State::ALL
                .iter()
                .filter(|state| state.delete_allowed())
                .map(|state| state.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        )));
    }
    Ok(())
}

/// A node that is protected from deletion and rebuild.
pub fn protected(node: &Node) -> Fault {
    Fault::new(
        Class::NodeProtected,
        format!(
            "Node {} is protected and cannot be undeployed, rebuilt or deleted",
            node.uuid
        ),
    )
}

pub async fn validate_driver_interfaces(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: ValidateDriverInterfaces,
) -> Result<Map<String, Value>, Fault> {
    let mut task = core.shared(context, &request.node_id).await?;
    image_type::update(task.node_mut());
    let interfaces = task.interfaces().clone();
    let mut results = Map::new();
    for kind in InterfaceKind::ALL {
        if *kind == InterfaceKind::Vendor {
            continue;
        }
        let mut valid = interfaces.get(*kind).validate(&task).await;
        if *kind == InterfaceKind::Deploy && valid.is_ok() {
            valid = validate_deploy(&mut task).await;
        }
        let result = match valid {
            Ok(()) => json!({"result": true}),
            Err(fault)
                if fault.is_a(Class::InvalidParameterValue)
                    || fault.is_a(Class::UnsupportedDriverExtension) =>
            {
                json!({"result": false, "reason": fault.message})
            }
            Err(fault) => {
                tracing::error!(node.uuid = %task.node().uuid, interface = %kind, error = %fault, "an interface cannot be validated");
                let reason = format!(
                    "Unexpected exception, traceback saved into log by ironic conductor service that \
                     is running on {}: {fault}",
                    core.host
                );
                json!({"result": false, "reason": reason})
            }
        };
        results.insert(kind.as_str().to_owned(), result);
    }
    Ok(results)
}

async fn validate_deploy(task: &mut NodeTask) -> Result<(), Fault> {
    validate_instance_traits(task.node())?;
    step::validate_deploy_requests(task, None, true).await
}

/// Traits an instance asks for must be traits of its node.
///
/// # Errors
/// `InvalidParameterValue`.
pub fn validate_instance_traits(node: &Node) -> Result<(), Fault> {
    let wanted = match node.instance_info.member("traits") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Array(traits)) if traits.iter().all(Value::is_string) => traits,
        Some(Value::Array(traits)) if traits.is_empty() => return Ok(()),
        Some(Value::String(text)) if text.is_empty() => return Ok(()),
        Some(_) => {
            return Err(Fault::invalid_parameter(format!(
                "Error parsing traits from Node {} instance_info field. A list of strings is expected.",
                node.uuid
            )));
        }
    };
    let missing: Vec<_> = wanted
        .iter()
        .filter_map(Value::as_str)
        .filter(|wanted| !node.traits.iter().any(|own| own == wanted))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Fault::invalid_parameter(format!(
            "Cannot specify instance traits that are not also set on the node. Node {} is missing \
             traits {}",
            node.uuid,
            missing.join(", ")
        )))
    }
}
