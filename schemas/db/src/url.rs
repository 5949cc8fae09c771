//! SQLAlchemy URLs: `dialect+driver://user:password@host:port/database?option=value`.
//!
//! The driver is irrelevant here; the dialect picks the client library, which gets a URL of its own.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use schemas_model::secret::Secret;
use url::Url;

use crate::backend::Backend;

/// Why a connection URL cannot be used. Never holds the URL: there is a password in it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UrlError {
    /// Not `dialect://...`.
    #[error("it is not of the form dialect://...")]
    NotAUrl,
    /// None of our databases.
    #[error("unknown dialect '{0}'; known are sqlite, mysql, mariadb and postgresql")]
    UnknownDialect(String),
    /// No database is named.
    #[error("it names no database")]
    NoDatabase,
    /// Something after the scheme is malformed.
    #[error("it is malformed: {0}")]
    Malformed(String),
}

/// Where to connect to, in the words of the client library.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    backend: Backend,
    url: Secret,
    password: Option<Secret>,
    file: Option<PathBuf>,
}

impl Target {
    /// Understands a SQLAlchemy URL.
    pub(crate) fn parse(text: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(UrlError::NotAUrl)?;
        let dialect = scheme
            .split_once('+')
            .map_or(scheme, |(dialect, _)| dialect);
        match dialect {
            "sqlite" => Ok(Self::sqlite(rest)),
            "mysql" | "mariadb" => Self::server(Backend::Mysql, "mysql", rest),
            "postgresql" | "postgres" => Self::server(Backend::Postgresql, "postgresql", rest),
            other => Err(UrlError::UnknownDialect(other.to_owned())),
        }
    }

    /// Three slashes and a relative path, four and an absolute one, nothing for memory.
    fn sqlite(rest: &str) -> Self {
        let path = rest.split_once('?').map_or(rest, |(path, _)| path);
        let path = path.strip_prefix('/').unwrap_or(path);
        let memory = path.is_empty() || path == ":memory:";
        let library_url = if memory {
            ":memory:".to_owned()
        } else if path.starts_with("file:") {
            // `file:` would make SQLite look for URI options; a plain path has none.
            format!("./{path}")
        } else {
            path.to_owned()
        };
        Target {
            backend: Backend::Sqlite,
            file: (!memory).then(|| PathBuf::from(&library_url)),
            url: Secret::new(library_url),
            password: None,
        }
    }

    fn server(backend: Backend, scheme: &str, rest: &str) -> Result<Self, UrlError> {
        let malformed = |error: url::ParseError| UrlError::Malformed(error.to_string());
        // SQLAlchemy allows `///name` (no host): the client library's default, its local socket.
        let mut url = Url::parse(&format!("{scheme}://{rest}")).map_err(malformed)?;
        if url.path().trim_matches('/').is_empty() {
            return Err(UrlError::NoDatabase);
        }
        let options: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let kept: Vec<(String, String)> = match backend {
            Backend::Mysql => mysql_options(&options),
            _ => postgresql_options(options),
        };
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
            // libpq does not read `+` as a space.
            let query = url.query().unwrap_or_default().replace('+', "%20");
            url.set_query(Some(&query));
        }
        let password = url.password().map(|password| {
            Secret::new(
                percent_decode_str(password)
                    .decode_utf8_lossy()
                    .into_owned(),
            )
        });
        Ok(Target {
            backend,
            url: Secret::new(url.into()),
            password,
            file: None,
        })
    }

    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    /// What the client library is given.
    pub(crate) fn url(&self) -> &Secret {
        &self.url
    }

    /// The SQLite file; `None` for servers and for a database in memory.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether the database is gone when the connection is.
    pub(crate) fn is_memory(&self) -> bool {
        self.backend == Backend::Sqlite && self.file.is_none()
    }

    /// The text without the password, should a client library have put it in.
    pub(crate) fn redact(&self, text: &str) -> String {
        match &self.password {
            Some(password) if !password.expose().is_empty() => {
                text.replace(password.expose().as_str(), "***")
            }
            _ => text.trim().to_owned(),
        }
    }
}

/// PyMySQL's options that mean something to the client library; the others (`charset`,
/// `plugin`, ...) are settled by the session set-up. A CA or `ssl` switches verification on, as
/// PyMySQL does.
fn mysql_options(options: &[(String, String)]) -> Vec<(String, String)> {
    let mut kept: Vec<(String, String)> = options
        .iter()
        .filter(|(name, _)| {
            matches!(
                name.as_str(),
                "unix_socket" | "ssl_ca" | "ssl_cert" | "ssl_key" | "ssl_mode"
            )
        })
        .cloned()
        .collect();
    let verifies = kept.iter().any(|(name, _)| name == "ssl_ca");
    if verifies && !kept.iter().any(|(name, _)| name == "ssl_mode") {
        let checks_name = options
            .iter()
            .any(|(name, value)| name == "ssl_check_hostname" && value != "false");
        let mode = if checks_name {
            "verify_identity"
        } else {
            "verify_ca"
        };
        kept.push(("ssl_mode".to_owned(), mode.to_owned()));
    }
    kept
}

/// libpq's options pass through; a deadline for connecting is added when there is none.
fn postgresql_options(mut options: Vec<(String, String)>) -> Vec<(String, String)> {
    for (name, value) in [
        ("connect_timeout", "10"),
        ("tcp_user_timeout", "30000"),
        ("application_name", "ferric"),
    ] {
        if !options.iter().any(|(given, _)| given == name) {
            options.push((name.to_owned(), value.to_owned()));
        }
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Target {
        Target::parse(url).unwrap()
    }

    #[test]
    fn sqlite_paths_count_slashes() {
        assert_eq!(target("sqlite:///a/b.db").file(), Some(Path::new("a/b.db")));
        assert_eq!(
            target("sqlite:////var/lib/x.db").file(),
            Some(Path::new("/var/lib/x.db"))
        );
        assert!(target("sqlite://").is_memory());
        assert!(target("sqlite:///:memory:").is_memory());
    }

    #[test]
    fn drivers_are_dropped() {
        let mysql = target("mysql+pymysql://u:p%40ss@db:3306/ironic?charset=utf8");
        assert_eq!(mysql.backend(), Backend::Mysql);
        assert_eq!(mysql.url().expose(), "mysql://u:p%40ss@db:3306/ironic");
        let postgresql = target("postgresql+psycopg2://u:p@db/ironic?connect_timeout=3");
        assert_eq!(postgresql.backend(), Backend::Postgresql);
        assert!(
            postgresql
                .url()
                .expose()
                .starts_with("postgresql://u:p@db/ironic?connect_timeout=3")
        );
        assert_eq!(target("postgres://db/x").backend(), Backend::Postgresql);
        assert_eq!(
            target("mariadb+mariadbconnector://db/x").backend(),
            Backend::Mysql
        );
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        assert_eq!(Target::parse("ironic.db").unwrap_err(), UrlError::NotAUrl);
        assert_eq!(
            Target::parse("oracle://u:hunter2@db/x").unwrap_err(),
            UrlError::UnknownDialect("oracle".into())
        );
        assert_eq!(
            Target::parse("mysql://u:hunter2@db").unwrap_err(),
            UrlError::NoDatabase
        );
        let redacted = target("mysql://u:hunter2@db/x").redact("denied for u (hunter2)");
        assert_eq!(redacted, "denied for u (***)");
    }
}
