//! `PUT /v1/nodes/{node}/states/provision`
//!
//! Order of checks, as Ironic's: the verb's version, the steps' policies, maintenance, the state
//! machine, then what accompanies the verb; the conductor checks the rest under its lock.

use schemas_model::provision::{Verb, table};
use schemas_model::secret::Secret;
use schemas_model::{Class, Fault, Node};
use schemas_rest::mask::is_truthy;
use schemas_rest::validate::client_error;
use schemas_rest::{configdrive, verbs};
use schemas_rpc::methods::{
    DoNodeClean, DoNodeDeploy, DoNodeRescue, DoNodeService, DoNodeTearDown, DoNodeUnrescue,
    DoProvisioningAction, InspectHardware,
};
use schemas_rpc::{Destination, NodeRef};
use serde_json::Value;

use super::runbook;
use super::steps::{self, Purpose};
use crate::handlers::Answered;
use crate::request::{Access, Call};

/// What accompanies a verb.
#[derive(Debug, Default)]
pub struct Wish {
    /// Steps of manual cleaning.
    pub clean_steps: Value,
    /// Steps of servicing.
    pub service_steps: Value,
    /// Steps of a deployment.
    pub deploy_steps: Value,
    /// Whether cleaning or servicing goes without a ramdisk.
    pub disable_ramdisk: Option<bool>,
}

/// Asks for a change of the provision state; the conductor goes on in the background.
pub async fn set(call: &Call) -> Answered {
    let target = call.args.text("target").unwrap_or_default();
    let (configdrive, mut wish) = read(call)?;
    let runbook = text_or_null(call, "runbook")?;
    let access = call.authorise_node().await?;
    let node = &access.object;
    verbs::check_known(target, call.version)?;
    if runbook.is_none() {
        check_step_rules(&access, &wish)?;
    }
    let verb = check_verb(node, target)?;
    configdrive::check(verb, &configdrive, call.version)?;
    if let Some(name) = &runbook {
        runbook::expand(&access, verb, name, &mut wish).await?;
    }
    if wish.disable_ramdisk.is_some() {
        verbs::check_disable_ramdisk(verb, call.version)?;
    }
    let only_for = |what: &str, verbs: &str| {
        client_error(format!(
            "\"{what}\" is only valid when setting target provision state to {verbs}"
        ))
    };
    if is_truthy(&wish.clean_steps) && verb != Verb::Clean {
        return Err(only_for("clean_steps", "clean"));
    }
    if is_truthy(&wish.deploy_steps) {
        verbs::check_deploy_steps(verb, call.version)?;
    }
    if call.args.text("rescue_password").is_some() && verb != Verb::Rescue {
        return Err(only_for("rescue_password", "rescue"));
    }
    if !matches!(verb, Verb::Service) {
        verbs::check_late(verb, node.provision_state, call.version)?;
    }
    if is_truthy(&wish.service_steps) && verb != Verb::Service {
        return Err(only_for("service_steps", "service"));
    }
    verbs::check_late(verb, node.provision_state, call.version)?;
    let to = access.ring().destination(node).await?;
    send(&access, &to, verb, configdrive, wish).await?;
    let place = call.location(format_args!("nodes/{}/states", call.path("node")));
    Ok(call.done().at(place))
}

fn read(call: &Call) -> Result<(Value, Wish), Fault> {
    let json = |name: &str| call.args.json(name).cloned().unwrap_or_default();
    let list = |name: &str| match json(name) {
        value @ (Value::Null | Value::Array(_)) => Ok(value),
        other => Err(Fault::invalid_parameter(format!(
            "Expected a list for {name}: {other}"
        ))),
    };
    let configdrive = json("configdrive");
    configdrive::check_type(&configdrive)?;
    let wish = Wish {
        clean_steps: list("clean_steps")?,
        service_steps: list("service_steps")?,
        deploy_steps: list("deploy_steps")?,
        disable_ramdisk: call.args.boolean("disable_ramdisk"),
    };
    Ok((configdrive, wish))
}

fn text_or_null(call: &Call, name: &str) -> Result<Option<String>, Fault> {
    match call.args.json(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some(other) => Err(Fault::invalid_parameter(format!(
            "Expected text for {name}: {other}"
        ))),
    }
}

