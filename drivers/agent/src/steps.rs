//! Steps that an agent offers: asked for once per boot, kept with the node, run by command.
//!
//! Kept in `driver_internal_info` under Ironic's keys (`agent_cached_{kind}_steps` by interface,
//! `hardware_manager_version`), because a Python conductor may go on with the node.

use drivers_interface::{Outcome, StepSpec, Task};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Node, Object};
use serde_json::{Map, Value, json};

use crate::client::{Agent, Command};
use crate::logs::{self, After};
use crate::view::{self, ConfigDrive};
use crate::{raid, ramdisk};

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

/// What a deploy interface that drives an agent has to offer: its own steps, and the agent's.
pub(crate) fn of_deploy(task: &dyn Task, kind: StepKind, own: &[StepSpec]) -> Vec<Step> {
    let mut offered: Vec<Step> = own
        .iter()
        .filter(|row| row.kind == kind)
        .map(|row| row.to_step(InterfaceKind::Deploy))
        .collect();
    let deploy = &task.config().deploy;
    let priorities = [
        ("erase_devices", deploy.erase_devices_priority),
        (
            "erase_devices_metadata",
            deploy.erase_devices_metadata_priority,
        ),
    ];
    let priorities = match kind {
        StepKind::Clean => &priorities[..],
        _ => &[],
    };
    let interface = (kind != StepKind::Service).then_some(InterfaceKind::Deploy);
    for step in cached(task.node(), kind, interface, priorities) {
        if !offered
            .iter()
            .any(|own| own.step == step.step && own.interface == step.interface)
        {
            offered.push(step);
        }
    }
    offered
}

/// Asks the agent for its steps and keeps them.
///
/// # Errors
/// The agent's failure, or an answer without steps. A busy agent is no error: the next heartbeat asks again.
pub(crate) async fn refresh(task: &mut dyn Task, kind: StepKind) -> Result<(), Fault> {
    let agent = Agent::of(task)?;
    let params = json!({
        "node": view::node(task.node(), ConfigDrive::Masked),
        "ports": view::ports(task),
    });
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
    keep(task.node_mut(), kind, version, by_interface);
    task.save().await
}

fn keep(node: &mut Node, kind: StepKind, version: Value, by_interface: Map<String, Value>) {
    let now = schemas_model::time::now().format("%Y-%m-%dT%H:%M:%S%.6f");
    let info = &mut node.driver_internal_info;
    info.set("hardware_manager_version", version);
    info.set(cache_key(kind), Value::Object(by_interface));
    info.set(format!("{}_refreshed", cache_key(kind)), now.to_string());
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
    let config_drive = match kind {
        StepKind::Deploy => ConfigDrive::Shown,
        _ => ConfigDrive::Masked,
    };
    params.insert("node".into(), view::node(task.node(), config_drive));
    params.insert("ports".into(), view::ports(task));
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

/// Asks whether the current step of a waiting node has ended, and does what belongs to its end.
/// `Done` lets the flow go on.
///
/// # Errors
/// The step's own failure, in the class of its flow; the logs of the ramdisk are collected before.
pub(crate) async fn poll(task: &mut dyn Task) -> Result<Outcome, Fault> {
    let node = task.node();
    let (kind, current) = match node.provision_state {
        State::Cleaning | State::CleanWait => (StepKind::Clean, node.clean_step.clone()),
        State::Servicing | State::ServiceWait => (StepKind::Service, node.service_step.clone()),
        _ => (StepKind::Deploy, node.deploy_step.clone()),
    };
    let agent = Agent::of(task)?;
    let commands = agent.commands().await?;
    match judge(&commands, kind, &current) {
        Judged::FreshBoot => {
            task.node_mut()
                .driver_internal_info
                .unset(reboot_flag(kind));
            task.save().await?;
            Ok(Outcome::Done)
        }
        Judged::Running => Ok(Outcome::wait("the agent's step still runs")),
        Judged::Ended(command) => match end(task, kind, &current, &command).await {
            Ok(outcome) => Ok(outcome),
            Err(fault) => {
                let label = (kind == StepKind::Clean).then_some("cleaning");
                logs::collect(task, After::Failure(label)).await;
                Err(fault)
            }
        },
    }
}

async fn end(
    task: &mut dyn Task,
    kind: StepKind,
    current: &Object,
    command: &Command,
) -> Result<Outcome, Fault> {
    match command.command_status.as_str() {
        "SUCCEEDED" => {
            raid::after_step(task, kind, current, command).await?;
            let reboots = current.member("reboot_requested").and_then(Value::as_bool);
            if reboots == Some(true) {
                return reboot(task, kind).await;
            }
            Ok(Outcome::Done)
        }
        "VERSION_MISMATCH" | "CLEAN_VERSION_MISMATCH" => {
            refresh(task, kind).await?;
            begin_again(task.node_mut(), kind);
            task.save().await?;
            Ok(Outcome::Done)
        }
        "FAILED" => Err(Fault::new(
            failure_class(kind),
            format!(
                "The {kind} step '{}' failed on node {}: {}",
                current.text_member("step").unwrap_or_default(),
                task.node().uuid,
                command.error_text()
            ),
        )),
        unknown => Err(Fault::new(
            failure_class(kind),
            format!(
                "The agent of node {} ended the {kind} step '{}' with the unknown status '{unknown}'",
                task.node().uuid,
                current.text_member("step").unwrap_or_default(),
            ),
        )),
    }
}

/// The agent was replaced by another version between two steps: automated cleaning runs all its
/// steps again, every other flow repeats the current one.
fn begin_again(node: &mut Node, kind: StepKind) {
    let manual = node.target_provision_state == Some(State::Manageable);
    if kind == StepKind::Clean && !manual {
        node.clean_step = Object::default();
        node.driver_internal_info.unset("clean_step_index");
    } else {
        node.driver_internal_info
            .set(format!("skip_current_{kind}_step"), false);
    }
}

/// A step that asks for it is followed by a reboot into the ramdisk; its heartbeat goes on.
async fn reboot(task: &mut dyn Task, kind: StepKind) -> Result<Outcome, Fault> {
    ramdisk::prepare_boot(task).await?;
    task.power_action(PowerState::Reboot, None).await?;
    task.node_mut()
        .driver_internal_info
        .set(reboot_flag(kind), true);
    task.save().await?;
    Ok(Outcome::wait("the machine reboots after a step"))
}

const fn reboot_flag(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Clean => "cleaning_reboot",
        StepKind::Service => "servicing_reboot",
        StepKind::Deploy | StepKind::Verify => "deployment_reboot",
    }
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
    fn a_new_agent_repeats_the_step_or_all_of_an_automated_cleaning() {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.clean_step = current();
        node.target_provision_state = Some(State::Manageable);
        begin_again(&mut node, StepKind::Clean);
        assert!(!node.clean_step.is_empty());
        let skip = node.driver_internal_info.member("skip_current_clean_step");
        assert_eq!(skip, Some(&json!(false)));
        node.target_provision_state = Some(State::Available);
        begin_again(&mut node, StepKind::Clean);
        assert!(node.clean_step.is_empty());
    }
}
