//! Conductors: membership, the interfaces they offer, and what they leave behind.

use std::time::Duration;

use diesel::prelude::*;
use schemas_model::ids::ConductorId;
use schemas_model::{Conductor, ConductorInterface};

use super::one;
use crate::Database;
use crate::column::{JsonArray, Moment};
use crate::connection::{AnyConnection, MultiBackend};
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::{ConductorInterfaceRow, ConductorRow};
use crate::tables::{conductor_hardware_interfaces as interfaces, conductors, nodes};

const LIST: Paged = Paged {
    table: "conductors",
    columns: ConductorRow::COLUMNS,
    marker: "hostname",
    resource: Resource::Conductor,
};

/// What a conductor says about itself when it registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConductorRegistration {
    /// Host name, `[DEFAULT]host`.
    pub hostname: String,
    /// Its hardware types.
    pub drivers: Vec<String>,
    /// Its group; empty for the default one.
    pub conductor_group: String,
}

/// How conductors are told alive from dead (`[conductor]heartbeat_timeout`).
///
/// Alive: `online`, and a heartbeat that is not older than the time-out. Without clock rules
/// (SQLite, or a time-out of zero) only `online` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConductorPresence {
    /// How old a heartbeat may be.
    pub heartbeat_timeout: Duration,
}

impl Database {
    /// Registers a conductor, or takes its old row over: its number is kept.
    ///
    /// # Errors
    /// [`DbError::ConductorRegistered`] when the row is online and `update_existing` is not set.
    pub async fn conductor_register(
        &self,
        registration: &ConductorRegistration,
        update_existing: bool,
    ) -> DbResult<Conductor> {
        let (registration, now) = (registration.clone(), Moment(self.now()));
        self.transaction(move |connection| {
            let ConductorRegistration {
                hostname,
                drivers,
                conductor_group,
            } = registration.clone();
            let existing: Option<(i32, Option<bool>)> = conductors::table
                .filter(conductors::hostname.eq(&hostname))
                .select((conductors::id, conductors::online))
                .get_result(connection)
                .optional()?;
            let id = match existing {
                Some((_, Some(true))) if !update_existing => {
                    return Err(DbError::ConductorRegistered { hostname });
                }
                Some((id, _)) => {
                    diesel::update(conductors::table.find(id))
                        .set((
                            conductors::drivers.eq(JsonArray::of_texts(&drivers)),
                            conductors::conductor_group.eq(&conductor_group),
                            conductors::version.eq(ConductorRow::VERSION),
                            conductors::online.eq(true),
                            conductors::updated_at.eq(now),
                        ))
                        .execute(connection)?;
                    id
                }
                None => {
                    diesel::insert_into(conductors::table)
                        .values(&ConductorRow {
                            id: 0,
                            hostname: hostname.clone(),
                            drivers: Some(JsonArray::of_texts(&drivers)),
                            online: Some(true),
                            conductor_group,
                            version: Some(ConductorRow::VERSION.to_owned()),
                            created_at: Some(now),
                            updated_at: Some(now),
                        })
                        .execute(connection)
                        .map_err(|error| DbError::from(error).about(|_| Some(hostname)))?;
                    connection.last_insert_id()?
                }
            };
            let found = conductors::table
                .find(id)
                .select(ConductorRow::as_select())
                .get_result(connection);
            one(found, Resource::Conductor, id)?.into_model()
        })
        .await
    }

    /// Marks a conductor as offline; its row and number stay.
    ///
    /// # Errors
    /// [`DbError::NotFound`] when none of this name is online.
    pub async fn conductor_unregister(&self, hostname: &str) -> DbResult<()> {
        let (hostname, now) = (hostname.to_owned(), Moment(self.now()));
        self.write(move |connection| {
            let count = diesel::update(
                conductors::table
                    .filter(conductors::hostname.eq(&hostname))
                    .filter(conductors::online.eq(true)),
            )
            .set((conductors::online.eq(false), conductors::updated_at.eq(now)))
            .execute(connection)?;
            found(count, &hostname)
        })
        .await
    }

