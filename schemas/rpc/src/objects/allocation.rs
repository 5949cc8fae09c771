//! Allocation on the wire (1.3).

use schemas_model::ids::{AllocationId, Uuid};
use schemas_model::{Allocation, AllocationState};

use super::row::row;
use super::{Object, Row};
use crate::version::Version;

impl Object for Allocation {
    const NAME: &'static str = "Allocation";
    const VERSION: Version = Version::one(3);
    const ROWS: &'static [Row<Self>] = &[
        row!("id", id),
        row!("uuid", uuid),
        row!("name", name),
        row!("node_id", node_id),
        row!("state", state),
        row!("last_error", last_error),
        row!("resource_class", resource_class),
        row!("traits", traits),
        row!("candidate_nodes", candidate_nodes),
        row!("extra", extra),
        row!("conductor_affinity", conductor_affinity),
        row!("owner", owner, since 1),
        row!("created_at", created_at),
        row!("updated_at", updated_at),
    ];

    fn blank() -> Self {
        Allocation {
            id: AllocationId(0),
            uuid: Uuid::from_stored(String::new()),
            name: None,
            node_id: None,
            state: AllocationState::Allocating,
            owner: None,
            last_error: None,
            resource_class: None,
            traits: Vec::new(),
            candidate_nodes: Vec::new(),
            extra: Default::default(),
            conductor_affinity: None,
            created_at: None,
            updated_at: None,
        }
    }
}
