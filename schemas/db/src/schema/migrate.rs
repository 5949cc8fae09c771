//! Online data migrations: what can be brought up to date while the service runs.
//!
//! Ironic 39.0.0 has three: object versions, the `inspector` inspect interface (gone), and
//! runbooks from before they had traits.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use schemas_model::time::Timestamp;

use crate::Database;
use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::DbResult;
use crate::rows::version;
use crate::rows::{
    AllocationRow, BiosSettingRow, ChassisRow, ConductorRow, DeployTemplateRow,
    FirmwareComponentRow, InspectionRuleRow, NodeHistoryRow, NodeInventoryRow, NodeRow, PortRow,
    PortgroupRow, RunbookRow, VolumeConnectorRow, VolumeTargetRow,
};
use crate::store::RUNBOOK_TRAIT_VERSION;
use crate::tables::{nodes, runbook_traits, runbooks};

/// Tables that keep an object version: name, what a batch is picked by, the oldest minor version
/// that Ironic 39.0.0 still knows (`release_mappings`), the version of today. Its tool looks at no
/// other tables; the traits of nodes are not among them.
const VERSIONED: &[(&str, &str, u32, &str)] = &[
    ("allocations", "id", 0, AllocationRow::VERSION),
    ("bios_settings", "node_id", 0, BiosSettingRow::VERSION),
    ("chassis", "id", 3, ChassisRow::VERSION),
    ("conductors", "id", 2, ConductorRow::VERSION),
    ("deploy_templates", "id", 0, DeployTemplateRow::VERSION),
    (
        "firmware_information",
        "id",
        0,
        FirmwareComponentRow::VERSION,
    ),
    ("inspection_rules", "id", 0, InspectionRuleRow::VERSION),
    ("node_history", "id", 0, NodeHistoryRow::VERSION),
    ("node_inventory", "id", 0, NodeInventoryRow::VERSION),
    ("nodes", "id", 21, NodeRow::VERSION),
    ("portgroups", "id", 3, PortgroupRow::VERSION),
    ("ports", "id", 7, PortRow::VERSION),
    ("runbook_traits", "runbook_id", 0, RUNBOOK_TRAIT_VERSION),
    ("runbooks", "id", 0, RunbookRow::VERSION),
    ("volume_connectors", "id", 0, VolumeConnectorRow::VERSION),
    ("volume_targets", "id", 0, VolumeTargetRow::VERSION),
];

/// Rows that this release does not understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Their table.
    pub table: &'static str,
    /// The version of their objects; none when none was recorded.
    pub version: Option<String>,
    /// How many there are.
    pub rows: u64,
}

/// States in which a node's inspect interface must not change under it.
const INSPECTION: [&str; 3] = ["inspecting", "inspect wait", "inspect failed"];

/// What one migration found and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its name, as Ironic's tool shows it.
    pub name: &'static str,
    /// How many rows needed it before.
    pub total: u64,
    /// How many of them it changed.
    pub migrated: u64,
}

impl Database {
    /// Looks in all tables for objects of versions this release does not understand: newer ones,
    /// ones from before the oldest release it knows, and rows without a version. Nothing is changed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unsupported_objects(&self) -> DbResult<Vec<Unsupported>> {
        let mut found = Vec::new();
        for (table, _, oldest, latest) in VERSIONED.iter().copied() {
            let counted = self
                .transaction(move |connection| count_versions(connection, table))
                .await?;
            found.extend(
                counted
                    .into_iter()
                    .filter(|(stored, _)| !version::is_known(stored.as_deref(), oldest, latest))
                    .map(|(version, rows)| Unsupported {
                        table,
                        version,
                        rows,
                    }),
            );
        }
        Ok(found)
    }

    /// Runs the online data migrations in Ironic's order, over at most `max_count` rows altogether
    /// (0: all). They are done when fewer were migrated than might have been: nodes that are being
    /// inspected are left for later.
    ///
    /// Tables without a number are migrated whole owner by owner, so that their batches may be a
    /// little larger.
    ///
    /// # Errors
    /// [`DbError::NewerVersion`](crate::DbError::NewerVersion) when a newer release has written rows; nothing is lowered.
    pub async fn online_data_migrations(&self, max_count: u64) -> DbResult<Vec<Migration>> {
        let mut budget = if max_count == 0 { u64::MAX } else { max_count };
        let now = self.now();
        let mut done = Vec::new();
        let inspector = self
            .transaction(move |connection| leave_inspector(connection, budget, now))
            .await?;
        budget = budget.saturating_sub(inspector.migrated);
        done.push(inspector);

        let runbooks = self
            .transaction(move |connection| runbook_names_to_traits(connection, budget, now))
            .await?;
        budget = budget.saturating_sub(runbooks.migrated);
        done.push(runbooks);

        let mut versions = Migration {
            name: "update_to_latest_versions",
            total: 0,
            migrated: 0,
        };
        for (table, key, _, version) in VERSIONED.iter().copied() {
            let (total, migrated) = self
                .transaction(move |connection| {
                    raise_versions(connection, table, key, version, budget, now)
                })
                .await?;
            versions.total += total;
            versions.migrated += migrated;
            budget = budget.saturating_sub(migrated);
        }
        done.push(versions);
        Ok(done)
    }
}

