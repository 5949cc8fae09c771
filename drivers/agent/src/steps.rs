//! Steps that an agent offers: asked for once per boot, kept with the node, run by command.
//!
//! Kept in `driver_internal_info` under Ironic's keys (`agent_cached_{kind}_steps` by interface,
//! `hardware_manager_version`), because a Python conductor may go on with the node.

use drivers_interface::{Outcome, Task};
use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Node, Object};
use serde_json::{Map, Value, json};

use crate::client::{Agent, Command};

fn failure_class(kind: StepKind) -> Class {
    match kind {
        StepKind::Clean => Class::NodeCleaningFailure,
        StepKind::Deploy => Class::InstanceDeployFailure,
        StepKind::Service => Class::NodeServicingFailure,
        StepKind::Verify => Class::NodeVerifyFailure,
    }
}

fn cache_key(kind: StepKind) -> String {
    format!("agent_cached_{kind}_steps")
}

/// The steps of a kind the agent offered, for one interface or for all, with priorities overridden by name.
pub(crate) fn cached(
    node: &Node,
    kind: StepKind,
    interface: Option<InterfaceKind>,
    priorities: &[(&str, Option<i64>)],
) -> Vec<Step> {
    let Some(Value::Object(by_interface)) = node.driver_internal_info.member(&cache_key(kind))
    else {
        return Vec::new();
    };
    by_interface
        .iter()
        .filter(|(name, _)| interface.is_none_or(|wanted| wanted.as_str() == name.as_str()))
        .filter_map(|(_, steps)| steps.as_array())
        .flatten()
        .filter_map(|step| serde_json::from_value::<Step>(step.clone()).ok())
        .map(|mut step| {
            if let Some((_, Some(priority))) =
                priorities.iter().find(|(name, _)| *name == step.step)
            {
                step.priority = Some(*priority);
            }
            step
        })
        .collect()
}

/// Asks the agent for its steps and keeps them.
///
/// # Errors
/// The agent's failure, or an answer without steps. A busy agent is no error: the next heartbeat asks again.
pub(crate) async fn refresh(task: &mut dyn Task, kind: StepKind) -> Result<(), Fault> {
    let agent = Agent::of(task)?;
    let params = json!({"node": node_for_agent(task.node()), "ports": ports_for_agent(task)});
    let answer = match agent
        .run(&format!("{kind}.get_{kind}_steps"), params, true)
        .await
    {
        Ok(answer) => answer,
        Err(busy) if busy.class == Class::AgentInProgress => return Ok(()),
        Err(fault) => return Err(fault),
    };
    let bad = |why: &str| {
        Fault::new(
            failure_class(kind),
            format!(
                "The agent of node {} {why}: {}",
                task.node().uuid,
                answer.command_result
            ),
        )
    };
    let result = answer
        .command_result
        .as_object()
        .ok_or_else(|| bad("did not answer with its steps"))?;
    let offered = result
        .get(&format!("{kind}_steps"))
        .and_then(Value::as_object)
        .ok_or_else(|| bad("answered without any steps"))?;
    let version = result
        .get("hardware_manager_version")
        .cloned()
        .ok_or_else(|| bad("answered without the version of its hardware managers"))?;
    let by_interface =
        sort_by_interface(kind, offered).ok_or_else(|| bad("offered a malformed step"))?;
    let info = &mut task.node_mut().driver_internal_info;
    info.set("hardware_manager_version", version);
    info.set(cache_key(kind), Value::Object(by_interface));
    info.set(
        format!("{}_refreshed", cache_key(kind)),
        schemas_model::time::now().to_string(),
    );
    task.save().await
}

fn sort_by_interface(kind: StepKind, offered: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut by_interface: Map<String, Value> = Map::new();
    for step in offered.values().filter_map(Value::as_array).flatten() {
        let mut step = step.as_object()?.clone();
        let interface = step.get("interface")?.as_str()?.to_owned();
        step.get("step")?.as_str()?;
        step.get("priority")?;
        if kind == StepKind::Clean {
            step.insert("requires_ramdisk".into(), Value::Bool(true));
        }
        if let Value::Array(list) = by_interface
            .entry(interface)
            .or_insert_with(|| Value::Array(Vec::new()))
        {
            list.push(Value::Object(step));
        }
    }
    Some(by_interface)
}

