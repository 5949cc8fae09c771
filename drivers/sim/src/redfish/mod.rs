//! Redfish BMCs: resource × model, with bugs.
//!
//! ```no_run
//! # async fn story() -> std::io::Result<()> {
//! use drivers_sim::redfish::{Bug, RedfishBmc, model};
//!
//! let bmc = RedfishBmc::start(&model::DELL).await?;
//! let address = bmc.origin();                      // http://127.0.0.1:41327, admin / password
//! bmc.set_power(true);                             // state, set behind the driver's back
//! bmc.change(&bmc.system(), serde_json::json!({"BiosVersion": "2.1"}));
//! bmc.on(Bug::Busy.times(2));                      // 503 twice
//! // … the driver works …
//! assert_eq!(bmc.resets(), ["GracefulShutdown"]);  // what it did
//! assert_eq!(bmc.at(&bmc.system(), "/PowerState"), "Off");
//! let bodies = bmc.bodies("PATCH", &bmc.system()); // what it sent
//! # Ok(()) }
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`model`] | THE table of models; how to add a row is told there |
//! | `resources` | the documents, one concept a file, written once for all models |
//! | [`hardware`] | the contents of the machine: disks, processors, ports |
//! | [`bug`] | THE list of misbehaviours and their switches |
//! | `control` | bugs and tokens over HTTP, for tests that run the simulator as a program |
//! | `machine`, `patch`, `post`, `volume`, `task` | what requests do, without sockets |
//! | `server`, [`http`] | sockets, TLS |
//!
//! What it does: sessions and basic authentication (with a limit and, if wanted, a lock-out), ETags
//! and `If-Match`, power with all reset types, boot override that is spent by a start, BIOS settings
//! that wait for a start and are checked against their registry, secure boot and its keys, lights,
//! readings, virtual media by action or PATCH, volumes at once, by task, or with the next start,
//! firmware updates by task with a restart of the BMC, event subscriptions, NTP, clock, serial console
//! description. Pending things become real when the machine starts: `On` from off, or a restart.
//!
//! Time: nothing takes any by default but a restart of the BMC (0.3 s without answers); a task is
//! read as running once. [`Timing`] changes that.

mod account;
pub mod bug;
mod control;
mod error;
pub mod hardware;
pub mod http;
mod machine;
pub mod model;
mod patch;
mod post;
mod reaction;
mod resources;
mod server;
mod task;
mod tree;
mod volume;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use bug::{Bug, Switch};
pub use hardware::Hardware;
pub use http::Request;
pub use machine::Timing;
pub use model::Model;

use machine::Machine;
use server::Served;
use tree::Tree;

/// A BMC that can be started, with what differs from the default.
#[derive(Debug, Clone)]
pub struct Builder {
    model: &'static Model,
    hardware: Hardware,
    user: String,
    password: String,
    lock_after: Option<u32>,
    timing: Timing,
    address: SocketAddr,
    tls: Option<Arc<rustls::ServerConfig>>,
    tree: Option<Tree>,
}

impl Builder {
    /// A machine of this model, that is off, behind `admin`/`password` on a free port of 127.0.0.1.
    pub fn new(model: &'static Model) -> Self {
        Builder {
            model,
            hardware: Hardware::default(),
            user: "admin".to_owned(),
            password: "password".to_owned(),
            lock_after: None,
            timing: Timing::default(),
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            tls: None,
            tree: None,
        }
    }

    /// Other credentials.
    #[must_use]
    pub fn account(mut self, user: &str, password: &str) -> Self {
        self.user = user.to_owned();
        self.password = password.to_owned();
        self
    }

    /// Locks the account after so many refusals in a row.
    #[must_use]
    pub const fn lock_after(mut self, refusals: u32) -> Self {
        self.lock_after = Some(refusals);
        self
    }

    /// Other contents of the machine.
    #[must_use]
    pub fn hardware(mut self, hardware: Hardware) -> Self {
        self.hardware = hardware;
        self
    }

    /// Other times.
    #[must_use]
    pub const fn timing(mut self, timing: Timing) -> Self {
        self.timing = timing;
        self
    }

    /// Another address; port 0 is any free one.
    #[must_use]
    pub const fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// HTTPS with this certificate.
    #[must_use]
    pub fn tls(mut self, config: Arc<rustls::ServerConfig>) -> Self {
        self.tls = Some(config);
        self
    }

    /// Shares the documents of a machine of the same model: many BMCs then need little memory.
    #[must_use]
    pub fn like(mut self, other: &RedfishBmc) -> Self {
        self.tree = Some(other.served.lock().tree.clone());
        self
    }

    /// Starts it; it answers until the result is dropped.
    pub async fn start(self) -> io::Result<RedfishBmc> {
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let tree = match self.tree {
            Some(mut tree) => {
                resources::personalise(&mut tree, self.model, &self.hardware);
                tree
            }
            None => resources::all(self.model, &self.hardware),
        };
        let mut machine = Machine::new(self.model, self.hardware, tree);
        machine.timing = self.timing;
        machine.accounts.user = self.user;
        machine.accounts.password = self.password;
        machine.accounts.lock_after = self.lock_after;
        let served = Served {
            machine: Arc::new(Mutex::new(machine)),
            tls: self.tls,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        served.tasks.spawn(served.clone().run(listener));
        let scheme = if served.tls.is_some() {
            "https"
        } else {
            "http"
        };
        Ok(RedfishBmc {
            origin: format!("{scheme}://{address}"),
            address,
            model: self.model,
            served,
        })
    }
}

/// A BMC that answers until it is dropped.
#[derive(Debug)]
pub struct RedfishBmc {
    origin: String,
    address: SocketAddr,
    model: &'static Model,
    served: Served,
}

impl Drop for RedfishBmc {
    fn drop(&mut self) {
        self.served.stop.cancel();
    }
}

impl RedfishBmc {
    /// A BMC with the defaults of [`Builder`].
    pub async fn start(model: &'static Model) -> io::Result<Self> {
        Builder::new(model).start().await
    }

