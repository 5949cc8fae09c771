//! Nodes as the short list of the API shows them: a few columns, no JSON.

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use schemas_model::Node;
use schemas_model::ids::Uuid;
use schemas_model::power::PowerState;
use schemas_model::provision::State;

use super::filter::NodeFilter;
use super::lookup::LIST;
use crate::Database;
use crate::error::DbResult;
use crate::page::{Page, paged};
use crate::rows::{NodeRow, known_word, version, word};
use crate::tables::nodes;

/// What most lists show of a node, and who it belongs to, which policies ask about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeSummary {
    /// UUID.
    pub uuid: Uuid,
    /// Name.
    pub name: Option<String>,
    /// The instance on it.
    pub instance_uuid: Option<String>,
    /// Maintenance mode.
    pub maintenance: bool,
    /// Power state as last seen.
    pub power_state: Option<PowerState>,
    /// Provision state.
    pub provision_state: State,
    /// Owner.
    pub owner: Option<String>,
    /// Lessee.
    pub lessee: Option<String>,
}

impl NodeSummary {
    /// The fields of a node that a summary has.
    pub const FIELDS: &'static [&'static str] = &[
        "uuid",
        "name",
        "instance_uuid",
        "maintenance",
        "power_state",
        "provision_state",
        "owner",
        "lessee",
    ];

    /// Puts the summary into a node that stands for it; all its other fields keep what they have.
    pub fn put_into(self, node: &mut Node) {
        let NodeSummary {
            uuid,
            name,
            instance_uuid,
            maintenance,
            power_state,
            provision_state,
            owner,
            lessee,
        } = self;
        node.uuid = uuid;
        node.name = name;
        node.instance_uuid = instance_uuid;
        node.maintenance = maintenance;
        node.power_state = power_state;
        node.provision_state = provision_state;
        node.owner = owner;
        node.lessee = lessee;
    }
}

#[derive(diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = nodes)]
struct SummaryRow {
    uuid: Option<String>,
    name: Option<String>,
    instance_uuid: Option<String>,
    maintenance: Option<bool>,
    power_state: Option<String>,
    provision_state: Option<String>,
    owner: Option<String>,
    lessee: Option<String>,
    version: Option<String>,
}

impl SummaryRow {
    fn into_summary(self) -> DbResult<NodeSummary> {
        version::check("nodes", self.version.as_deref(), NodeRow::VERSION)?;
        Ok(NodeSummary {
            uuid: Uuid::from_stored(self.uuid.unwrap_or_default()),
            name: self.name,
            instance_uuid: self.instance_uuid,
            maintenance: self.maintenance.unwrap_or_default(),
            power_state: known_word("power_state", self.power_state),
            provision_state: word("provision_state", self.provision_state)?
                .unwrap_or(State::Available),
            owner: self.owner,
            lessee: self.lessee,
        })
    }
}

impl Database {
    /// The nodes that a filter lets through, a page of them, in short. One statement.
    ///
    /// # Errors
    /// As [`Database::node_list`].
    pub async fn node_summary_list(
        &self,
        filter: &NodeFilter,
        page: &Page,
    ) -> DbResult<Vec<NodeSummary>> {
        let (filter, page, now) = (filter.clone(), page.clone(), self.now());
        self.read(move |connection| {
            let query = filter.query(connection, now)?;
            let clauses = page.clauses(connection, &LIST)?;
            paged!(query.select(SummaryRow::as_select()), clauses)
                .load_iter::<SummaryRow, DefaultLoadingMode>(connection)?
                .map(|row| row?.into_summary())
                .collect()
        })
        .await
    }
}