    /// A heartbeat.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn conductor_touch(&self, hostname: &str, online: bool) -> DbResult<()> {
        let (hostname, now) = (hostname.to_owned(), Moment(self.now()));
        self.write(move |connection| {
            let count =
                diesel::update(conductors::table.filter(conductors::hostname.eq(&hostname)))
                    .set((
                        conductors::online.eq(online),
                        conductors::updated_at.eq(now),
                    ))
                    .execute(connection)?;
            found(count, &hostname)
        })
        .await
    }

    /// Deletes a conductor: its locks, pending power requests, affinities and interfaces go first.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn conductor_destroy(&self, hostname: &str) -> DbResult<()> {
        let (hostname, now) = (hostname.to_owned(), Moment(self.now()));
        self.transaction(move |connection| {
            let id: i32 = one(
                conductors::table
                    .filter(conductors::hostname.eq(&hostname))
                    .select(conductors::id)
                    .get_result(connection),
                Resource::Conductor,
                &hostname,
            )?;
            clear_target_power(connection, &hostname, now)?;
            clear_reservations(connection, &hostname, now)?;
            diesel::update(nodes::table.filter(nodes::conductor_affinity.eq(id)))
                .set((
                    nodes::conductor_affinity.eq(None::<i32>),
                    nodes::updated_at.eq(now),
                ))
                .execute(connection)?;
            diesel::delete(interfaces::table.filter(interfaces::conductor_id.eq(id)))
                .execute(connection)?;
            diesel::delete(conductors::table.find(id)).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Deletes the conductors without a heartbeat for longer than `age`, on SQLite those that are
    /// offline; at most `limit`. Returns their host names.
    pub async fn conductor_purge_stale(&self, age: Duration, limit: u32) -> DbResult<Vec<String>> {
        let silent = self
            .backend()
            .has_clock_rules()
            .then(|| self.before_now(age));
        let stale: Vec<String> = self
            .read(move |connection| {
                Ok(silent_or_offline(silent)
                    .order(conductors::id.asc())
                    .limit(i64::from(limit))
                    .select(conductors::hostname)
                    .load(connection)?)
            })
            .await?;
        for hostname in &stale {
            match self.conductor_destroy(hostname).await {
                // Another conductor was faster.
                Ok(()) | Err(DbError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(stale)
    }

    /// One conductor by host name, online or not.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn conductor_by_hostname(&self, hostname: &str) -> DbResult<Conductor> {
        let hostname = hostname.to_owned();
        self.look_up(move |connection| {
            let found = conductors::table
                .filter(conductors::hostname.eq(&hostname))
                .select(ConductorRow::as_select())
                .get_result(connection);
            one(found, Resource::Conductor, &hostname)?.into_model()
        })
        .await
    }

    /// A page of the conductors; a marker is a host name.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn conductor_list(&self, page: &Page) -> DbResult<Vec<Conductor>> {
        let page = page.clone();
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let query = conductors::table
                .into_boxed()
                .select(ConductorRow::as_select());
            let rows: Vec<ConductorRow> = paged!(query, clauses).load(connection)?;
            rows.into_iter().map(ConductorRow::into_model).collect()
        })
        .await
    }

    /// The conductors that are alive.
    pub async fn conductor_list_alive(
        &self,
        presence: ConductorPresence,
    ) -> DbResult<Vec<Conductor>> {
        let limit = self.oldest_heartbeat(presence);
        self.read(move |connection| {
            let rows: Vec<ConductorRow> = alive(limit)
                .select(ConductorRow::as_select())
                .order(conductors::id.asc())
                .load(connection)?;
            rows.into_iter().map(ConductorRow::into_model).collect()
        })
        .await
    }

    /// The conductors whose heartbeat is too old; on SQLite, those that are not online.
    ///
    /// As in Ironic, `online` does not count where there are clock rules: a conductor that is
    /// shutting down and still beats is not offline.
    pub async fn conductor_list_offline(
        &self,
        presence: ConductorPresence,
    ) -> DbResult<Vec<Conductor>> {
        let silent = self
            .backend()
            .has_clock_rules()
            .then(|| self.before_now(presence.heartbeat_timeout));
        self.read(move |connection| {
            let rows: Vec<ConductorRow> = silent_or_offline(silent)
                .select(ConductorRow::as_select())
                .order(conductors::id.asc())
                .load(connection)?;
            rows.into_iter().map(ConductorRow::into_model).collect()
        })
        .await
    }

    /// Whether a conductor is alive.
    pub fn conductor_is_alive(&self, conductor: &Conductor, presence: ConductorPresence) -> bool {
        conductor.online
            && self.oldest_heartbeat(presence).is_none_or(|limit| {
                conductor
                    .updated_at
                    .is_some_and(|beat| Moment(beat) >= limit)
            })
    }

    /// Replaces the interfaces that a conductor offers.
    ///
    /// # Errors
    /// [`DbError::Duplicate`] when one is given twice.
    pub async fn conductor_interfaces_register(
        &self,
        conductor: ConductorId,
        offered: &[ConductorInterface],
    ) -> DbResult<()> {
        let now = Moment(self.now());
        let rows: Vec<ConductorInterfaceRow> = offered
            .iter()
            .map(|interface| ConductorInterfaceRow::from_interface(interface, now))
            .collect();
        self.transaction(move |connection| {
            diesel::delete(interfaces::table.filter(interfaces::conductor_id.eq(conductor.0)))
                .execute(connection)?;
            for row in &rows {
                diesel::insert_into(interfaces::table)
                    .values(row)
                    .execute(connection)
                    .map_err(|error| {
                        DbError::from(error).about(|_| {
                            Some(format!(
                                "{} {} {}",
                                row.hardware_type, row.interface_type, row.interface_name
                            ))
                        })
                    })?;
            }
            Ok(())
        })
        .await
    }

    /// Forgets the interfaces that a conductor offers.
    pub async fn conductor_interfaces_unregister(&self, conductor: ConductorId) -> DbResult<()> {
        self.write(move |connection| {
            diesel::delete(interfaces::table.filter(interfaces::conductor_id.eq(conductor.0)))
                .execute(connection)?;
            Ok(())
        })
        .await
    }

    /// The interfaces that one conductor offers.
    pub async fn conductor_interface_list(
        &self,
        conductor: ConductorId,
    ) -> DbResult<Vec<ConductorInterface>> {
        self.read(move |connection| {
            let rows: Vec<ConductorInterfaceRow> = interfaces::table
                .filter(interfaces::conductor_id.eq(conductor.0))
                .order(interfaces::id.asc())
                .select(ConductorInterfaceRow::as_select())
                .load(connection)?;
            rows.into_iter()
                .map(ConductorInterfaceRow::into_interface)
                .collect()
        })
        .await
    }

    /// The interfaces that the living conductors offer, with their conductors: what drivers there
    /// are, their defaults, and the hash ring are made of it. Two statements.
    pub async fn conductor_interface_list_alive(
        &self,
        presence: ConductorPresence,
    ) -> DbResult<Vec<(Conductor, Vec<ConductorInterface>)>> {
        let limit = self.oldest_heartbeat(presence);
        self.read(move |connection| {
            let rows: Vec<ConductorRow> = alive(limit)
                .select(ConductorRow::as_select())
                .order(conductors::id.asc())
                .load(connection)?;
            let ids: Vec<i32> = rows.iter().map(|row| row.id).collect();
            let offered: Vec<ConductorInterfaceRow> = interfaces::table
                .filter(interfaces::conductor_id.eq_any(ids))
                .order(interfaces::id.asc())
                .select(ConductorInterfaceRow::as_select())
                .load(connection)?;
            let mut offered = offered
                .into_iter()
                .map(ConductorInterfaceRow::into_interface)
                .collect::<DbResult<Vec<_>>>()?;
            rows.into_iter()
                .map(|row| {
                    let conductor = row.into_model()?;
                    let (its, rest) = std::mem::take(&mut offered)
                        .into_iter()
                        .partition(|interface| interface.conductor_id == conductor.id);
                    offered = rest;
                    Ok((conductor, its))
                })
                .collect()
        })
        .await
    }

    /// Releases every lock of a host; returns the UUIDs of the nodes.
    ///
    /// As in Ironic the host name is compared without regard to case, and `%` and `_` in it are
    /// wildcards.
    pub async fn conductor_clear_reservations(&self, hostname: &str) -> DbResult<Vec<String>> {
        let (hostname, now) = (hostname.to_owned(), Moment(self.now()));
        self.transaction(move |connection| clear_reservations(connection, &hostname, now))
            .await
    }

    /// Forgets the pending power requests of nodes that a host holds, and says so in their
    /// `last_error`; returns the UUIDs of the nodes.
    pub async fn conductor_clear_target_power(&self, hostname: &str) -> DbResult<Vec<String>> {
        let (hostname, now) = (hostname.to_owned(), Moment(self.now()));
        self.transaction(move |connection| clear_target_power(connection, &hostname, now))
            .await
    }

    fn before_now(&self, age: Duration) -> Moment {
        let age = chrono::Duration::from_std(age).unwrap_or(chrono::Duration::MAX);
        Moment(
            schemas_model::time::now()
                .checked_sub_signed(age)
                .unwrap_or(schemas_model::time::Timestamp::MIN),
        )
    }

    /// The oldest heartbeat that counts; `None` when the clock does not count.
    fn oldest_heartbeat(&self, presence: ConductorPresence) -> Option<Moment> {
        (self.backend().has_clock_rules() && !presence.heartbeat_timeout.is_zero())
            .then(|| self.before_now(presence.heartbeat_timeout))
    }
}

