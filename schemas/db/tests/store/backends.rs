//! One test, three databases.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, MysqlConnection, PgConnection};
use schemas_db::{ConnectOptions, Database, SqliteSynchronous};
use schemas_model::secret::Secret;

/// Defines a test that runs on every backend.
///
/// ```ignore
/// on_every_backend! {
///     async fn a_chassis_is_found(db) {
///         assert!(db.chassis_list(&Page::all()).await.unwrap().is_empty());
///     }
/// }
/// ```
macro_rules! on_every_backend {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a test may need none of them")]
            use super::*;
            use schemas_db::Database;

            $(#[$meta])*
            async fn story($db: Database) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let scratch = $crate::backends::Scratch::sqlite().await;
                story(scratch.database.clone()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgresql() {
                if let Some(scratch) = $crate::backends::Scratch::postgresql().await {
                    story(scratch.database.clone()).await;
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn mysql() {
                if let Some(scratch) = $crate::backends::Scratch::mysql().await {
                    story(scratch.database.clone()).await;
                }
            }
        }
    )+};
}
pub(crate) use on_every_backend;

/// A database with the schema in it, dropped when the test is over.
pub(crate) struct Scratch {
    pub(crate) database: Database,
    place: Place,
}

enum Place {
    File(#[allow(dead_code, reason = "deletes itself")] tempfile::TempDir),
    Server { admin: String, name: String },
}

impl Scratch {
    pub(crate) async fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite:///{}/ironic.db", directory.path().display());
        let database = connect(&url).await;
        database.create_schema().await.unwrap();
        Scratch {
            database,
            place: Place::File(directory),
        }
    }

    pub(crate) async fn postgresql() -> Option<Self> {
        Self::on_server("FERRIC_TEST_POSTGRESQL_URL").await
    }

    pub(crate) async fn mysql() -> Option<Self> {
        Self::on_server("FERRIC_TEST_MYSQL_URL").await
    }

    async fn on_server(variable: &str) -> Option<Self> {
        let (admin, name, url) = empty_database(variable)?;
        let database = connect(&url).await;
        database.create_schema().await.unwrap();
        Some(Scratch {
            database,
            place: Place::Server { admin, name },
        })
    }
}

/// Creates an empty database on the server that a variable names: admin URL, name, its URL.
pub(crate) fn empty_database(variable: &str) -> Option<(String, String, String)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let given = std::env::var(variable).ok()?;
    let name = format!(
        "ferric_test_{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let (scheme, rest) = given.split_once("://").unwrap();
    let admin = format!("{}://{rest}", scheme.split('+').next().unwrap());
    let charset = if admin.starts_with("mysql") {
        " CHARACTER SET utf8mb4"
    } else {
        ""
    };
    execute(&admin, &format!("CREATE DATABASE {name}{charset}"));
    let (base, query) = given.split_once('?').unwrap_or((&given, ""));
    let (server, _) = base.rsplit_once('/').unwrap();
    let url = if query.is_empty() {
        format!("{server}/{name}")
    } else {
        format!("{server}/{name}?{query}")
    };
    Some((admin, name, url))
}

/// Runs statements on a server or a file, past the store.
pub(crate) fn execute(url: &str, statements: &str) {
    if let Some(path) = url.strip_prefix("sqlite:///") {
        let mut connection = diesel::SqliteConnection::establish(path).unwrap();
        connection.batch_execute(statements).unwrap();
    } else if url.starts_with("mysql") {
        let mut connection = MysqlConnection::establish(url).unwrap();
        connection.batch_execute(statements).unwrap();
    } else {
        let mut connection = PgConnection::establish(url).unwrap();
        connection.batch_execute(statements).unwrap();
    }
}

/// Connects, with few connections and no waiting for the disk.
pub(crate) async fn connect(url: &str) -> Database {
    let options = ConnectOptions {
        max_connections: 4,
        sqlite_synchronous: SqliteSynchronous::Normal,
        ..ConnectOptions::new(Secret::from(url))
    };
    Database::connect(&options).await.unwrap()
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Place::Server { admin, name } = &self.place {
            let force = if admin.starts_with("postgres") {
                " WITH (FORCE)"
            } else {
                ""
            };
            execute(admin, &format!("DROP DATABASE {name}{force}"));
        }
    }
}
