//! The traits of a runbook: on nodes with one of them it may be run.

use diesel::prelude::*;
use schemas_model::ids::RunbookId;

use crate::Database;
use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};
use crate::tables::{runbook_traits, runbooks};

/// The object version that is written (Ironic 39.0.0).
pub(crate) const VERSION: &str = "1.0";

impl Database {
    /// Replaces the traits of a runbook; duplicates count once.
    ///
    /// # Errors
    /// [`DbError::NotFound`] when there is no such runbook.
    pub async fn runbook_traits_set(&self, runbook: RunbookId, traits: &[String]) -> DbResult<()> {
        let mut traits = traits.to_vec();
        traits.sort_unstable();
        traits.dedup();
        let now = Moment(self.now());
        self.transaction(move |connection| {
            lock(connection, runbook)?;
            diesel::delete(runbook_traits::table.filter(runbook_traits::runbook_id.eq(runbook.0)))
                .execute(connection)?;
            insert_traits(connection, runbook.0, &traits, now)
        })
        .await
    }

    /// Adds a trait; nothing happens when the runbook has it already.
    ///
    /// # Errors
    /// [`DbError::NotFound`] when there is no such runbook.
    pub async fn runbook_trait_add(&self, runbook: RunbookId, name: &str) -> DbResult<()> {
        let (name, now) = (name.to_owned(), Moment(self.now()));
        self.transaction(move |connection| {
            lock(connection, runbook)?;
            let there: i64 = runbook_traits::table
                .find((runbook.0, &name))
                .count()
                .get_result(connection)?;
            if there > 0 {
                return Ok(());
            }
            insert_traits(connection, runbook.0, std::slice::from_ref(&name), now)
        })
        .await
    }

    /// Takes a trait away.
    ///
    /// # Errors
    /// [`DbError::NotFound`] of the runbook or of the trait.
    pub async fn runbook_trait_remove(&self, runbook: RunbookId, name: &str) -> DbResult<()> {
        let name = name.to_owned();
        self.transaction(move |connection| {
            lock(connection, runbook)?;
            let count = diesel::delete(runbook_traits::table.find((runbook.0, &name)))
                .execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::RunbookTrait, &name));
            }
            Ok(())
        })
        .await
    }
}

/// Makes others wait who change the traits of the same runbook.
fn lock(connection: &mut AnyConnection, runbook: RunbookId) -> DbResult<()> {
    // An UPDATE that changes nothing: it locks the row on all backends.
    let count = diesel::update(runbooks::table.find(runbook.0))
        .set(runbooks::uuid.eq(runbooks::uuid))
        .execute(connection)?;
    if count == 0 {
        return Err(DbError::not_found(Resource::Runbook, runbook));
    }
    Ok(())
}

pub(super) fn insert_traits(
    connection: &mut AnyConnection,
    runbook: i32,
    traits: &[String],
    now: Moment,
) -> DbResult<()> {
    for name in traits {
        diesel::insert_into(runbook_traits::table)
            .values((
                runbook_traits::runbook_id.eq(runbook),
                runbook_traits::trait_.eq(name),
                runbook_traits::version.eq(VERSION),
                runbook_traits::created_at.eq(now),
            ))
            .execute(connection)?;
    }
    Ok(())
}