    /// What to change before it starts.
    pub fn builder(model: &'static Model) -> Builder {
        Builder::new(model)
    }

    /// Ends it and its connections.
    pub async fn stop(&self) {
        self.served.stop.cancel();
        self.served.tasks.close();
        self.served.tasks.wait().await;
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its model.
    pub const fn model(&self) -> &'static Model {
        self.model
    }

    /// Path of the system.
    pub fn system(&self) -> String {
        self.model.system()
    }

    /// Path of the manager.
    pub fn manager(&self) -> String {
        self.model.manager()
    }

    /// Path of the chassis.
    pub fn chassis(&self) -> String {
        self.model.chassis()
    }

    /// Path of the RAID controller.
    pub fn controller(&self) -> String {
        resources::storage::controller(self.model)
    }

    /// Path of its volumes.
    pub fn volumes(&self) -> String {
        resources::storage::volumes(self.model)
    }

    /// Path of a disk, counted from 0.
    pub fn disk(&self, number: usize) -> String {
        resources::storage::disk(self.model, number)
    }

    // -- state ------------------------------------------------------------------------------------

    /// Every path that has a resource.
    pub fn paths(&self) -> Vec<String> {
        self.served.lock().tree.paths().map(str::to_owned).collect()
    }

    /// A resource as it is; `Null` if there is none.
    pub fn resource(&self, path: &str) -> Value {
        let mut machine = self.served.lock();
        machine.tick(Instant::now());
        machine.tree.get(path).cloned().unwrap_or_default()
    }

    /// A member of a resource, by JSON pointer; `Null` if there is none.
    pub fn at(&self, path: &str, pointer: &str) -> Value {
        self.resource(path)
            .pointer(pointer)
            .cloned()
            .unwrap_or_default()
    }

    /// Merges members into a resource, behind the driver's back. A resource that is not there is made.
    pub fn change(&self, path: &str, patch: Value) {
        let mut machine = self.served.lock();
        if !machine.tree.change(path, &patch) {
            let model = machine.model;
            machine
                .tree
                .put(model, path, "Resource.v1_0_0.Resource", patch);
        }
    }

    /// Replaces the value that a JSON pointer names, lists included.
    pub fn set(&self, path: &str, pointer: &str, value: Value) {
        self.served.lock().tree.set(path, pointer, value);
    }

    /// Removes a resource and what lies below it.
    pub fn remove(&self, path: &str) {
        self.served.lock().tree.remove(path);
    }

    /// Whether the machine is on.
    pub fn is_on(&self) -> bool {
        self.at(&self.system(), "/PowerState") == "On"
    }

    /// Switches the machine behind the driver's back; nothing starts.
    pub fn set_power(&self, on: bool) {
        let state = if on { "On" } else { "Off" };
        self.change(&self.system(), json!({ "PowerState": state }));
    }

    /// Restarts the BMC: it is away for a while, and sessions are forgotten.
    pub fn restart(&self) {
        self.served.lock().restart_bmc(false);
    }

    /// Other times from now on.
    pub fn set_timing(&self, timing: Timing) {
        self.served.lock().timing = timing;
    }

    // -- inspection -------------------------------------------------------------------------------

    /// The requests it has seen, oldest first; at most the last 10,000.
    pub fn seen(&self) -> Vec<Request> {
        self.served.lock().seen.iter().cloned().collect()
    }

    /// `METHOD /path` of what it has seen.
    pub fn lines(&self) -> Vec<String> {
        self.served.lock().seen.iter().map(Request::line).collect()
    }

    /// Bodies of the requests with this method to this path.
    pub fn bodies(&self, method: &str, path: &str) -> Vec<Value> {
        let machine = self.served.lock();
        let asked = |request: &&Request| request.method == method && request.path() == path;
        machine
            .seen
            .iter()
            .filter(asked)
            .map(Request::json)
            .collect()
    }

    /// Forgets what it has seen.
    pub fn forget_seen(&self) {
        self.served.lock().seen.clear();
    }

    /// The `ResetType`s executed on the system, in order.
    pub fn resets(&self) -> Vec<String> {
        self.served.lock().resets.clone()
    }

    /// Number of open sessions.
    pub fn sessions(&self) -> usize {
        self.served.lock().accounts.open_sessions()
    }

    /// Logins and requests refused in a row for a wrong user or password.
    pub fn refused(&self) -> u32 {
        self.served.lock().accounts.refused
    }

    /// Whether the account is locked.
    pub fn is_locked(&self) -> bool {
        self.served.lock().accounts.is_locked()
    }

    // -- bugs -------------------------------------------------------------------------------------

    /// Switches a bug on.
    pub fn on(&self, bug: impl Into<Switch>) {
        self.served.lock().bugs.on(bug.into());
    }

    /// Switches all bugs off.
    pub fn heal(&self) {
        self.served.lock().bugs.heal();
    }
}
