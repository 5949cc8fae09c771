//! `transport_url`: `rabbit://user:password@host:port,user:password@host:port/virtual_host`.
//!
//! User names, passwords and the virtual host may be percent-encoded. Options after `?` are not
//! read here.

use percent_encoding::percent_decode_str;
use schemas_model::secret::Secret;

const DEFAULT_PORT: u16 = 5672;
const DEFAULT_USER: &str = "guest";

/// One broker of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Name or address, without brackets.
    pub host: String,
    /// Port; 5672 if none was given.
    pub port: u16,
    /// User name.
    pub user: String,
    /// Password.
    pub password: Secret,
}

/// A parsed `transport_url`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportUrl {
    /// At least one.
    pub hosts: Vec<Host>,
    /// `/` if none was given.
    pub virtual_host: String,
}

/// A `transport_url` that cannot be used. The URL itself is not shown: it holds passwords.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// Another broker than RabbitMQ.
    #[error("transport_url: '{0}://' is not supported, only rabbit://")]
    Scheme(String),
    /// Not a URL.
    #[error("transport_url is not of the form rabbit://user:password@host:port/virtual_host")]
    Form,
    /// A port that is not a number from 1 to 65535.
    #[error("transport_url: '{0}' is not a port")]
    Port(String),
}

impl std::str::FromStr for TransportUrl {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        let (scheme, rest) = text.split_once("://").ok_or(BadUrl::Form)?;
        if !matches!(scheme, "rabbit" | "kombu+rabbit" | "amqp") {
            return Err(BadUrl::Scheme(scheme.to_owned()));
        }
        let rest = rest.split('?').next().unwrap_or_default();
        let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
        let hosts = hosts.split(',').map(host).collect::<Result<Vec<_>, _>>()?;
        let virtual_host = match decoded(path) {
            path if path.is_empty() => "/".to_owned(),
            path => path,
        };
        Ok(TransportUrl {
            hosts,
            virtual_host,
        })
    }
}

fn host(text: &str) -> Result<Host, BadUrl> {
    let (credentials, address) = text.rsplit_once('@').unwrap_or(("", text));
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    let (host, port) = address_parts(address)?;
    let user = match decoded(user) {
        user if user.is_empty() => DEFAULT_USER.to_owned(),
        user => user,
    };
    let password = if credentials.is_empty() {
        DEFAULT_USER.to_owned()
    } else {
        decoded(password)
    };
    Ok(Host {
        host,
        port,
        user,
        password: Secret::new(password),
    })
}

fn address_parts(address: &str) -> Result<(String, u16), BadUrl> {
    let (host, port) = match address.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or(BadUrl::Form)?;
            (host, after.strip_prefix(':'))
        }
        None => match address.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (address, None),
        },
    };
    if host.is_empty() {
        return Err(BadUrl::Form);
    }
    let port = match port {
        None | Some("") => DEFAULT_PORT,
        Some(port) => match port.parse() {
            Ok(number) if number > 0 => number,
            _ => return Err(BadUrl::Port(port.to_owned())),
        },
    };
    Ok((host.to_owned(), port))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster() {
        let url: TransportUrl = "rabbit://u:p%40ss@h1:5671,u2:p2@[fd00::1]:5673/ir%2Fonic?ssl=1"
            .parse()
            .unwrap();
        assert_eq!(url.virtual_host, "ir/onic");
        assert_eq!(url.hosts[0].port, 5671);
        assert!(url.hosts[0].password.matches("p@ss"));
        assert_eq!(url.hosts[1].host, "fd00::1");
        assert_eq!(url.hosts[1].user, "u2");
    }

    #[test]
    fn the_shortest() {
        let url: TransportUrl = "rabbit://localhost".parse().unwrap();
        assert_eq!(url.virtual_host, "/");
        assert_eq!(
            (url.hosts[0].user.as_str(), url.hosts[0].port),
            ("guest", 5672)
        );
        let slash: TransportUrl = "rabbit://localhost/".parse().unwrap();
        assert_eq!(slash, url);
    }

    #[test]
    fn what_cannot_be_used() {
        for (text, error) in [
            ("kafka://h", BadUrl::Scheme("kafka".into())),
            ("rabbit:/h", BadUrl::Form),
            ("rabbit:///v", BadUrl::Form),
            ("rabbit://u:secret@h:0/", BadUrl::Port("0".into())),
            ("rabbit://[fd00::1", BadUrl::Form),
        ] {
            assert_eq!(text.parse::<TransportUrl>(), Err(error.clone()));
            assert!(!error.to_string().contains("secret"));
        }
    }
}
