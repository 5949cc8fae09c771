//! SQLAlchemy URLs: `dialect+driver://user:password@host:port/database?option=value`.
//!
//! The driver is irrelevant here; the dialect picks the client library, which gets a URL of its own.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use schemas_model::secret::Secret;

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

/// What every part of a URL is encoded with for the client libraries.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

fn encoded(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, ENCODED)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The parts of a URL as SQLAlchemy tells them apart: more generously than other readers of URLs
/// do, so that a password may hold `/`, `?`, `#` and `%` as they are; only `@` must be encoded.
#[derive(Default)]
struct Parts {
    user: Option<String>,
    password: Option<Secret>,
    host: String,
    port: Option<u16>,
    database: String,
    options: Vec<(String, String)>,
}

impl Parts {
    /// What comes after `dialect://`.
    fn parse(rest: &str) -> Result<Self, UrlError> {
        let malformed = |why: &str| UrlError::Malformed(why.to_owned());
        let mut parts = Parts::default();
        let name_ends = rest.find([':', '/']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_ends);
        let with_password = after
            .strip_prefix(':')
            .and_then(|after| after.split_once('@'));
        let mut rest = rest;
        if let Some((password, after)) = with_password {
            parts.user = Some(decoded(name));
            parts.password = Some(Secret::new(decoded(password)));
            rest = after;
        } else if let Some(at) = name.rfind('@') {
            parts.user = Some(decoded(&name[..at]));
            rest = &rest[at + 1..];
        }
        let authority_ends = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(authority_ends);
        let (host, port) = match authority.strip_prefix('[') {
            Some(inner) => {
                let (host, port) = inner
                    .rsplit_once(']')
                    .ok_or(malformed("a bracket is open"))?;
                (host, port.strip_prefix(':'))
            }
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        host.clone_into(&mut parts.host);
        if let Some(port) = port.filter(|port| !port.is_empty()) {
            let port = port
                .parse()
                .map_err(|_| malformed("the port is no port number"))?;
            parts.port = Some(port);
        }
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        parts.database = decoded(path.strip_prefix('/').unwrap_or(path));
        parts.options = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        Ok(parts)
    }

    /// The URL that a client library understands.
    fn to_library(&self, scheme: &str, options: &[(String, String)]) -> String {
        let mut text = format!("{scheme}://");
        if let Some(user) = &self.user {
            text.push_str(&encoded(user).to_string());
            if let Some(password) = &self.password {
                text.push_str(&format!(":{}", encoded(password.expose())));
            }
            text.push('@');
        }
        if self.host.contains(':') {
            text.push_str(&format!("[{}]", self.host));
        } else {
            text.push_str(&encoded(&self.host).to_string());
        }
        if let Some(port) = self.port {
            text.push_str(&format!(":{port}"));
        }
        text.push_str(&format!("/{}", encoded(&self.database)));
        for (index, (name, value)) in options.iter().enumerate() {
            let mark = if index == 0 { '?' } else { '&' };
            text.push_str(&format!("{mark}{}={}", encoded(name), encoded(value)));
        }
        text
    }
}

impl Target {
    /// Understands a SQLAlchemy URL.
    pub(crate) fn parse(text: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(UrlError::NotAUrl)?;
        let dialect = scheme
            .split_once('+')
            .map_or(scheme, |(dialect, _)| dialect);
        let parts = Parts::parse(rest)?;
        match dialect {
            "sqlite" => Self::sqlite(&parts),
            "mysql" | "mariadb" => Self::server(Backend::Mysql, parts),
            "postgresql" | "postgres" => Self::server(Backend::Postgresql, parts),
            other => Err(UrlError::UnknownDialect(other.to_owned())),
        }
    }

    /// Three slashes and a relative path, four and an absolute one, nothing for memory.
    fn sqlite(parts: &Parts) -> Result<Self, UrlError> {
        if !parts.host.is_empty() || parts.user.is_some() || parts.port.is_some() {
            return Err(UrlError::Malformed(
                "a SQLite file has no host: write sqlite:///relative or sqlite:////absolute"
                    .to_owned(),
            ));
        }
        let path = parts.database.as_str();
        let memory = path.is_empty() || path == ":memory:";
        let library_url = if memory {
            ":memory:".to_owned()
        } else if path.starts_with("file:") {
            // `file:` would make SQLite look for URI options; a plain path has none.
            format!("./{path}")
        } else {
            path.to_owned()
        };
        Ok(Target {
            backend: Backend::Sqlite,
            file: (!memory).then(|| PathBuf::from(&library_url)),
            url: Secret::new(library_url),
            password: None,
        })
    }

    fn server(backend: Backend, mut parts: Parts) -> Result<Self, UrlError> {
        if parts.database.trim_matches('/').is_empty() {
            return Err(UrlError::NoDatabase);
        }
        let given = std::mem::take(&mut parts.options);
        let (scheme, options) = match backend {
            Backend::Mysql => {
                let options = mysql_options(&given);
                let by_socket = options.iter().any(|(name, _)| name == "unix_socket");
                // To PyMySQL `localhost` is a host like others; the client library would look for a
                // socket where it was built to.
                if !by_socket && matches!(parts.host.as_str(), "" | "localhost") {
                    "127.0.0.1".clone_into(&mut parts.host);
                } else if by_socket {
                    "localhost".clone_into(&mut parts.host);
                }
                ("mysql", options)
            }
            _ => ("postgresql", postgresql_options(given)),
        };
        Ok(Target {
            backend,
            url: Secret::new(parts.to_library(scheme, &options)),
            password: parts.password,
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
/// `plugin`, ...) are settled by the session set-up. As with PyMySQL a CA means that the server's
/// certificate and its name are verified, unless `ssl_check_hostname` is false; a certificate of
/// our own alone means encryption.
fn mysql_options(options: &[(String, String)]) -> Vec<(String, String)> {
    const KEPT: &[&str] = &["unix_socket", "ssl_ca", "ssl_cert", "ssl_key", "ssl_mode"];
    let value = |wanted: &str| {
        let found = options.iter().rfind(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    };
    let is_true = |name: &str| value(name).map(|value| !matches!(value, "false" | "0" | "False"));
    let mut kept: Vec<(String, String)> = KEPT
        .iter()
        .copied()
        .filter_map(|name| Some((name.to_owned(), value(name)?.to_owned())))
        .collect();
    let verifies_name = is_true("ssl_check_hostname").unwrap_or(true);
    let mode = if is_true("ssl_verify_identity") == Some(true) {
        Some("verify_identity")
    } else if value("ssl_ca").is_some() {
        Some(if verifies_name {
            "verify_identity"
        } else {
            "verify_ca"
        })
    } else if is_true("ssl_verify_cert") == Some(true) {
        Some("verify_ca")
    } else if value("ssl_cert").is_some() {
        Some("required")
    } else {
        None
    };
    if let (Some(mode), None) = (mode, value("ssl_mode")) {
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
mod tests;
