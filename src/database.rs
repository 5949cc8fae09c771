//! Opening the database as `[database]` says.

use std::path::Path;
use std::time::Duration;

use schemas_config::Config;
use schemas_db::{ConnectOptions, Database, SqliteSynchronous};

/// Seconds as a duration; negative means none.
fn seconds(number: i64) -> Duration {
    Duration::from_secs(u64::try_from(number).unwrap_or(0))
}

/// Connects.
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
    let Some(url) = config.database.connection.clone() else {
        return Err("[database]connection is not set: say where the database is".to_owned());
    };
    let mut options = ConnectOptions::new(url);
    let pool = config.database.max_pool_size.max(1) + config.database.max_overflow.max(0);
    options.max_connections = u32::try_from(pool)
        .unwrap_or(options.max_connections)
        .clamp(1, 16);
    options.recycle_after = seconds(config.database.connection_recycle_time.max(1));
    options.statement_timeout = seconds(config.database.sqlite_max_wait_for_retry.max(1));
    if embedded.is_some() || !config.database.sqlite_synchronous {
        options.sqlite_synchronous = SqliteSynchronous::Normal;
    }
    Database::connect(&options)
        .await
        .map_err(|why| format!("the database cannot be opened: {why}"))
}