fn found(count: usize, hostname: &str) -> DbResult<()> {
    if count == 0 {
        return Err(DbError::not_found(Resource::Conductor, hostname));
    }
    Ok(())
}

fn alive(limit: Option<Moment>) -> conductors::BoxedQuery<'static, MultiBackend> {
    let query = conductors::table
        .into_boxed()
        .filter(conductors::online.eq(true));
    match limit {
        Some(limit) => query.filter(conductors::updated_at.ge(limit)),
        None => query,
    }
}

/// Without a heartbeat since a moment; without one, not online.
fn silent_or_offline(since: Option<Moment>) -> conductors::BoxedQuery<'static, MultiBackend> {
    let query = conductors::table.into_boxed();
    match since {
        Some(since) => query.filter(conductors::updated_at.lt(since)),
        None => query.filter(conductors::online.eq(false)),
    }
}

/// Nodes that a host holds: `reservation ILIKE hostname`.
fn held(connection: &mut AnyConnection, hostname: &str) -> DbResult<Vec<(i32, Option<String>)>> {
    use diesel::dsl::sql;
    use diesel::sql_types::{Bool, Text};
    Ok(nodes::table
        .filter(nodes::reservation.is_not_null())
        .filter(
            sql::<Bool>("LOWER(nodes.reservation) LIKE LOWER(")
                .bind::<Text, _>(hostname.to_owned())
                .sql(")"),
        )
        .select((nodes::id, nodes::uuid))
        .load(connection)?)
}