/// Starts a step on the agent.
///
/// # Errors
/// The agent's refusal.
pub(crate) async fn execute(
    task: &mut dyn Task,
    kind: StepKind,
    step: &Step,
) -> Result<Outcome, Fault> {
    let agent = Agent::of(task)?;
    let version = task
        .node()
        .driver_internal_info
        .member("hardware_manager_version")
        .cloned()
        .unwrap_or_else(|| json!({}));
    let mut params = Map::new();
    params.insert(
        "step".into(),
        serde_json::to_value(step).unwrap_or(Value::Null),
    );
    params.insert("node".into(), node_for_agent(task.node()));
    params.insert("ports".into(), ports_for_agent(task));
    params.insert(format!("{kind}_version"), version);
    let started = agent
        .run(
            &format!("{kind}.execute_{kind}_step"),
            Value::Object(params),
            false,
        )
        .await?;
    if started.command_status.is_empty() {
        return Err(Fault::new(
            failure_class(kind),
            format!(
                "The agent of node {} started step '{}' without saying so.",
                task.node().uuid,
                step.step
            ),
        ));
    }
    Ok(Outcome::wait(format!(
        "the agent runs the {kind} step '{}'",
        step.step
    )))
}

/// Asks whether the current step has ended; returns the ended command to those who care.
///
/// # Errors
/// The step's own failure, in the class of its flow.
pub(crate) async fn poll(
    task: &mut dyn Task,
    kind: StepKind,
    current: &Object,
) -> Result<Polled, Fault> {
    let agent = Agent::of(task)?;
    let commands = agent.commands().await?;
    let name = current.text_member("step").unwrap_or_default().to_owned();
    match judge(&commands, kind, current) {
        Judged::FreshBoot => Ok(Polled::FreshBoot),
        Judged::Running => Ok(Polled::Running),
        Judged::Ended(command) => match command.command_status.as_str() {
            "SUCCEEDED" => Ok(Polled::Succeeded(command)),
            "VERSION_MISMATCH" | "CLEAN_VERSION_MISMATCH" => Ok(Polled::VersionMismatch),
            _ => Err(Fault::new(
                failure_class(kind),
                format!(
                    "The {kind} step '{name}' failed on node {}: {}",
                    task.node().uuid,
                    command.error_text()
                ),
            )),
        },
    }
}

/// What [`poll`] found.
pub(crate) enum Polled {
    /// The agent has run nothing yet: it was (re)booted.
    FreshBoot,
    /// Not yet.
    Running,
    /// Ended well.
    Succeeded(Command),
    /// Its hardware managers changed: the steps must be asked for again.
    VersionMismatch,
}

enum Judged {
    FreshBoot,
    Running,
    Ended(Command),
}

fn judge(commands: &[Command], kind: StepKind, current: &Object) -> Judged {
    let asked = format!("get_{kind}_steps");
    let Some(last) = commands
        .last()
        .filter(|_| commands.iter().any(|c| c.command_name != asked))
    else {
        return Judged::FreshBoot;
    };
    if last.command_name != format!("execute_{kind}_step") || last.command_status == "RUNNING" {
        return Judged::Running;
    }
    let ran = last.command_result.get(format!("{kind}_step"));
    let same = ran.is_some_and(|ran| {
        ["interface", "step"]
            .iter()
            .all(|key| ran.get(key).and_then(Value::as_str) == current.text_member(key))
    });
    if last.command_status == "SUCCEEDED" && !same {
        Judged::Running
    } else {
        Judged::Ended(last.clone())
    }
}

