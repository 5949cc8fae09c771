//! `ferric status`: the checks before an upgrade, and what is registered in the database.

use std::time::Duration;

use schemas_db::{ConductorPresence, Database, Page};
use schemas_model::Conductor;

use crate::cli;
use crate::settings::Settings;
use crate::{database, terminal};

/// The outcome of one check.
struct Check {
    name: &'static str,
    problem: Option<String>,
}

/// Runs `ferric status` or `ironic-status upgrade check`.
///
/// # Errors
/// When a check fails, or the words are not known.
pub(crate) async fn run(settings: &Settings, what: cli::Status) -> Result<(), String> {
    let words: Vec<&str> = what.words.iter().map(String::as_str).collect();
    let database = database::connect(&settings.config, settings.embedded.as_deref()).await?;
    match words.as_slice() {
        ["upgrade", "check"] => upgrade_check(&database, what.json).await,
        [] => conductors(settings, &database, what.json).await,
        other => Err(format!(
            "status knows no '{}': try 'status' or 'status upgrade check'",
            other.join(" ")
        )),
    }
}

async fn upgrade_check(database: &Database, json: bool) -> Result<(), String> {
    let schema = match database.adopt().await {
        Ok(()) => None,
        Err(why) => Some(why.to_string()),
    };
    // Without a schema there are no objects to look at.
    let objects = match schema {
        Some(_) => None,
        None => objects(database).await?,
    };
    let checks = [
        Check {
            name: "Database schema",
            problem: schema,
        },
        Check {
            name: "Object versions",
            problem: objects,
        },
    ];
    let failed = checks
        .iter()
        .filter(|check| check.problem.is_some())
        .count();
    let lines = if json {
        let rows: Vec<_> = checks
            .iter()
            .map(|check| serde_json::json!({"check": check.name, "ok": check.problem.is_none(), "problem": check.problem}))
            .collect();
        vec![serde_json::Value::Array(rows).to_string()]
    } else {
        let rows: Vec<[String; 3]> = checks
            .iter()
            .map(|check| {
                let result = if check.problem.is_none() {
                    "Success"
                } else {
                    "Failure"
                };
                [
                    check.name.to_owned(),
                    result.to_owned(),
                    check.problem.clone().unwrap_or_default(),
                ]
            })
            .collect();
        terminal::table(["Check", "Result", "Details"], &rows)
    };
    terminal::write_lines(&lines)?;
    if failed == 0 {
        Ok(())
    } else {
        Err(format!("{failed} upgrade checks failed"))
    }
}

/// What this release would not understand of what others have stored.
async fn objects(database: &Database) -> Result<Option<String>, String> {
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
