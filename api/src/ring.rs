//! Which conductor serves a node: the hash rings, kept for a while.
//!
//! Invariants
//! * rings are never older than `[DEFAULT]hash_ring_reset_interval`; on SQLite, where conductors
//!   have no heartbeat, they are rebuilt only on a miss;
//! * a hardware type nobody is known for causes one rebuild before the request fails.

use std::sync::Arc;
use std::time::{Duration, Instant};

use schemas_config::Config;
use schemas_db::{Backend, ConductorPresence, Database};
use schemas_model::{Class, Fault, Node};
use schemas_rpc::Destination;
use schemas_rpc::hash_ring::{Member, NoConductor, Parameters, Rings};
use tokio::sync::RwLock;

struct Built {
    at: Instant,
    rings: Arc<Rings>,
}

/// The rings of the cluster.
pub struct ConductorRing {
    db: Arc<Database>,
    parameters: Parameters,
    keep: Duration,
    /// How old a heartbeat may be.
    pub presence: ConductorPresence,
    built: RwLock<Option<Built>>,
}

impl ConductorRing {
    /// Rings by `[DEFAULT]hash_*` and `[conductor]heartbeat_timeout`.
    pub fn new(db: Arc<Database>, config: &Config) -> Self {
        let default = &config.default;
        let defaults = Parameters::default();
        ConductorRing {
            db,
            parameters: Parameters {
                partition_exponent: u8::try_from(default.hash_partition_exponent)
                    .unwrap_or(defaults.partition_exponent),
                algorithm: default
                    .hash_ring_algorithm
                    .to_string()
                    .parse()
                    .unwrap_or(defaults.algorithm),
            },
            keep: Duration::from_secs(u64::try_from(default.hash_ring_reset_interval).unwrap_or(0)),
            presence: ConductorPresence {
                heartbeat_timeout: Duration::from_secs(
                    u64::try_from(config.conductor.heartbeat_timeout).unwrap_or(60),
                ),
            },
            built: RwLock::new(None),
        }
    }

    /// The rings as they are known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rings(&self) -> Result<Arc<Rings>, Fault> {
        let ageless = self.db.backend() == Backend::Sqlite;
        if let Some(built) = self.built.read().await.as_ref()
            && (ageless || built.at.elapsed() < self.keep)
        {
            return Ok(Arc::clone(&built.rings));
        }
        self.rebuild().await
    }

    async fn rebuild(&self) -> Result<Arc<Rings>, Fault> {
        let offered = self
            .db
            .conductor_interface_list_alive(self.presence)
            .await?;
        let mut members: Vec<Member> = Vec::new();
        for (conductor, interfaces) in offered {
            for interface in interfaces {
                let member = Member {
                    host: conductor.hostname.clone(),
                    group: conductor.conductor_group.clone(),
                    hardware_type: interface.hardware_type,
                };
                if members.last() != Some(&member) && !members.contains(&member) {
                    members.push(member);
                }
            }
        }
        let rings = Arc::new(Rings::new(self.parameters, &members));
        *self.built.write().await = Some(Built {
            at: Instant::now(),
            rings: Arc::clone(&rings),
        });
        Ok(rings)
    }

    /// The conductor that serves a node.
    ///
    /// # Errors
    /// `NoValidHost` (404) when nobody offers its hardware type in its group, `TemporaryFailure`
    /// (503) when nobody is there at all.
    pub async fn host_for(&self, node: &Node) -> Result<String, Fault> {
        let find = |rings: &Rings| {
            rings
                .host_for(&node.conductor_group, &node.driver, node.uuid.as_str())
                .map(str::to_owned)
        };
        if let Ok(host) = find(self.rings().await?.as_ref()) {
            return Ok(host);
        }
        find(self.rebuild().await?.as_ref()).map_err(|missing| no_valid_host(&missing))
    }

    /// Where to send requests about a node.
    ///
    /// # Errors
    /// As [`ConductorRing::host_for`].
    pub async fn destination(&self, node: &Node) -> Result<Destination, Fault> {
        self.host_for(node).await.map(Destination::Host)
    }

    /// Where to send requests about no node: any conductor that is alive.
    ///
    /// # Errors
    /// `TemporaryFailure` (503) when nobody is there.
    pub async fn any_destination(&self) -> Result<Destination, Fault> {
        let mut alive = self.db.conductor_list_alive(self.presence).await?;
        if alive.is_empty() {
            return Err(no_valid_host(&NoConductor::AtAll));
        }
        let chosen = alive.swap_remove(rand::random_range(0..alive.len()));
        Ok(Destination::Host(chosen.hostname))
    }

    /// Where to send requests about a hardware type: any conductor that has it.
    ///
    /// # Errors
    /// `DriverNotFound` (404).
    pub async fn destination_of_driver(&self, driver: &str) -> Result<Destination, Fault> {
        let mut hosts = self.rings().await?.hosts_of_type(driver).to_vec();
        if hosts.is_empty() {
            hosts = self.rebuild().await?.hosts_of_type(driver).to_vec();
        }
        if hosts.is_empty() {
            return Err(driver_not_found(driver));
        }
        let host = hosts.swap_remove(rand::random_range(0..hosts.len()));
        Ok(Destination::Host(host))
    }
}

/// `DriverNotFound` (404).
pub fn driver_not_found(driver: &str) -> Fault {
    Fault::new(
        Class::DriverNotFound,
        format!("Could not find the following driver(s) or hardware type(s): {driver}."),
    )
}

fn no_valid_host(missing: &NoConductor) -> Fault {
    match missing {
        NoConductor::AtAll => {
            Fault::temporary("No conductor is online; please try again when one has started.")
        }
        NoConductor::Suitable {
            hardware_type,
            group,
        } => Fault::new(
            Class::NoValidHost,
            format!(
                "No valid host was found. Reason: No conductor service registered which supports \
                 driver {hardware_type} for conductor group \"{group}\". Ensure the driver is \
                 valid and enabled."
            ),
        ),
    }
}
