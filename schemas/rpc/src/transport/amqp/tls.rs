//! Certificates for a TLS connection to the broker.

use std::path::{Path, PathBuf};

use lapin::tcp::{OwnedIdentity, OwnedTLSConfig};

use super::options::Tls;

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
}

/// Reads the files now, so that a wrong path is told at start.
pub(super) fn load(tls: &Tls) -> Result<OwnedTLSConfig, TlsError> {
    let identity = match (&tls.cert_file, &tls.key_file) {
        (Some(cert), Some(key)) => Some(OwnedIdentity::PKCS8 {
            pem: read(cert)?,
            key: read(key)?,
        }),
        (None, None) => None,
        _ => return Err(TlsError::HalfIdentity),
    };
    let authorities = tls.ca_file.as_deref().map(read).transpose()?;
    Ok(OwnedTLSConfig {
        identity,
        cert_chain: authorities.map(|pem| String::from_utf8_lossy(&pem).into_owned()),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::Read {
        path: path.to_owned(),
        source,
    })
}
