//! The state of one BMC and its machine, and what time does to it. No sockets: a request goes in, a
//! [`Reaction`] comes out.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::account::Accounts;
use super::bug::{Bug, Bugs};
use super::hardware::Hardware;
use super::http::{Answer, Request};
use super::model::Model;
use super::reaction::{self, Reaction};
use super::resources::{bios, update};
use super::task::Tasks;
use super::tree::Tree;
use super::{control, error, patch, post};

/// Requests remembered for inspection.
const SEEN_MAX: usize = 10_000;

/// How long things take. All zero by default, so that tests need not wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// From a reset action until `PowerState` shows it.
    pub power: Duration,
    /// How long a BMC that restarts is away.
    pub bmc_restart: Duration,
    /// How often a task is read as running before it ends.
    pub task_polls: u32,
}

impl Default for Timing {
    fn default() -> Self {
        Timing {
            power: Duration::ZERO,
            bmc_restart: Duration::from_millis(300),
            task_polls: 1,
        }
    }
}

/// A BMC without its sockets.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) model: &'static Model,
    pub(super) hardware: Hardware,
    pub(super) tree: Tree,
    pub(super) timing: Timing,
    pub(super) accounts: Accounts,
    pub(super) tasks: Tasks,
    pub(super) bugs: Bugs,
    pub(super) seen: VecDeque<Request>,
    /// `ResetType`s executed on the system, in order.
    pub(super) resets: Vec<String>,
    /// When the machine will have reached a power state.
    pending_power: Option<(Instant, bool, bool)>,
    /// The BMC restarts until then.
    away_until: Option<Instant>,
    /// Firmware that the next start of the machine puts in place: inventory id and version.
    pub(super) staged: Vec<(&'static str, String)>,
    pub(super) next_id: u32,
    alternating: bool,
}

impl Machine {
    pub(super) fn new(model: &'static Model, hardware: Hardware, tree: Tree) -> Self {
        Machine {
            model,
            hardware,
            tree,
            timing: Timing::default(),
            accounts: Accounts::default(),
            tasks: Tasks::default(),
            bugs: Bugs::default(),
            seen: VecDeque::new(),
            resets: Vec::new(),
            pending_power: None,
            away_until: None,
            staged: Vec::new(),
            next_id: 1,
            alternating: false,
        }
    }

    pub(super) fn take_id(&mut self) -> u32 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    /// Whether nobody can be reached, because the BMC restarts.
    pub(super) fn is_away(&mut self, now: Instant) -> bool {
        match self.away_until {
            Some(until) if now < until => true,
            Some(_) => {
                self.away_until = None;
                false
            }
            None => false,
        }
    }

    /// The BMC goes away and forgets its sessions, and its tasks where the model does so.
    pub(super) fn restart_bmc(&mut self, forget_tasks: bool) {
        self.away_until = Some(Instant::now() + self.timing.bmc_restart);
        for session in self.accounts.forget_sessions() {
            self.tree.remove(&session);
        }
        if forget_tasks || !self.model.tasks_survive {
            self.tasks.forget(&mut self.tree);
        }
    }

    /// Takes a request.
    pub(super) fn receive(&mut self, request: Request, now: Instant) -> Reaction {
        self.tick(now);
        if let Some(answer) = control::answer(self, &request) {
            return Reaction::Say(answer.bytes());
        }
        let bugs = self.bugs.of(&request);
        let reaction = match reaction::before(&bugs) {
            Some(instead) => instead,
            None => {
                let answer = self.answer(&request, &bugs);
                reaction::after(&bugs, &request, answer)
            }
        };
        if self.seen.len() == SEEN_MAX {
            self.seen.pop_front();
        }
        self.seen.push_back(request);
        reaction
    }

    fn answer(&mut self, request: &Request, bugs: &[Bug]) -> Answer {
        if let Some(refusal) = reaction::refusal(bugs, request) {
            if bugs.contains(&Bug::Unauthorized) {
                for session in self.accounts.forget_sessions() {
                    self.tree.remove(&session);
                }
            }
            if bugs.contains(&Bug::Changed) {
                self.tree.touch(request.path());
            }
            return refusal;
        }
        let sessions = self.model.sessions;
        let path = request.path();
        if request.method == "POST" && path == sessions {
            return self.log_in(request, bugs);
        }
        let open = matches!(path, "/redfish" | "/redfish/v1") && request.method == "GET";
        if !open && !self.accounts.admits(request) {
            return error::refuse(
                401,
                "NoValidSession",
                "There is no valid session established with the implementation.",
            );
        }
        match request.method.as_str() {
            "GET" | "HEAD" => self.get(path, bugs),
            "PATCH" => patch::patch(self, request),
            "POST" => post::post(self, request),
            "DELETE" => post::delete(self, path),
            other => error::not_allowed(other),
        }
    }

