//! Nodes as a conductor's periodic tasks need them: a few columns, no JSON.

use diesel::prelude::*;
use schemas_model::ids::{ConductorId, NodeId, Uuid};
use schemas_model::power::PowerState;
use schemas_model::provision::State;

use super::filter::NodeFilter;
use super::lookup::LIST;
use crate::Database;
use crate::error::DbResult;
use crate::page::{Page, paged};
use crate::rows::{known_word, word};
use crate::tables::nodes;

/// What decides whether a periodic task does something about a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeBrief {
    /// Number.
    pub id: NodeId,
    /// UUID.
    pub uuid: Uuid,
    /// Hardware type; with the group, what the hash ring maps.
    pub driver: String,
    /// Conductor group.
    pub conductor_group: String,
    /// The conductor that last took it over.
    pub conductor_affinity: Option<ConductorId>,
    /// Who holds the lock.
    pub reservation: Option<String>,
    /// Provision state.
    pub provision_state: State,
    /// Power state as last seen.
    pub power_state: Option<PowerState>,
    /// Power state that was asked for.
    pub target_power_state: Option<PowerState>,
    /// Maintenance mode.
    pub maintenance: bool,
}

#[derive(diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = nodes)]
struct BriefRow {
    id: i32,
    uuid: Option<String>,
    driver: Option<String>,
    conductor_group: String,
    conductor_affinity: Option<i32>,
    reservation: Option<String>,
    provision_state: Option<String>,
    power_state: Option<String>,
    target_power_state: Option<String>,
    maintenance: Option<bool>,
}

impl BriefRow {
    fn into_brief(self) -> DbResult<NodeBrief> {
        Ok(NodeBrief {
            id: NodeId(self.id),
            uuid: Uuid::from_stored(self.uuid.unwrap_or_default()),
            driver: self.driver.unwrap_or_default(),
            conductor_group: self.conductor_group,
            conductor_affinity: self.conductor_affinity.map(ConductorId),
            reservation: self.reservation,
            provision_state: word("provision_state", self.provision_state)?
                .unwrap_or(State::Available),
            power_state: known_word("power_state", self.power_state),
            target_power_state: known_word("target_power_state", self.target_power_state),
            maintenance: self.maintenance.unwrap_or_default(),
        })
    }
}

impl Database {
    /// The nodes that a filter lets through, in brief.
    ///
    /// # Errors
    /// As [`Database::node_list`].
    pub async fn node_brief_list(
        &self,
        filter: &NodeFilter,
        page: &Page,
    ) -> DbResult<Vec<NodeBrief>> {
        let (filter, page, now) = (filter.clone(), page.clone(), self.now());
        self.read(move |connection| {
            let query = filter.query(connection, now)?;
            let clauses = page.clauses(connection, &LIST)?;
            let rows: Vec<BriefRow> =
                paged!(query.select(BriefRow::as_select()), clauses).load(connection)?;
            rows.into_iter().map(BriefRow::into_brief).collect()
        })
        .await
    }
}
