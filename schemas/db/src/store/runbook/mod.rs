//! Runbooks, their steps and their traits.

mod parts;
mod traits;

use diesel::prelude::*;
use schemas_model::Runbook;
use schemas_model::ids::{RunbookId, Uuid};

use self::parts::{all_with_parts, delete_parts, insert_steps, replace_steps, with_parts};
pub(crate) use self::traits::VERSION as RUNBOOK_TRAIT_VERSION;
use self::traits::insert_traits;
use super::one;
use crate::Database;
use crate::column::Moment;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::RunbookRow;
use crate::tables::runbooks;
use crate::unique::Unique;

const LIST: Paged = Paged {
    table: "runbooks",
    columns: RunbookRow::COLUMNS,
    marker: "uuid",
    resource: Resource::Runbook,
};

/// Which runbooks: all conditions that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct RunbookFilter {
    /// Public or not.
    pub public: Option<bool>,
    /// Of this owner.
    pub owner: Option<String>,
    /// Of this owner, or public: what a project may use.
    pub project: Option<String>,
    /// With one of these names.
    pub name_in: Option<Vec<String>>,
    /// That run without the ramdisk, or with it.
    pub disable_ramdisk: Option<bool>,
}

impl Database {
    /// Creates a runbook with its steps and traits; duplicate traits count once.
    ///
    /// # Errors
    /// [`DbError::Duplicate`] of the UUID or the name.
    pub async fn runbook_insert(&self, runbook: &Runbook) -> DbResult<Runbook> {
        let mut created = runbook.clone();
        let now = self.now();
        created.created_at = Some(now);
        created.updated_at = None;
        created.traits.sort_unstable();
        created.traits.dedup();
        let about = created.clone();
        let id = self
            .transaction(move |connection| {
                diesel::insert_into(runbooks::table)
                    .values(&RunbookRow::from_model(&about))
                    .execute(connection)
                    .map_err(|error| taken(error, &about))?;
                let id = connection.last_insert_id()?;
                insert_steps(connection, id, &about.steps, Moment(now))?;
                insert_traits(connection, id, &about.traits, Moment(now))?;
                Ok(id)
            })
            .await?;
        created.id = RunbookId(id);
        Ok(created)
    }

    /// One runbook by number.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn runbook_by_id(&self, id: RunbookId) -> DbResult<Runbook> {
        self.read(move |connection| {
            let found = runbooks::table
                .find(id.0)
                .select(RunbookRow::as_select())
                .first(connection);
            with_parts(connection, one(found, Resource::Runbook, id)?)
        })
        .await
    }

    /// One runbook by UUID.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn runbook_by_uuid(&self, uuid: &Uuid) -> DbResult<Runbook> {
        let uuid = uuid.clone();
        self.read(move |connection| {
            let found = runbooks::table
                .filter(runbooks::uuid.eq(uuid.as_str()))
                .select(RunbookRow::as_select())
                .first(connection);
            with_parts(connection, one(found, Resource::Runbook, &uuid)?)
        })
        .await
    }

    /// One runbook by name.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn runbook_by_name(&self, name: &str) -> DbResult<Runbook> {
        let name = name.to_owned();
        self.read(move |connection| {
            let found = runbooks::table
                .filter(runbooks::name.eq(&name))
                .select(RunbookRow::as_select())
                .first(connection);
            with_parts(connection, one(found, Resource::Runbook, &name)?)
        })
        .await
    }

    /// One runbook by UUID or name.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn runbook_by_ident(&self, ident: &str) -> DbResult<Runbook> {
        match Uuid::parse(ident) {
            Ok(uuid) => self.runbook_by_uuid(&uuid).await,
            Err(_) => self.runbook_by_name(ident).await,
        }
    }

    /// A page of the runbooks that a filter lets through. Three statements.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn runbook_list(
        &self,
        filter: &RunbookFilter,
        page: &Page,
    ) -> DbResult<Vec<Runbook>> {
        let (filter, page) = (filter.clone(), page.clone());
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let mut query = runbooks::table.into_boxed().select(RunbookRow::as_select());
            if let Some(public) = filter.public {
                query = query.filter(runbooks::public.eq(public));
            }
            if let Some(without) = filter.disable_ramdisk {
                query = query.filter(runbooks::disable_ramdisk.eq(without));
            }
            if let Some(owner) = &filter.owner {
                query = query.filter(runbooks::owner.eq(owner.clone()));
            }
            if let Some(project) = &filter.project {
                query = query.filter(
                    runbooks::owner
                        .eq(project.clone())
                        .or(runbooks::public.eq(true)),
                );
            }
            if let Some(names) = &filter.name_in {
                query = query.filter(runbooks::name.eq_any(names.clone()));
            }
            let rows: Vec<RunbookRow> = paged!(query, clauses).load(connection)?;
            all_with_parts(connection, rows)
        })
        .await
    }

    /// Writes the columns in which `after` differs from `before`, and its steps if they differ.
    /// Traits have functions of their own.
    ///
    /// # Errors
    /// [`DbError::NotFound`], [`DbError::Duplicate`] of the name.
    pub async fn runbook_save(&self, before: &Runbook, after: &mut Runbook) -> DbResult<()> {
        let changes = RunbookRow::changes(
            &RunbookRow::from_model(before),
            RunbookRow::from_model(after),
        );
        let other_steps = before.steps != after.steps;
        if changes.is_empty() && !other_steps {
            return Ok(());
        }
        let now = self.now();
        // New steps alone leave the time of the last change, as in Ironic.
        let stamped = (!changes.is_empty()).then(|| changes.stamped(now));
        let is_stamped = stamped.is_some();
        let about = after.clone();
        let steps = self
            .transaction(move |connection| {
                let id = about.id.0;
                let count = match &stamped {
                    Some(changes) => diesel::update(runbooks::table.find(id))
                        .set(changes)
                        .execute(connection)
                        .map_err(|error| taken(error, &about))?,
                    None => {
                        let there: i64 = runbooks::table.find(id).count().get_result(connection)?;
                        usize::try_from(there).unwrap_or_default()
                    }
                };
                if count == 0 {
                    return Err(DbError::not_found(Resource::Runbook, &about.uuid));
                }
                if other_steps {
                    return replace_steps(connection, id, &about.steps, Moment(now));
                }
                Ok(about.steps.clone())
            })
            .await?;
        after.steps = steps;
        if is_stamped {
            after.updated_at = Some(now);
        }
        Ok(())
    }

    /// Deletes a runbook with its steps and traits.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn runbook_destroy(&self, id: RunbookId) -> DbResult<()> {
        self.transaction(move |connection| {
            delete_parts(connection, id.0)?;
            let count = diesel::delete(runbooks::table.find(id.0)).execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::Runbook, id));
            }
            Ok(())
        })
        .await
    }
}

/// Says which value of the runbook was taken.
fn taken(error: diesel::result::Error, runbook: &Runbook) -> DbError {
    DbError::from(error).about(|unique| {
        Some(match unique {
            Unique::RunbookName => runbook.name.clone(),
            _ => runbook.uuid.to_string(),
        })
    })
}
