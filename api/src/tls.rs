//! TLS of the API (`[api]enable_ssl_api`): certificate and key out of PEM files, lowest version.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Why TLS cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or holds no PEM of the wanted kind.
    #[error("{path}: no {what} can be read from it")]
    File {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
        /// Why not.
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    /// Certificate and key do not fit.
    #[error("{path}: the certificate or its key cannot be used")]
    Unusable {
        /// The certificate's file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: rustls::Error,
    },
}

/// Reads a certificate chain and its key. `only_13` refuses TLS 1.2
/// (`[api]server_tls_minimum_version`, 1.3 by default).
///
/// # Errors
/// [`TlsError`], which names the file.
pub fn server_config(
    certificate: &Path,
    key: &Path,
    only_13: bool,
) -> Result<Arc<ServerConfig>, TlsError> {
    let failed = |path: &Path, what: &'static str| {
        let path = path.to_owned();
        move |source| TlsError::File { path, what, source }
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(failed(certificate, "certificate"))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(failed(key, "private key"))?;
    let versions: &[&rustls::SupportedProtocolVersion] = if only_13 {
        &[&rustls::version::TLS13]
    } else {
        rustls::ALL_VERSIONS
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let unusable = |source| TlsError::Unusable {
        path: certificate.to_owned(),
        source,
    };
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(unusable)?;
    Ok(Arc::new(config))
}
