//! Tasks: they end after having been read as running a few times, or when the machine starts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::bug::Bug;
use super::error;
use super::http::Answer;
use super::machine::Machine;
use super::model::{Model, TaskStyle};
use super::resources::tasks::{MONITORS, TASKS};
use super::tree::Tree;
use super::volume;

/// What a task does at its end.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Effect {
    /// Puts firmware in place, or stages it for the next start.
    Install(&'static str, String),
    /// Makes a volume.
    Create(volume::Plan),
    /// Removes a volume.
    Delete(String),
}

/// When a task goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// It has this many readings left.
    Polls(u32),
    /// It waits for the machine to start.
    Start,
}

#[derive(Debug, Clone)]
struct Task {
    effect: Effect,
    pace: Pace,
}

/// The tasks that run, by number.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    running: BTreeMap<u32, Task>,
}

impl Tasks {
    /// Forgets all, those that ended as well.
    pub(super) fn forget(&mut self, tree: &mut Tree) {
        self.running.clear();
        let paths: Vec<String> = tree
            .paths()
            .filter(|path| path.starts_with(&format!("{TASKS}/")))
            .map(str::to_owned)
            .collect();
        for path in paths {
            tree.remove(&path);
        }
    }
}

fn path_of(number: u32) -> String {
    format!("{TASKS}/{number}")
}

/// Starts a task; the answer of whatever started it.
pub(super) fn start(machine: &mut Machine, name: &str, effect: Effect, pace: Pace) -> Answer {
    let number = machine.take_id();
    let (path, monitor) = (path_of(number), format!("{MONITORS}/{number}"));
    let mut body = json!({
        "Id": number.to_string(),
        "Name": name,
        "TaskState": if pace == Pace::Start { "Pending" } else { "Running" },
        "TaskStatus": "OK",
        "StartTime": "2026-01-01T00:00:00+00:00",
        "PercentComplete": 0,
        "Messages": messages(machine.model, "TaskStarted", "The task has started.", &[])
    });
    let location = match machine.model.tasks {
        TaskStyle::Monitor => {
            body["TaskMonitor"] = json!(monitor);
            monitor
        }
        TaskStyle::Plain => path.clone(),
    };
    machine
        .tree
        .put(machine.model, &path, "Task.v1_4_3.Task", body);
    machine.tree.join(machine.model, TASKS, &path);
    machine.tasks.running.insert(number, Task { effect, pace });
    let resource = machine.tree.get(&path).cloned().unwrap_or_default();
    Answer::json(202, resource).with("Location", location)
}

fn messages(model: &Model, id: &str, text: &str, arguments: &[String]) -> Value {
    let message = json!({
        "MessageId": format!("TaskEvent.1.0.{id}"),
        "Message": text,
        "MessageArgs": arguments,
        "Severity": "OK"
    });
    match model.tasks {
        TaskStyle::Monitor => json!([message]),
        TaskStyle::Plain => message,
    }
}

/// A reading of a task or its monitor; nothing if the path is of something else.
pub(super) fn poll(machine: &mut Machine, path: &str, bugs: &[Bug]) -> Option<Answer> {
    let (monitor, number) = match path.strip_prefix(MONITORS) {
        Some(rest) => (true, rest),
        None => (false, path.strip_prefix(TASKS)?),
    };
    let number: u32 = number.strip_prefix('/')?.parse().ok()?;
    let path = path_of(number);
    if machine.tree.get(&path).is_none() {
        return Some(error::missing(&path));
    }
    let stuck = bugs.contains(&Bug::StuckTasks);
    let failing = bugs.contains(&Bug::FailingTasks);
    let ended = match machine.tasks.running.get_mut(&number) {
        Some(task) => match &mut task.pace {
            _ if stuck => false,
            Pace::Start => false,
            Pace::Polls(0) => true,
            Pace::Polls(left) => {
                *left -= 1;
                false
            }
        },
        None => false,
    };
    if ended && let Some(task) = machine.tasks.running.remove(&number) {
        finish(machine, number, task.effect, failing);
    }
    let running = machine.tasks.running.contains_key(&number);
    let body = machine.tree.get(&path).cloned().unwrap_or_default();
    let status = if monitor && running { 202 } else { 200 };
    let answer = Answer::json(status, body);
    Some(match status {
        202 => answer
            .with("Location", format!("{MONITORS}/{number}"))
            .with("Retry-After", "0"),
        _ => answer,
    })
}

/// The machine has started: what waited for it ends.
pub(super) fn started(machine: &mut Machine) {
    let waiting: Vec<u32> = machine
        .tasks
        .running
        .iter()
        .filter(|(_, task)| task.pace == Pace::Start)
        .map(|(number, _)| *number)
        .collect();
    for number in waiting {
        if let Some(task) = machine.tasks.running.remove(&number) {
            let failing = machine.bugs.has(&Bug::FailingTasks);
            finish(machine, number, task.effect, failing);
        }
    }
}

fn finish(machine: &mut Machine, number: u32, effect: Effect, failing: bool) {
    let path = path_of(number);
    if failing {
        let messages = messages(machine.model, "TaskAborted", "The task has failed.", &[]);
        machine.tree.change(
            &path,
            &json!({"TaskState": "Exception", "TaskStatus": "Critical", "Messages": messages}),
        );
        return;
    }
    let mut arguments = Vec::new();
    let mut restart = false;
    match effect {
        Effect::Install("BIOS", version) if machine.is_on() => {
            machine.staged.push(("BIOS", version));
        }
        Effect::Install(id, version) => {
            machine.install(id, &version);
            restart = id == "BMC";
        }
        Effect::Create(plan) => arguments.push(volume::create(machine, &plan)),
        Effect::Delete(volume) => {
            volume::remove(machine, &volume);
            arguments.push(volume);
        }
    }
    let messages = messages(
        machine.model,
        "TaskCompletedOK",
        "The task has completed.",
        &arguments,
    );
    machine.tree.change(
        &path,
        &json!({"TaskState": "Completed", "TaskStatus": "OK", "PercentComplete": 100,
            "EndTime": "2026-01-01T00:01:00+00:00", "Messages": messages}),
    );
    if restart {
        machine.restart_bmc(false);
    }
}
