//! `ferric status`: the checks before an upgrade, and what is registered in the database.

mod checks;

use std::process::ExitCode;
use std::time::Duration;

use schemas_db::{ConductorPresence, Database, Page};
use schemas_model::Conductor;

use crate::cli;
use crate::settings::Settings;
use crate::{database, logging, terminal};

use checks::Outcome;

/// The checks could not be made.
const UNEXPECTED: u8 = 255;

/// Runs `ferric status` or `ironic-status upgrade check`; the exit status is that of the checks.
///
/// # Errors
/// When nothing can be checked, or the words are not known.
pub(crate) async fn run(settings: &Settings, what: cli::Status) -> Result<ExitCode, String> {
    logging::start_quietly(&settings.config, "ironic-status")?;
    let words: Vec<&str> = what.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["upgrade", "check"] => {
            Ok(upgrade_check(settings, what.json)
                .await
                .unwrap_or_else(|why| {
                    terminal::write_error(&why);
                    // Not to be taken for the outcome of a check.
                    ExitCode::from(UNEXPECTED)
                }))
        }
        [] => {
            let database =
                database::connect(&settings.config, settings.embedded.as_deref()).await?;
            conductors(settings, &database, what.json).await?;
            Ok(ExitCode::SUCCESS)
        }
        other => Err(format!(
            "status knows no '{}': try 'status' or 'status upgrade check'",
            other.join(" ")
        )),
    }
}

async fn upgrade_check(settings: &Settings, json: bool) -> Result<ExitCode, String> {
    let database = database::connect(&settings.config, settings.embedded.as_deref()).await?;
    let checks = checks::run(settings, &database).await?;
    let worst = checks.iter().map(|check| check.outcome).max();
    terminal::write_lines(&if json {
        vec![checks::as_json(&checks).to_string()]
    } else {
        checks::as_table(&checks)
    })?;
    Ok(ExitCode::from(worst.unwrap_or(Outcome::Success) as u8))
}

/// What this release would not understand of what others have stored.
///
/// # Errors
/// Those of the database.
pub(crate) async fn objects(database: &Database) -> Result<Option<String>, String> {
    let found = database
        .unsupported_objects()
        .await
        .map_err(|why| why.to_string())?;
    let rows: Vec<String> = found
        .iter()
        .map(|unsupported| {
            let version = unsupported.version.as_deref().unwrap_or("none");
            format!(
                "{} rows of {} have version {version}",
                unsupported.rows, unsupported.table
            )
        })
        .collect();
    Ok((!rows.is_empty()).then(|| {
        format!(
            "{}: finish `dbsync online_data_migrations` with the release that wrote them, or stay on it",
            rows.join(", ")
        )
    }))
}

async fn conductors(settings: &Settings, database: &Database, json: bool) -> Result<(), String> {
    let timeout = u64::try_from(settings.config.conductor.heartbeat_timeout).unwrap_or(60);
    let presence = ConductorPresence {
        heartbeat_timeout: Duration::from_secs(timeout),
    };
    let known = database
        .conductor_list(&Page::default())
        .await
        .map_err(|why| why.to_string())?;
    let state = |conductor: &Conductor| {
        if database.conductor_is_alive(conductor, presence) {
            "alive"
        } else {
            "dead"
        }
    };
    let lines = if json {
        let rows: Vec<_> = known
            .iter()
            .map(|conductor| {
                serde_json::json!({
                    "hostname": conductor.hostname,
                    "state": state(conductor),
                    "conductor_group": conductor.conductor_group,
                    "drivers": conductor.drivers,
                })
            })
            .collect();
        vec![serde_json::Value::Array(rows).to_string()]
    } else {
        let rows: Vec<[String; 4]> = known
            .iter()
            .map(|conductor| {
                [
                    conductor.hostname.clone(),
                    state(conductor).to_owned(),
                    conductor.conductor_group.clone(),
                    conductor.drivers.join(", "),
                ]
            })
            .collect();
        terminal::table(["Conductor", "State", "Group", "Hardware types"], &rows)
    };
    terminal::write_lines(&lines)
}