fn clear_reservations(
    connection: &mut AnyConnection,
    hostname: &str,
    now: Moment,
) -> DbResult<Vec<String>> {
    let (ids, uuids): (Vec<i32>, Vec<Option<String>>) =
        held(connection, hostname)?.into_iter().unzip();
    if !ids.is_empty() {
        diesel::update(nodes::table.filter(nodes::id.eq_any(ids)))
            .set((
                nodes::reservation.eq(None::<String>),
                nodes::updated_at.eq(now),
            ))
            .execute(connection)?;
    }
    Ok(uuids.into_iter().flatten().collect())
}

fn clear_target_power(
    connection: &mut AnyConnection,
    hostname: &str,
    now: Moment,
) -> DbResult<Vec<String>> {
    let ids: Vec<i32> = held(connection, hostname)?
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    let pending: Vec<(i32, Option<String>)> = nodes::table
        .filter(nodes::id.eq_any(ids))
        .filter(nodes::target_power_state.is_not_null())
        .select((nodes::id, nodes::uuid))
        .load(connection)?;
    let (ids, uuids): (Vec<i32>, Vec<Option<String>>) = pending.into_iter().unzip();
    if !ids.is_empty() {
        diesel::update(nodes::table.filter(nodes::id.eq_any(ids)))
            .set((
                nodes::target_power_state.eq(None::<String>),
                nodes::last_error
                    .eq("Pending power operation was aborted due to conductor restart"),
                nodes::updated_at.eq(now),
            ))
            .execute(connection)?;
    }
    Ok(uuids.into_iter().flatten().collect())
}
