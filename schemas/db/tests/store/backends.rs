//! One test, three databases.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, MysqlConnection, PgConnection, RunQueryDsl, SqliteConnection};
use schemas_db::{Backend, ConnectOptions, Database, SqliteSynchronous};
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
    (@run $name:ident $backend:ident $(#[$ignore:meta])?) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$ignore])?
        async fn $name() {
            let empty = $crate::backends::Empty::on(schemas_db::Backend::$backend)
                .expect("the variable that names the server");
            let database = empty.connect().await;
            database.create_schema().await.unwrap();
            story(database).await;
        }
    };
    ($($(#[$meta:meta])* async fn $name:ident($db:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a test may need none of them")]
            use super::*;
            use schemas_db::Database;

            $(#[$meta])*
            async fn story($db: Database) $body

            $crate::backends::on_every_backend!(@run sqlite Sqlite);
            $crate::backends::on_every_backend!(@run postgresql Postgresql
                #[ignore = "needs a PostgreSQL: FERRIC_TEST_POSTGRESQL_URL"]);
            $crate::backends::on_every_backend!(@run mysql Mysql
                #[ignore = "needs a MariaDB or MySQL: FERRIC_TEST_MYSQL_URL"]);
        }
    )+};
}
pub(crate) use on_every_backend;

/// A database without anything in it, dropped when the test is over.
pub(crate) struct Empty {
    pub(crate) backend: Backend,
    /// As SQLAlchemy writes it.
    pub(crate) url: String,
    /// As the client library wants it.
    raw: String,
    place: Place,
}

enum Place {
    File(#[allow(dead_code, reason = "deletes itself")] tempfile::TempDir),
    Server { admin: String, name: String },
}

impl Empty {
    /// A new database; `None` when there is no such server to test on.
    pub(crate) fn on(backend: Backend) -> Option<Self> {
        match backend {
            Backend::Sqlite => {
                let directory = tempfile::tempdir().unwrap();
                let raw = format!("{}/ironic.db", directory.path().display());
                Some(Empty {
                    backend,
                    url: format!("sqlite:///{raw}"),
                    raw,
                    place: Place::File(directory),
                })
            }
            Backend::Postgresql => Self::on_server(backend, "FERRIC_TEST_POSTGRESQL_URL", ""),
            Backend::Mysql => {
                Self::on_server(backend, "FERRIC_TEST_MYSQL_URL", " CHARACTER SET utf8mb4")
            }
        }
    }

    fn on_server(backend: Backend, variable: &str, options: &str) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let given = std::env::var(variable).ok()?;
        let name = format!(
            "ferric_test_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let in_database = |url: &str| {
            let (base, query) = url
                .split_once('?')
                .map_or((url, None), |(b, q)| (b, Some(q)));
            let (server, _) = base.rsplit_once('/').unwrap();
            let query = query.map_or_else(String::new, |query| format!("?{query}"));
            format!("{server}/{name}{query}")
        };
        let (scheme, rest) = given.split_once("://").unwrap();
        let admin = format!("{}://{rest}", scheme.split('+').next().unwrap());
        execute(backend, &admin, &format!("CREATE DATABASE {name}{options}"));
        Some(Empty {
            backend,
            url: in_database(&given),
            raw: in_database(&admin),
            place: Place::Server { admin, name },
        })
    }

    /// Connects, with few connections and no waiting for the disk.
    pub(crate) async fn connect(&self) -> Database {
        let options = ConnectOptions {
            max_connections: 4,
            sqlite_synchronous: SqliteSynchronous::Normal,
            ..ConnectOptions::new(Secret::from(self.url.as_str()))
        };
        Database::connect(&options).await.unwrap()
    }

    /// What the client library connects to.
    pub(crate) fn address(&self) -> &str {
        &self.raw
    }

    /// Runs statements past the store.
    pub(crate) fn execute(&self, statements: &str) {
        execute(self.backend, &self.raw, statements);
    }

    /// Takes the write lock of a SQLite file, as another process would, until dropped.
    pub(crate) fn hold_write_lock(&self) -> SqliteConnection {
        let mut connection = SqliteConnection::establish(&self.raw).unwrap();
        connection.batch_execute("BEGIN IMMEDIATE").unwrap();
        connection
    }

    /// Ends every connection to a server's database, as an administrator or a fail-over does.
    pub(crate) fn cut_connections(&self) {
        match self.backend {
            Backend::Postgresql => {
                let cut = self.facts(
                    "SELECT pg_terminate_backend(pid)::text AS fact FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                );
                assert!(!cut.is_empty());
            }
            Backend::Mysql => {
                let cut = self.facts(
                    "SELECT CONCAT('KILL ', id) AS fact FROM information_schema.processlist \
                     WHERE db = DATABASE() AND id <> CONNECTION_ID()",
                );
                assert!(!cut.is_empty());
                cut.iter().for_each(|statement| self.execute(statement));
            }
            Backend::Sqlite => panic!("a file has no connections"),
        }
    }

    /// The first column, called `fact`, of what a statement selects; sorted.
    pub(crate) fn facts(&self, statement: &str) -> Vec<String> {
        let query = diesel::sql_query(statement);
        let rows: Vec<Fact> = match self.backend {
            Backend::Sqlite => query.load(&mut SqliteConnection::establish(&self.raw).unwrap()),
            Backend::Mysql => query.load(&mut MysqlConnection::establish(&self.raw).unwrap()),
            Backend::Postgresql => query.load(&mut PgConnection::establish(&self.raw).unwrap()),
        }
        .unwrap();
        let mut facts: Vec<String> = rows.into_iter().map(|row| row.fact).collect();
        facts.sort();
        facts
    }
}

#[derive(diesel::QueryableByName)]
struct Fact {
    #[diesel(sql_type = diesel::sql_types::Text)]
    fact: String,
}

fn execute(backend: Backend, url: &str, statements: &str) {
    match backend {
        Backend::Sqlite => SqliteConnection::establish(url)
            .unwrap()
            .batch_execute(statements),
        Backend::Mysql => MysqlConnection::establish(url)
            .unwrap()
            .batch_execute(statements),
        Backend::Postgresql => PgConnection::establish(url)
            .unwrap()
            .batch_execute(statements),
    }
    .unwrap();
}

impl Drop for Empty {
    fn drop(&mut self) {
        if let Place::Server { admin, name } = &self.place {
            let force = if self.backend == Backend::Postgresql {
                " WITH (FORCE)"
            } else {
                ""
            };
            execute(self.backend, admin, &format!("DROP DATABASE {name}{force}"));
        }
    }
}