#[derive(diesel::QueryableByName)]
struct VersionCount {
    #[diesel(sql_type = Text)]
    stored: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

#[derive(diesel::QueryableByName)]
struct AnyVersionCount {
    #[diesel(sql_type = diesel::sql_types::Nullable<Text>)]
    stored: Option<String>,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many rows of a table there are of each version.
fn count_versions(
    connection: &mut AnyConnection,
    table: &'static str,
) -> DbResult<Vec<(Option<String>, u64)>> {
    let found: Vec<AnyVersionCount> = diesel::sql_query(format!(
        "SELECT version AS stored, COUNT(*) AS number FROM {table} GROUP BY version"
    ))
    .load(connection)?;
    Ok(found
        .into_iter()
        .map(|row| (row.stored, u64::try_from(row.number).unwrap_or_default()))
        .collect())
}

fn raise_versions(
    connection: &mut AnyConnection,
    table: &'static str,
    key: &'static str,
    latest: &'static str,
    budget: u64,
    now: Timestamp,
) -> DbResult<(u64, u64)> {
    // Only our own words and versions of digits get into the statements.
    let found: Vec<VersionCount> = diesel::sql_query(format!(
        "SELECT version AS stored, COUNT(*) AS {quote}rows{quote} FROM {table} \
         WHERE version <> '{latest}' GROUP BY version",
        quote = if connection.backend() == crate::Backend::Mysql {
            '`'
        } else {
            '"'
        },
    ))
    .load(connection)?;
    let (mut total, mut migrated) = (0, 0);
    for VersionCount { stored, rows } in found {
        version::check(table, Some(&stored), latest)?;
        let rows = u64::try_from(rows).unwrap_or_default();
        total += rows;
        let left = budget.saturating_sub(migrated);
        if left == 0 {
            continue;
        }
        let batch = if rows <= left {
            String::new()
        } else {
            // Twice nested: MariaDB allows neither LIMIT in an IN nor the updated table in it.
            format!(
                " AND {key} IN (SELECT {key} FROM (SELECT {key} FROM {table} \
                 WHERE version = '{stored}' ORDER BY {key} LIMIT {left}) AS batch)"
            )
        };
        let moment = now.format("%Y-%m-%d %H:%M:%S%.6f");
        let count = diesel::sql_query(format!(
            "UPDATE {table} SET version = '{latest}', updated_at = '{moment}' \
             WHERE version = '{stored}'{batch}"
        ))
        .execute(connection)?;
        migrated += count as u64;
    }
    Ok((total, migrated))
}

/// `inspector` became `agent`.
fn leave_inspector(
    connection: &mut AnyConnection,
    budget: u64,
    now: Timestamp,
) -> DbResult<Migration> {
    let all = nodes::table.filter(nodes::inspect_interface.eq("inspector"));
    let total: i64 = all.count().get_result(connection)?;
    let ids: Vec<i32> = all
        .filter(nodes::provision_state.ne_all(INSPECTION))
        .order(nodes::id.asc())
        .limit(i64::try_from(budget).unwrap_or(i64::MAX))
        .select(nodes::id)
        .load(connection)?;
    let count = diesel::update(nodes::table.filter(nodes::id.eq_any(ids)))
        .set((
            nodes::inspect_interface.eq("agent"),
            nodes::updated_at.eq(Moment(now)),
        ))
        .execute(connection)?;
    Ok(Migration {
        name: "migrate_to_builtin_inspection",
        total: u64::try_from(total).unwrap_or_default(),
        migrated: count as u64,
    })
}

/// A runbook without traits gets its name as one: it was matched by name once.
fn runbook_names_to_traits(
    connection: &mut AnyConnection,
    budget: u64,
    now: Timestamp,
) -> DbResult<Migration> {
    let with_traits = runbook_traits::table.select(runbook_traits::runbook_id);
    let without: Vec<(i32, String)> = runbooks::table
        .filter(runbooks::id.ne_all(with_traits))
        .order(runbooks::id.asc())
        .select((runbooks::id, runbooks::name))
        .load(connection)?;
    let total = without.len() as u64;
    let mut migrated = 0;
    for (id, name) in without {
        if migrated == budget {
            break;
        }
        diesel::insert_into(runbook_traits::table)
            .values((
                runbook_traits::runbook_id.eq(id),
                runbook_traits::trait_.eq(name),
                runbook_traits::version.eq(RUNBOOK_TRAIT_VERSION),
                runbook_traits::created_at.eq(Moment(now)),
            ))
            .execute(connection)?;
        migrated += 1;
    }
    Ok(Migration {
        name: "migrate_runbook_names_to_traits",
        total,
        migrated,
    })
}
