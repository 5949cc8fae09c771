//! Opening the database as `[database]` says.

use std::path::Path;
use std::time::Duration;

use schemas_config::Config;
use schemas_config::section::database::Database as Options;
use schemas_db::{ConnectOptions, Database, DbError, SqliteSynchronous};

/// Seconds as a duration; negative means none.
fn seconds(number: i64) -> Duration {
    Duration::from_secs(u64::try_from(number).unwrap_or(0))
}

/// Connects; a server that is not there yet is waited for as `max_retries` and `retry_interval` say.
///
/// # Errors
/// One sentence that says what to do; never the URL, which holds a password.
pub(crate) async fn connect(config: &Config, embedded: Option<&Path>) -> Result<Database, String> {
    if let Some(data_dir) = embedded {
        std::fs::create_dir_all(data_dir).map_err(|why| {
            format!(
                "the data directory {} cannot be made: {why}",
                data_dir.display()
            )
        })?;
    }
    let options = options(&config.database, embedded.is_some())?;
    let is_server = !options.url.expose().trim_start().starts_with("sqlite");
    let mut retries = Retries::new(&config.database, is_server);
    loop {
        let why = match Database::connect(&options).await {
            Ok(database) => return Ok(database),
            Err(why) => why,
        };
        let Some(pause) = retries.pause_after(&why) else {
            return Err(format!("the database cannot be opened: {why}"));
        };
        tracing::warn!(error = %why, "the database cannot be opened; trying again in {} s", pause.as_secs());
        tokio::time::sleep(pause).await;
    }
}

/// How the database is used.
fn options(section: &Options, embedded: bool) -> Result<ConnectOptions, String> {
    let Some(url) = &section.connection else {
        return Err("[database]connection is not set: say where the database is".to_owned());
    };
    let mut url = url.expose().clone();
    if !section.connection_parameters.is_empty() {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&section.connection_parameters);
    }
    let mut options = ConnectOptions::new(url);
    let pool = section
        .max_pool_size
        .max(1)
        .saturating_add(section.max_overflow.max(0));
    options.max_connections = u32::try_from(pool)
        .unwrap_or(options.max_connections)
        .clamp(1, 16);
    // What is negative never ends.
    options.recycle_after = (section.connection_recycle_time >= 0)
        .then(|| seconds(section.connection_recycle_time.max(1)));
    options.statement_timeout = seconds(section.sqlite_max_wait_for_retry.max(1));
    options.mysql_sql_mode.clone_from(&section.mysql_sql_mode);
    options.mysql_wsrep_sync_wait = section
        .mysql_wsrep_sync_wait
        .and_then(|bits| u32::try_from(bits).ok());
    if embedded || !section.sqlite_synchronous {
        options.sqlite_synchronous = SqliteSynchronous::Normal;
    }
    Ok(options)
}

/// What MariaDB, MySQL and PostgreSQL say when they are there and do not let us in.
const REFUSALS: &[&str] = &[
    "Access denied",
    "Unknown database",
    "authentication failed",
    "does not exist",
    "no pg_hba.conf entry",
];

/// How often connecting is tried again.
struct Retries {
    /// `None` for ever.
    left: Option<u64>,
    interval: Duration,
}

impl Retries {
    /// A file is there or not: only servers are waited for.
    fn new(section: &Options, is_server: bool) -> Self {
        Retries {
            left: if is_server {
                u64::try_from(section.max_retries).ok()
            } else {
                Some(0)
            },
            interval: seconds(section.retry_interval),
        }
    }

    /// How long to wait before the next try; none when this was the last, or the reason will not pass.
    fn pause_after(&mut self, why: &DbError) -> Option<Duration> {
        let DbError::Unavailable { reason } = why else {
            return None;
        };
        if REFUSALS.iter().any(|refusal| reason.contains(refusal)) {
            return None;
        }
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(1)?;
        }
        Some(self.interval)
    }
}

#[cfg(test)]
mod tests {
    use schemas_config::{Machine, Sources};

    use super::*;

    fn section(changes: &[(&str, &str)]) -> Options {
        let sources = changes
            .iter()
            .fold(Sources::new(Machine::detect()), |sources, (name, value)| {
                sources.set("database", name, value)
            });
        Config::load(sources).unwrap().0.database.clone()
    }

    #[test]
    fn connection_parameters_are_appended() {
        for (connection, url) in [
            ("mysql+pymysql://db/x", "mysql+pymysql://db/x?a=b"),
            ("mysql+pymysql://db/x?c=d", "mysql+pymysql://db/x?c=d&a=b"),
        ] {
            let section = section(&[("connection", connection), ("connection_parameters", "a=b")]);
            assert_eq!(options(&section, false).unwrap().url.expose(), url);
        }
        assert!(options(&section(&[]), false).is_err());
    }

    #[test]
    fn a_negative_age_is_never_reached() {
        for (age, replaced) in [("-1", None), ("0", Some(1)), ("60", Some(60))] {
            let section = section(&[
                ("connection", "postgresql://db/x"),
                ("connection_recycle_time", age),
            ]);
            let options = options(&section, false).unwrap();
            assert_eq!(options.recycle_after, replaced.map(Duration::from_secs));
        }
    }

    #[test]
    fn servers_are_waited_for_and_files_are_not() {
        let away = || DbError::Unavailable {
            reason: "refused".to_owned(),
        };
        let section = section(&[("max_retries", "2"), ("retry_interval", "7")]);
        let mut retries = Retries::new(&section, true);
        assert_eq!(retries.pause_after(&DbError::Internal("odd".into())), None);
        let refused = DbError::Unavailable {
            reason: "Access denied for user 'ironic'@'localhost'".to_owned(),
        };
        assert_eq!(retries.pause_after(&refused), None);
        assert_eq!(retries.pause_after(&away()), Some(Duration::from_secs(7)));
        assert_eq!(retries.pause_after(&away()), Some(Duration::from_secs(7)));
        assert_eq!(retries.pause_after(&away()), None);
        assert_eq!(Retries::new(&section, false).pause_after(&away()), None);
        let for_ever = self::section(&[("max_retries", "-1")]);
        assert_eq!(Retries::new(&for_ever, true).left, None);
    }
}
