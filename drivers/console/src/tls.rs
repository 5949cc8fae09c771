//! TLS of consoles (`[ferric_console]terminal_cert_dir`).

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use schemas_model::{Class, Fault};
use tokio_rustls::TlsAcceptor;

/// The chain, the leaf first.
const CERTIFICATE: &str = "certificate.pem";
/// Its private key.
const KEY: &str = "key.pem";

/// Reads certificate and key anew, so that renewed ones are used from the next start of a console.
///
/// # Errors
/// `ConsoleError`, which names the file.
pub(crate) fn acceptor(directory: &str) -> Result<TlsAcceptor, Fault> {
    let (certificate, key) = (
        Path::new(directory).join(CERTIFICATE),
        Path::new(directory).join(KEY),
    );
    let failed = |path: &Path, why: &dyn std::fmt::Display| {
        Fault::new(
            Class::ConsoleError,
            format!(
                "TLS of consoles ([ferric_console]terminal_cert_dir) cannot use {}: {why}.",
                path.display()
            ),
        )
    };
    let chain = CertificateDer::pem_file_iter(&certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|why| failed(&certificate, &why))?;
    let private = PrivateKeyDer::from_pem_file(&key).map_err(|why| failed(&key, &why))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(rustls::ALL_VERSIONS)
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(chain, private)
        })
        .map_err(|why| failed(&certificate, &why))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