    fn log_in(&mut self, request: &Request, bugs: &[Bug]) -> Answer {
        if bugs.contains(&Bug::SessionsFull) || self.accounts.is_full() {
            return error::refuse(
                503,
                "SessionLimitExceeded",
                "The session establishment failed due to the number of simultaneous sessions exceeding the limit of the implementation.",
            );
        }
        let body = request.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        if !self.accounts.verify(text("UserName"), text("Password")) {
            return error::refuse(
                401,
                "ResourceAtUriUnauthorized",
                "Invalid username or password.",
            );
        }
        let id = self.take_id();
        let path = format!("{}/{id}", self.model.sessions);
        let token = self.accounts.open(&path);
        self.tree.put(
            self.model,
            &path,
            "Session.v1_3_0.Session",
            json!({"Id": id.to_string(), "Name": "User Session", "UserName": body["UserName"]}),
        );
        self.tree.join(self.model, self.model.sessions, &path);
        let resource = self.tree.get(&path).cloned().unwrap_or_default();
        Answer::json(201, resource)
            .with("X-Auth-Token", token)
            .with("Location", path)
    }

    fn get(&mut self, path: &str, bugs: &[Bug]) -> Answer {
        if path == "/redfish" {
            return Answer::json(200, json!({"v1": "/redfish/v1/"}));
        }
        if let Some(answer) = super::task::poll(self, path, bugs) {
            return answer;
        }
        let Some(resource) = self.tree.get(path) else {
            return error::missing(path);
        };
        let mut body = resource.clone();
        if bugs.contains(&Bug::AlternatingPower) && body.get("PowerState").is_some() {
            self.alternating = !self.alternating;
            body["PowerState"] = json!(if self.alternating { "On" } else { "Off" });
        }
        let answer = Answer::json(200, body);
        match self.tree.etag(self.model, path) {
            Some(tag) => answer.with("ETag", tag),
            None => answer,
        }
    }

    /// `PowerState` is `On`.
    pub(super) fn is_on(&self) -> bool {
        self.tree
            .get(&self.model.system())
            .is_some_and(|system| system["PowerState"] == "On")
    }

    /// The machine goes to a power state, in its time; `start` if it starts (again) on the way.
    pub(super) fn go(&mut self, on: bool, start: bool) {
        if self.timing.power.is_zero() {
            self.arrive(on, start);
        } else {
            self.pending_power = Some((Instant::now() + self.timing.power, on, start));
        }
    }

    /// What time has brought.
    pub(super) fn tick(&mut self, now: Instant) {
        if let Some((when, on, start)) = self.pending_power
            && when <= now
        {
            self.pending_power = None;
            self.arrive(on, start);
        }
    }

    fn arrive(&mut self, on: bool, start: bool) {
        if start {
            self.start_machine();
        }
        let state = if on { "On" } else { "Off" };
        self.tree
            .change(&self.model.system(), &json!({ "PowerState": state }));
    }

    /// What happens between power and operating system: pending settings take effect.
    fn start_machine(&mut self) {
        let model = self.model;
        self.apply_bios();
        self.apply_secure_boot();
        for (id, version) in std::mem::take(&mut self.staged) {
            self.install(id, &version);
        }
        super::task::started(self);
        let system = model.system();
        let once = self
            .tree
            .get(&system)
            .is_some_and(|system| system["Boot"]["BootSourceOverrideEnabled"] == "Once");
        if once {
            self.tree.change(
                &system,
                &json!({"Boot": {"BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "None"}}),
            );
        }
    }

    fn apply_bios(&mut self) {
        let settings = self.model.bios_settings();
        let pending = self
            .tree
            .get(&settings)
            .and_then(|settings| settings["Attributes"].as_object())
            .filter(|attributes| !attributes.is_empty())
            .cloned();
        if let Some(pending) = pending {
            let bios = format!("{}/Bios", self.model.system());
            self.tree.change(&bios, &json!({ "Attributes": pending }));
            self.tree
                .set(&settings, "/Attributes", Value::Object(Map::new()));
        }
    }

    fn apply_secure_boot(&mut self) {
        let path = format!("{}/SecureBoot", self.model.system());
        let Some(enabled) = self
            .tree
            .get(&path)
            .map(|resource| resource["SecureBootEnable"] == true)
        else {
            return;
        };
        let state = if enabled { "Enabled" } else { "Disabled" };
        self.tree
            .change(&path, &json!({ "SecureBootCurrentBoot": state }));
    }

    /// Restores the BIOS defaults with the next start.
    pub(super) fn reset_bios(&mut self) {
        let defaults = bios::defaults(self.model);
        self.tree.set(
            &self.model.bios_settings(),
            "/Attributes",
            Value::Object(defaults),
        );
    }

    /// A firmware has this version from now on.
    pub(super) fn install(&mut self, id: &str, version: &str) {
        self.tree
            .change(&update::inventory(id), &json!({ "Version": version }));
        match id {
            "BIOS" => {
                self.tree
                    .change(&self.model.system(), &json!({ "BiosVersion": version }));
            }
            "BMC" => {
                self.tree.change(
                    &self.model.manager(),
                    &json!({ "FirmwareVersion": version }),
                );
            }
            _ => {
                self.tree.set(
                    &format!("{}/NetworkAdapters/NIC1", self.model.chassis()),
                    "/Controllers/0/FirmwarePackageVersion",
                    json!(version),
                );
            }
        }
    }
}
