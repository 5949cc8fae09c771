//! `ferric dbsync`: create and maintain the database.

use indicatif::{ProgressBar, ProgressStyle};
use schemas_db::Database;
use schemas_db::schema::{HEAD, Upgrade};

use crate::cli::{Dbsync, OnlineDataMigrations};
use crate::settings::Settings;
use crate::{database, terminal};

/// Rows brought up to date at a time.
const BATCH: u64 = 50;

/// Runs one operation.
///
/// # Errors
/// One sentence that says what to do.
pub(crate) async fn run(settings: &Settings, operation: Dbsync) -> Result<(), String> {
    let database = database::connect(&settings.config, settings.embedded.as_deref()).await?;
    let say = |line: String| terminal::write_lines(&[line]);
    match operation {
        Dbsync::CreateSchema => {
            database
                .create_schema()
                .await
                .map_err(|why| why.to_string())?;
            say(format!("created the schema at revision {HEAD}"))
        }
        Dbsync::Upgrade { .. } => match database.upgrade().await.map_err(|why| why.to_string())? {
            Upgrade::Created => say(format!("created the schema at revision {HEAD}")),
            Upgrade::AtHead => say(format!("the database is at revision {HEAD} already")),
        },
        Dbsync::Version => {
            let version = database
                .schema_version()
                .await
                .map_err(|why| why.to_string())?;
            say(version.unwrap_or_else(|| "none: the database has no schema".to_owned()))
        }
        Dbsync::Stamp { revision } => {
            let revision = revision.unwrap_or_else(|| HEAD.to_owned());
            database
                .stamp(&revision)
                .await
                .map_err(|why| why.to_string())?;
            say(format!("recorded revision {revision}"))
        }
        Dbsync::OnlineDataMigrations(options) => migrate(&database, &options).await,
    }
}

async fn migrate(database: &Database, options: &OnlineDataMigrations) -> Result<(), String> {
    let wanted = options.max_count.map_or(u64::MAX, u64::from);
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} rows, {per_sec}") {
        bar.set_style(style);
    }
    let mut done: u64 = 0;
    let left = loop {
        let batch = BATCH.min(wanted - done).max(1);
        let outcome = database
            .online_data_migrations(batch)
            .await
            .map_err(|why| why.to_string())?;
        let migrated: u64 = outcome.iter().map(|migration| migration.migrated).sum();
        let pending: u64 = outcome
            .iter()
            .map(|migration| migration.total - migration.migrated)
            .sum();
        done += migrated;
        bar.set_position(done);
        if pending == 0 || migrated == 0 || done >= wanted {
            break pending;
        }
    };
    bar.finish_and_clear();
    terminal::write_lines(&[format!("brought {done} rows up to date, {left} are left")])?;
    if left == 0 {
        Ok(())
    } else {
        Err(format!("{left} rows are left; run it again"))
    }
}
