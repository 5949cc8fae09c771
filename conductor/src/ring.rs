//! Which nodes are this conductor's: the hash ring, rebuilt now and then.

use std::time::Duration;

use schemas_config::Config;
use schemas_db::{ConductorPresence, Database, NodeBrief};
use schemas_model::{Class, Fault};
use schemas_rpc::hash_ring::{Member, Parameters, Rings};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The rings as this conductor knows them.
pub struct RingCache {
    parameters: Parameters,
    presence: ConductorPresence,
    lifetime: Duration,
    current: Mutex<Option<(Instant, std::sync::Arc<Rings>)>>,
}

impl RingCache {
    /// Rings as configured.
    ///
    /// # Errors
    /// `IncorrectConfiguration` for a hash algorithm this program does not have: it would see other
    /// owners of nodes than the rest of the cluster.
    pub fn new(config: &Config) -> Result<Self, Fault> {
        let seconds = |value: i64| Duration::from_secs(u64::try_from(value).unwrap_or_default());
        let algorithm = config.default.hash_ring_algorithm.as_str();
        let algorithm = algorithm.parse().map_err(|_| {
            Fault::new(
                Class::IncorrectConfiguration,
                format!("[DEFAULT]hash_ring_algorithm = {algorithm} is not supported."),
            )
        })?;
        Ok(RingCache {
            parameters: Parameters {
                partition_exponent: u8::try_from(config.default.hash_partition_exponent)
                    .unwrap_or(5),
                algorithm,
            },
            presence: ConductorPresence {
                heartbeat_timeout: seconds(config.conductor.heartbeat_timeout),
            },
            lifetime: seconds(config.default.hash_ring_reset_interval),
            current: Mutex::new(None),
        })
    }

    /// How conductors are told alive from dead.
    pub const fn presence(&self) -> ConductorPresence {
        self.presence
    }

    /// The rings; read anew when they are too old.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn rings(&self, database: &Database) -> Result<std::sync::Arc<Rings>, Fault> {
        let mut current = self.current.lock().await;
        if let Some((built, rings)) = &*current
            && built.elapsed() < self.lifetime
        {
            return Ok(std::sync::Arc::clone(rings));
        }
        let alive = database
            .conductor_interface_list_alive(self.presence)
            .await?;
        let mut members = Vec::new();
        for (conductor, interfaces) in alive {
            let mut types: Vec<_> = interfaces.into_iter().map(|i| i.hardware_type).collect();
            types.dedup();
            types.sort();
            types.dedup();
            members.extend(types.into_iter().map(|hardware_type| Member {
                host: conductor.hostname.clone(),
                group: conductor.conductor_group.clone(),
                hardware_type,
            }));
        }
        let rings = std::sync::Arc::new(Rings::new(self.parameters, &members));
        *current = Some((Instant::now(), std::sync::Arc::clone(&rings)));
        Ok(rings)
    }

    /// Forgets the rings, so that the next question sees a change at once.
    pub async fn reset(&self) {
        *self.current.lock().await = None;
    }
}

/// Whether a node is a host's.
pub fn is_of(rings: &Rings, host: &str, node: &NodeBrief) -> bool {
    rings
        .host_for(&node.conductor_group, &node.driver, node.uuid.as_str())
        .is_ok_and(|owner| owner == host)
}