/// The node as the agent gets it: what hardware managers look at, no BMC credentials.
fn node_for_agent(node: &Node) -> Value {
    let mut internal = node.driver_internal_info.get().clone();
    for secret in ["agent_secret_token", "agent_secret_token_pregenerated"] {
        internal.shift_remove(secret);
    }
    let mut driver_info = node.driver_info.get().clone();
    driver_info.retain(|key, _| !is_secret(key));
    json!({
        "uuid": node.uuid,
        "name": node.name,
        "properties": node.properties,
        "instance_info": node.instance_info,
        "instance_uuid": node.instance_uuid,
        "driver": node.driver,
        "driver_info": driver_info,
        "driver_internal_info": internal,
        "extra": node.extra,
        "raid_config": node.raid_config,
        "target_raid_config": node.target_raid_config,
        "clean_step": node.clean_step,
        "deploy_step": node.deploy_step,
        "service_step": node.service_step,
        "provision_state": node.provision_state,
        "target_provision_state": node.target_provision_state,
        "resource_class": node.resource_class,
        "traits": node.traits,
    })
}

/// Whether a `driver_info` key may hold a credential of the BMC; the ramdisk has no use for those.
fn is_secret(key: &str) -> bool {
    [
        "password",
        "secret",
        "token",
        "_key",
        "username",
        "community",
    ]
    .iter()
    .any(|word| key.contains(word))
}

fn ports_for_agent(task: &dyn Task) -> Value {
    task.ports()
        .iter()
        .map(|port| {
            json!({
                "uuid": port.uuid,
                "address": port.address,
                "pxe_enabled": port.pxe_enabled,
                "physical_network": port.physical_network,
                "extra": port.extra,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    fn command(name: &str, status: &str, result: Value) -> Command {
        serde_json::from_value(
            json!({"command_name": name, "command_status": status, "command_result": result}),
        )
        .unwrap()
    }

    fn current() -> Object {
        Object::from_text(r#"{"interface": "deploy", "step": "erase_devices"}"#)
    }

    #[test]
    fn an_agent_that_only_listed_its_steps_has_just_booted() {
        assert!(matches!(
            judge(&[], StepKind::Clean, &current()),
            Judged::FreshBoot
        ));
        let listed = [command("get_clean_steps", "SUCCEEDED", json!({}))];
        assert!(matches!(
            judge(&listed, StepKind::Clean, &current()),
            Judged::FreshBoot
        ));
    }

    #[test]
    fn a_step_counts_as_ended_only_when_it_is_the_current_one() {
        let done = |step| {
            command(
                "execute_clean_step",
                "SUCCEEDED",
                json!({"clean_step": {"interface": "deploy", "step": step}}),
            )
        };
        assert!(matches!(
            judge(&[done("erase_devices")], StepKind::Clean, &current()),
            Judged::Ended(_)
        ));
        assert!(matches!(
            judge(&[done("other")], StepKind::Clean, &current()),
            Judged::Running
        ));
        let running = [command("execute_clean_step", "RUNNING", Value::Null)];
        assert!(matches!(
            judge(&running, StepKind::Clean, &current()),
            Judged::Running
        ));
        let failed = [command("execute_clean_step", "FAILED", Value::Null)];
        assert!(matches!(
            judge(&failed, StepKind::Clean, &current()),
            Judged::Ended(_)
        ));
    }

    #[test]
    fn cached_steps_take_configured_priorities() {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.driver_internal_info.set(
            "agent_cached_clean_steps",
            json!({"deploy": [{"interface": "deploy", "step": "erase_devices", "priority": 10}], "raid": []}),
        );
        let steps = cached(
            &node,
            StepKind::Clean,
            Some(InterfaceKind::Deploy),
            &[("erase_devices", Some(0))],
        );
        assert_eq!(steps.len(), 1);
        assert_eq!(steps[0].priority, Some(0));
        assert!(cached(&node, StepKind::Clean, Some(InterfaceKind::Raid), &[]).is_empty());
        assert!(cached(&node, StepKind::Deploy, None, &[]).is_empty());
    }

    #[test]
    fn the_agent_gets_no_credentials() {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.driver_info.set("ipmi_password", "hunter2");
        node.driver_internal_info
            .set("agent_secret_token", "hunter2");
        assert!(!node_for_agent(&node).to_string().contains("hunter2"));
    }
}
