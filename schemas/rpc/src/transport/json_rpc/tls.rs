//! The server's certificate.

use std::path::PathBuf;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// `[json_rpc]server_tls_minimum_version`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MinimumTls {
    /// TLS 1.2
    V1_2,
    /// TLS 1.3
    #[default]
    V1_3,
}

/// `[json_rpc]use_ssl` and what belongs to it.
#[derive(Clone, Debug)]
pub struct ServerTls {
    /// `cert_file`: the certificate and its chain, PEM.
    pub cert_file: PathBuf,
    /// `key_file`, PEM.
    pub key_file: PathBuf,
    /// Older clients are refused.
    pub minimum: MinimumTls,
}

/// A certificate that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadCertificate {
    /// A PEM file that cannot be read.
    #[error("cannot read {path}: {source}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    /// Certificate and key do not fit together, or not this machine.
    #[error("certificate and key cannot be used: {0}")]
    Use(#[from] rustls::Error),
}

impl ServerTls {
    pub(super) fn config(&self) -> Result<ServerConfig, BadCertificate> {
        let pem = |path: &PathBuf, source| BadCertificate::Pem {
            path: path.clone(),
            source,
        };
        let chain = CertificateDer::pem_file_iter(&self.cert_file)
            .and_then(Iterator::collect)
            .map_err(|source| pem(&self.cert_file, source))?;
        let key = PrivateKeyDer::from_pem_file(&self.key_file)
            .map_err(|source| pem(&self.key_file, source))?;
        let versions: &[_] = match self.minimum {
            MinimumTls::V1_2 => &[&rustls::version::TLS12, &rustls::version::TLS13],
            MinimumTls::V1_3 => &[&rustls::version::TLS13],
        };
        let provider = rustls::crypto::ring::default_provider();
        let config = ServerConfig::builder_with_provider(provider.into())
            .with_protocol_versions(versions)?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        Ok(config)
    }
}
