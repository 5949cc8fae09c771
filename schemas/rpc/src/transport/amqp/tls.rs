//! Certificates for a TLS connection to the broker.

use std::path::{Path, PathBuf};

use lapin::tcp::{OwnedIdentity, OwnedTLSConfig};

use super::options::Tls;

/// Where distributions keep the authorities they trust, in one PEM file.
const SYSTEM_AUTHORITIES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// A certificate file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// One of certificate and key is missing.
    #[error("ssl_cert_file and ssl_key_file belong together")]
    HalfIdentity,
    /// Nobody to trust.
    #[error("no certificate authorities found on this system; set ssl_ca_file")]
    NoAuthorities,
}

/// Reads the files now, so that a wrong path is told at start.
pub(super) fn load(tls: &Tls) -> Result<OwnedTLSConfig, TlsError> {
    let authorities = match &tls.ca_file {
        Some(path) => path.clone(),
        None => SYSTEM_AUTHORITIES
            .iter()
            .map(PathBuf::from)
            .find(|path| path.exists())
            .ok_or(TlsError::NoAuthorities)?,
    };
    let identity = match (&tls.cert_file, &tls.key_file) {
        (Some(cert), Some(key)) => Some(OwnedIdentity::PKCS8 {
            pem: read(cert)?,
            key: read(key)?,
        }),
        (None, None) => None,
        _ => return Err(TlsError::HalfIdentity),
    };
    Ok(OwnedTLSConfig {
        identity,
        cert_chain: Some(String::from_utf8_lossy(&read(&authorities)?).into_owned()),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::Read {
        path: path.to_owned(),
        source,
    })
}
