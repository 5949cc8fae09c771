//! Runbooks, their steps and their traits.

mod traits;

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use schemas_model::ids::{RunbookId, Uuid};
use schemas_model::{Runbook, RunbookStep};

pub(crate) use self::traits::VERSION as RUNBOOK_TRAIT_VERSION;
use self::traits::insert_traits;
use super::by_owner::{ByOwner, Owners, of_owners};
use super::one;
use super::stepped::stepped;
use crate::Database;
use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, Shown, paged};
use crate::rows::listed::Listed;
use crate::rows::{RunbookRow, RunbookStepRow};
use crate::tables::{runbook_steps, runbook_traits, runbooks};
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

// Traits have functions of their own; a save leaves them alone.
stepped! {
    Runbook, RunbookId: RunbookRow of runbooks, Resource::Runbook;
    steps RunbookStep: RunbookStepRow of runbook_steps, runbook_id;
    insert runbook_insert, by_id runbook_by_id, by_uuid runbook_by_uuid,
    by_name runbook_by_name, by_ident runbook_by_ident, save runbook_save,
    destroy runbook_destroy;
    name_unique Unique::RunbookName
}

impl Database {
    /// A page of the runbooks that a filter lets through. Three statements, or one for bare rows.
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
            let listed = Listed::<RunbookRow>::of(&page.shown);
            let mut query = runbooks::table.into_boxed().select(listed);
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
            let rows = listed.load(connection, paged!(query, clauses))?;
            if page.bare {
                return rows.map(|row| row?.into_model()).collect();
            }
            let rows = rows.collect::<DbResult<_>>()?;
            all_with_parts(connection, rows)
        })
        .await
    }
}

/// Duplicate traits count once.
fn prepare(runbook: &mut Runbook) {
    runbook.traits.sort_unstable();
    runbook.traits.dedup();
}

fn insert_more(
    connection: &mut AnyConnection,
    id: i32,
    runbook: &Runbook,
    now: Moment,
) -> DbResult<()> {
    insert_traits(connection, id, &runbook.traits, now)
}

fn delete_more(connection: &mut AnyConnection, id: i32) -> DbResult<()> {
    diesel::delete(runbook_traits::table.filter(runbook_traits::runbook_id.eq(id)))
        .execute(connection)?;
    Ok(())
}

/// Two statements, however many runbooks there are.
fn all_with_parts(connection: &mut AnyConnection, rows: Vec<RunbookRow>) -> DbResult<Vec<Runbook>> {
    let mut steps = steps_of(connection, &rows)?;
    let owners = Owners::of(rows.iter().map(|row| row.id));
    let query = runbook_traits::table
        .into_boxed()
        .order((
            runbook_traits::runbook_id.asc(),
            runbook_traits::trait_.asc(),
        ))
        .select((runbook_traits::runbook_id, runbook_traits::trait_));
    let mut traits = ByOwner::sorted(
        of_owners!(query, runbook_traits::runbook_id, owners)
            .load_iter::<(i32, String), DefaultLoadingMode>(connection)?
            .map(|row| Ok(row?)),
    )?;
    rows.into_iter()
        .map(|row| {
            let mut runbook = row.into_model()?;
            runbook.steps = steps.take(runbook.id.0);
            runbook.traits = traits.take(runbook.id.0);
            Ok(runbook)
        })
        .collect()
}
