//! `ferric dbsync`: create and maintain the database, with the exit statuses of `ironic-dbsync`.
//!
//! 0 done, 1 failed (or more rows are to be migrated), 2 the rows are of releases this one does not
//! know, 127 an argument of `online_data_migrations` that makes no sense.

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use schemas_db::Database;
use schemas_db::schema::{HEAD, Upgrade};

use crate::cli::{Dbsync, OnlineDataMigrations};
use crate::settings::Settings;
use crate::{database, logging, status, terminal};

/// Rows brought up to date at a time.
const BATCH: u64 = 50;

/// More rows may be left.
const UNFINISHED: u8 = 1;
/// Rows of releases that this one does not know.
const INCOMPATIBLE: u8 = 2;
/// Arguments that make no sense.
const NONSENSE: u8 = 127;

/// Runs one operation.
///
/// # Errors
/// One sentence that says what to do; the exit status is 1 then.
pub(crate) async fn run(settings: &Settings, operation: Dbsync) -> Result<ExitCode, String> {
    logging::start_quietly(&settings.config, "ironic-dbsync")?;
    for warning in &settings.warnings {
        tracing::warn!("{warning}");
    }
    let open = async || database::connect(&settings.config, settings.embedded.as_deref()).await;
    let say = |line: String| terminal::write_lines(&[line]);
    match operation {
        Dbsync::CreateSchema => {
            let created = open().await?.create_schema().await;
            created.map_err(|why| why.to_string())?;
            say(format!("created the schema at revision {HEAD}"))?;
        }
        Dbsync::Upgrade { revision } => {
            let database = open().await?;
            if let Some(code) = incompatible(&database).await? {
                return Ok(code);
            }
            let revision = revision.unwrap_or_else(|| "head".to_owned());
            let upgraded = database.upgrade_to(&revision).await;
            say(match upgraded.map_err(|why| why.to_string())? {
                Upgrade::Created => format!("created the schema at revision {HEAD}"),
                Upgrade::AtHead => format!("the database is at revision {HEAD} already"),
            })?;
        }
        Dbsync::Revision {
            message,
            autogenerate,
        } => {
            let title = message.map_or_else(String::new, |message| format!(" '{message}'"));
            let made = if autogenerate { "generated" } else { "written" };
            return Err(format!(
                "a new migration{title} is {made} with Ironic's own ironic-dbsync"
            ));
        }
        Dbsync::Version => {
            let version = open().await?.schema_version().await;
            let version = version.map_err(|why| why.to_string())?;
            // What Python prints when there is none; scripts compare with it.
            say(version.unwrap_or_else(|| "None".to_owned()))?;
        }
        Dbsync::Stamp { revision } => {
            let revision = revision.unwrap_or_else(|| "head".to_owned());
            let stamped = open().await?.stamp(&revision).await;
            stamped.map_err(|why| why.to_string())?;
            say(format!("recorded revision {revision}"))?;
        }
        Dbsync::OnlineDataMigrations(options) => {
            let database = open().await?;
            if let Some(code) = incompatible(&database).await? {
                return Ok(code);
            }
            if let Err(why) = checked(&options) {
                terminal::write_error(&why);
                return Ok(ExitCode::from(NONSENSE));
            }
            return migrate(&database, options.max_count).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what of the rows this release does not know, if there is a schema and such rows.
async fn incompatible(database: &Database) -> Result<Option<ExitCode>, String> {
    let version = database.schema_version().await;
    if version.map_err(|why| why.to_string())?.as_deref() != Some(HEAD) {
        // Nothing to look at; or another revision, which is refused for itself.
        return Ok(None);
    }
    Ok(status::objects(database).await?.map(|why| {
        terminal::write_error(&why);
        ExitCode::from(INCOMPATIBLE)
    }))
}

fn checked(options: &OnlineDataMigrations) -> Result<(), String> {
    if let Some(wrong) = options.option.iter().find(|option| {
        let rest = option.split_once('.').map(|(_, rest)| rest);
        !rest.is_some_and(|rest| rest.contains('='))
    }) {
        return Err(format!(
            "the option '{wrong}' is not of the form MIGRATION.OPTION=VALUE"
        ));
    }
    match options.max_count {
        Some(..=0) => Err("--max-count must be at least 1".to_owned()),
        _ => Ok(()),
    }
}

/// Migrates in batches until nothing is left, or once over so many rows.
async fn migrate(database: &Database, max_count: Option<i64>) -> Result<ExitCode, String> {
    let wanted = max_count.and_then(|count| u64::try_from(count).ok());
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} rows, {per_sec}") {
        bar.set_style(style);
    }
    let mut all: u64 = 0;
    let finished = loop {
        let batch = wanted.unwrap_or(BATCH);
        let outcome = database
            .online_data_migrations(batch)
            .await
            .map_err(|why| why.to_string())?;
        let migrated: u64 = outcome.iter().map(|migration| migration.migrated).sum();
        all += migrated;
        bar.set_position(all);
        let lines: Vec<String> = outcome
            .iter()
            .map(|done| format!("{}: {} of {} rows", done.name, done.migrated, done.total))
            .collect();
        bar.suspend(|| terminal::write_lines(&lines))?;
        // A full batch may have left something; a batch with room has not.
        if migrated < batch {
            break true;
        }
        if wanted.is_some() {
            break false;
        }
    };
    bar.finish_and_clear();
    if finished {
        terminal::write_lines(&[format!(
            "brought {all} rows up to date; nothing is left to do"
        )])?;
        Ok(ExitCode::SUCCESS)
    } else {
        terminal::write_lines(&[format!(
            "brought {all} rows up to date; run it again for the rest"
        )])?;
        Ok(ExitCode::from(UNFINISHED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_that_make_no_sense() {
        let check = |max_count, option: &[&str]| {
            checked(&OnlineDataMigrations {
                max_count,
                option: option.iter().map(|text| (*text).to_owned()).collect(),
            })
        };
        assert!(check(None, &[]).is_ok());
        assert!(check(Some(1), &["a.b=c", "a.b.c=d=e", "a.b="]).is_ok());
        for count in [0, -1] {
            assert!(check(Some(count), &[]).is_err());
        }
        for option in ["", "a", "a.b", "a=b", "a=b.c"] {
            assert!(check(None, &[option]).is_err(), "{option}");
        }
    }
}
