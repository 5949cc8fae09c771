//! What belongs to a runbook: steps and traits, for one and for many.

use std::collections::HashMap;

use diesel::prelude::*;
use schemas_model::{Runbook, RunbookStep};

use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::DbResult;
use crate::rows::{RunbookRow, RunbookStepRow};
use crate::tables::{runbook_steps, runbook_traits};

pub(super) fn insert_steps(
    connection: &mut AnyConnection,
    runbook: i32,
    steps: &[RunbookStep],
    now: Moment,
) -> DbResult<()> {
    for step in steps {
        diesel::insert_into(runbook_steps::table)
            .values(&RunbookStepRow::from_model(runbook, step, now))
            .execute(connection)?;
    }
    Ok(())
}

/// Makes the stored steps those that are wanted, and returns them as they are then: equal ones stay
/// where they are, others go, new ones come last, by interface and name. As in Ironic.
pub(super) fn replace_steps(
    connection: &mut AnyConnection,
    owner: i32,
    wanted: &[RunbookStep],
    now: Moment,
) -> DbResult<Vec<RunbookStep>> {
    let stored: Vec<(i32, RunbookStepRow)> = runbook_steps::table
        .filter(runbook_steps::runbook_id.eq(owner))
        .order(runbook_steps::id.asc())
        .select((runbook_steps::id, RunbookStepRow::as_select()))
        .load(connection)?;
    let mut new = wanted.to_vec();
    let mut steps = Vec::with_capacity(wanted.len());
    for (id, row) in stored {
        let step = row.into_model();
        match new.iter().position(|wanted| *wanted == step) {
            Some(at) => {
                new.remove(at);
                steps.push(step);
            }
            None => {
                diesel::delete(runbook_steps::table.find(id)).execute(connection)?;
            }
        }
    }
    new.sort_by(|a, b| (&a.interface, &a.step).cmp(&(&b.interface, &b.step)));
    insert_steps(connection, owner, &new, now)?;
    steps.extend(new);
    Ok(steps)
}

fn delete_steps(connection: &mut AnyConnection, runbook: i32) -> DbResult<()> {
    diesel::delete(runbook_steps::table.filter(runbook_steps::runbook_id.eq(runbook)))
        .execute(connection)?;
    Ok(())
}

pub(super) fn delete_parts(connection: &mut AnyConnection, runbook: i32) -> DbResult<()> {
    delete_steps(connection, runbook)?;
    diesel::delete(runbook_traits::table.filter(runbook_traits::runbook_id.eq(runbook)))
        .execute(connection)?;
    Ok(())
}

pub(super) fn with_parts(connection: &mut AnyConnection, row: RunbookRow) -> DbResult<Runbook> {
    let mut runbooks = all_with_parts(connection, vec![row])?;
    runbooks
        .pop()
        .ok_or_else(|| crate::DbError::Internal("a runbook got lost".into()))
}

/// Two statements, however many runbooks there are.
pub(super) fn all_with_parts(
    connection: &mut AnyConnection,
    rows: Vec<RunbookRow>,
) -> DbResult<Vec<Runbook>> {
    let ids: Vec<i32> = rows.iter().map(|row| row.id).collect();
    let mut steps: HashMap<i32, Vec<RunbookStep>> = HashMap::new();
    for row in runbook_steps::table
        .filter(runbook_steps::runbook_id.eq_any(ids.clone()))
        .order(runbook_steps::id.asc())
        .select(RunbookStepRow::as_select())
        .load::<RunbookStepRow>(connection)?
    {
        steps
            .entry(row.runbook_id)
            .or_default()
            .push(row.into_model());
    }
    let mut traits: HashMap<i32, Vec<String>> = HashMap::new();
    for (runbook, name) in runbook_traits::table
        .filter(runbook_traits::runbook_id.eq_any(ids))
        .order(runbook_traits::trait_.asc())
        .select((runbook_traits::runbook_id, runbook_traits::trait_))
        .load::<(i32, String)>(connection)?
    {
        traits.entry(runbook).or_default().push(name);
    }
    rows.into_iter()
        .map(|row| {
            let mut runbook = row.into_model()?;
            runbook.steps = steps.remove(&runbook.id.0).unwrap_or_default();
            runbook.traits = traits.remove(&runbook.id.0).unwrap_or_default();
            Ok(runbook)
        })
        .collect()
}