/// Steps stand under rules of their own.
fn check_step_rules(access: &Access<'_, Node>, wish: &Wish) -> Result<(), Fault> {
    let node = &access.object;
    if is_truthy(&wish.clean_steps) {
        access.require_of("baremetal:node:set_provision_state:clean_steps", node)?;
    }
    if is_truthy(&wish.service_steps) {
        access.require_of("baremetal:node:set_provision_state:service_steps", node)?;
    }
    Ok(())
}

/// Whether the node may be asked that now.
fn check_verb(node: &Node, target: &str) -> Result<Verb, Fault> {
    if matches!(target, "active" | "rebuild") && node.maintenance {
        return Err(Fault::new(
            Class::NodeInMaintenance,
            format!(
                "The provisioning operation can't be performed on node {} because it's in \
                 maintenance mode.",
                node.uuid
            ),
        ));
    }
    let verb: Option<Verb> = target.parse().ok();
    match verb.filter(|verb| table::next(node.provision_state, verb.event()).is_some()) {
        Some(verb) => Ok(verb),
        None => match &node.reservation {
            Some(host) => Err(Fault::node_locked(format!(
                "Node {} is locked by host {host}, please retry after the current operation is \
                 completed.",
                node.uuid
            ))),
            None => Err(Fault::invalid_state_requested(format!(
                "The requested action \"{target}\" can not be performed on node \"{}\" while it \
                 is in state \"{}\".",
                node.uuid, node.provision_state
            ))),
        },
    }
}

async fn send(
    access: &Access<'_, Node>,
    to: &Destination,
    verb: Verb,
    configdrive: Value,
    wish: Wish,
) -> Result<(), Fault> {
    let call = access.call();
    let node_id = NodeRef::from(&access.object.uuid);
    match verb {
        Verb::Active | Verb::Deploy | Verb::Rebuild => {
            if is_truthy(&wish.deploy_steps) {
                steps::check(call, Purpose::Deploy, &wish.deploy_steps).await?;
            }
            let request = DoNodeDeploy {
                node_id,
                rebuild: verb == Verb::Rebuild,
                configdrive,
                deploy_steps: some_steps(wish.deploy_steps),
            };
            access.send(to, request).await
        }
        Verb::Deleted | Verb::Undeploy => access.send(to, DoNodeTearDown { node_id }).await,
        Verb::Unrescue => access.send(to, DoNodeUnrescue { node_id }).await,
        Verb::Inspect => access.send(to, InspectHardware { node_id }).await,
        Verb::Rescue => {
            let password = call.args.text("rescue_password").unwrap_or_default();
            if password.trim().is_empty() {
                return Err(needed("A non-empty \"rescue_password\"", "rescue"));
            }
            let request = DoNodeRescue {
                node_id,
                rescue_password: Secret::from(password.to_owned()),
            };
            access.send(to, request).await
        }
        Verb::Clean => {
            if !is_truthy(&wish.clean_steps) {
                return Err(needed("\"clean_steps\"", "clean"));
            }
            steps::check(call, Purpose::Clean, &wish.clean_steps).await?;
            let request = DoNodeClean {
                node_id,
                clean_steps: some_steps(wish.clean_steps).unwrap_or_default(),
                disable_ramdisk: wish.disable_ramdisk,
            };
            access.send(to, request).await
        }
        Verb::Service => {
            if !is_truthy(&wish.service_steps) {
                return Err(needed("\"service_steps\"", "service"));
            }
            steps::check(call, Purpose::Service, &wish.service_steps).await?;
            let request = DoNodeService {
                node_id,
                service_steps: some_steps(wish.service_steps).unwrap_or_default(),
                disable_ramdisk: wish.disable_ramdisk,
            };
            access.send(to, request).await
        }
        Verb::Manage | Verb::Provide | Verb::Abort | Verb::Adopt | Verb::Unhold => {
            let request = DoProvisioningAction {
                node_id,
                action: verb,
            };
            access.send(to, request).await
        }
    }
}

fn some_steps(steps: Value) -> Option<Vec<Value>> {
    match steps {
        Value::Array(steps) if !steps.is_empty() => Some(steps),
        _ => None,
    }
}

fn needed(what: &str, verb: &str) -> Fault {
    client_error(format!(
        "{what} is required when setting target provision state to {verb}"
    ))
}
