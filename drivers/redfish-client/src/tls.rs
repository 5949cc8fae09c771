//! Which certificates and TLS versions are accepted from a BMC.
//!
//! rustls with the ring provider. A certificate that stands in the CA bundle itself is accepted for
//! its names (pinning): BMCs come with self-signed certificates marked as CA, which a strict
//! verifier would refuse as server certificates.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme, SupportedCipherSuite,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};

use crate::wire_enum::wire_enum;

/// Most certificates read from a bundle or directory.
const MAX_CERTIFICATES: usize = 2000;

/// Whose certificates are trusted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Verify {
    /// Those that the system's trust store vouches for.
    #[default]
    System,
    /// Those that this file, or a file in this directory, vouches for or contains.
    Bundle(PathBuf),
    /// Any. The connection is encrypted but the peer is not known.
    Off,
}

wire_enum! {
    /// The oldest TLS version spoken.
    TlsMinimum {
        /// TLS 1.2. Also what `1.1` is taken for: rustls has nothing older.
        Tls12 = "1.2",
        /// TLS 1.3.
        Tls13 = "1.3",
    }
}

/// How TLS is spoken with a BMC. BMCs with equal policies share a connection pool.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TlsPolicy {
    /// Whose certificates are trusted.
    pub verify: Verify,
    /// The oldest version; `None` is TLS 1.2.
    pub minimum: Option<TlsMinimum>,
    /// Colon-separated OpenSSL or IANA names of the cipher suites to offer; names without a rustls
    /// equivalent are skipped. TLS 1.3 suites stay unless some are named, as in OpenSSL.
    pub ciphers: Option<String>,
}

/// OpenSSL's names of the TLS 1.2 suites; everything else of a suite is in rustls.
const OPENSSL_NAMES: &[(&str, &str)] = &[
    (
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    ),
    (
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    ),
    (
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    ),
    (
        "ECDHE-RSA-AES256-GCM-SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    ),
    (
        "ECDHE-RSA-AES128-GCM-SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    ),
    (
        "ECDHE-RSA-CHACHA20-POLY1305",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    ),
];

impl TlsPolicy {
    /// Builds the rustls configuration.
    ///
    /// # Errors
    /// A text for people: the bundle can't be read or has no certificate, or no cipher is left.
    pub fn client_config(&self) -> Result<ClientConfig, String> {
        let provider = Arc::new(self.provider()?);
        let versions: &[&rustls::SupportedProtocolVersion] = match self.minimum {
            Some(TlsMinimum::Tls13) => &[&rustls::version::TLS13],
            Some(TlsMinimum::Tls12) | None => &[&rustls::version::TLS13, &rustls::version::TLS12],
        };
        let verifier: Arc<dyn ServerCertVerifier> = match &self.verify {
            Verify::Off => Arc::new(AnyCertificate(Arc::clone(&provider))),
            Verify::System => trusting(system_certificates(), &provider)?,
            Verify::Bundle(path) => trusting(bundle_certificates(path)?, &provider)?,
        };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .map_err(|error| {
                format!("no usable combination of TLS version and cipher suite: {error}")
            })?;
        Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth())
    }

    fn provider(&self) -> Result<CryptoProvider, String> {
        let mut provider = ring::default_provider();
        if let Some(list) = &self.ciphers {
            provider.cipher_suites = chosen_suites(list, &provider.cipher_suites);
            if provider.cipher_suites.is_empty() {
                return Err(format!("none of the cipher suites {list} is available"));
            }
        }
        Ok(provider)
    }
}

fn chosen_suites(list: &str, available: &[SupportedCipherSuite]) -> Vec<SupportedCipherSuite> {
    let names: Vec<String> = list
        .split([':', ',', ' '])
        .map(|name| {
            let iana = OPENSSL_NAMES
                .iter()
                .find(|(openssl, _)| openssl.eq_ignore_ascii_case(name))
                .map_or(name, |(_, iana)| iana);
            // IANA writes TLS_AES_..., rustls TLS13_AES_...
            iana.to_ascii_uppercase()
                .replace("TLS_AES", "TLS13_AES")
                .replace("TLS_CHACHA20", "TLS13_CHACHA20")
        })
        .collect();
    let named = |suite: &SupportedCipherSuite| {
        names
            .iter()
            .any(|name| format!("{:?}", suite.suite()) == *name)
    };
    let is_tls13 = |suite: &SupportedCipherSuite| suite.tls13().is_some();
    let names_tls13 = available
        .iter()
        .any(|suite| is_tls13(suite) && named(suite));
    available
        .iter()
        .filter(|suite| named(suite) || (is_tls13(suite) && !names_tls13))
        .copied()
        .collect()
}

fn system_certificates() -> Vec<CertificateDer<'static>> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "a certificate of the system's trust store was skipped");
    }
    found.certs
}

fn bundle_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let found = match path.is_dir() {
        true => rustls_native_certs::load_certs_from_paths(None, Some(path)),
        false => rustls_native_certs::load_certs_from_paths(Some(path), None),
    };
    let mut certificates = found.certs;
    if certificates.is_empty() && path.is_dir() {
        // A directory without the hashed names that OpenSSL makes: take what is in it.
        certificates = every_file(path);
    }
    certificates.truncate(MAX_CERTIFICATES);
    match (certificates.is_empty(), found.errors.first()) {
        (false, _) => Ok(certificates),
        (true, Some(error)) => Err(format!(
            "no certificate could be read from {}: {error}",
            path.display()
        )),
        (true, None) => Err(format!("there is no certificate in {}", path.display())),
    }
}

fn every_file(directory: &Path) -> Vec<CertificateDer<'static>> {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| entry.path().is_file())
        .take(MAX_CERTIFICATES)
        .flat_map(|entry| {
            rustls_native_certs::load_certs_from_paths(Some(&entry.path()), None).certs
        })
        .collect()
}

fn trusting(
    certificates: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(certificates.iter().cloned());
    if added == 0 {
        return Err("there is no usable CA certificate".to_owned());
    }
    let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| error.to_string())?;
    Ok(Arc::new(BundleVerifier {
        chain,
        pinned: certificates,
    }))
}

/// Chains to the bundle, or is in the bundle.
#[derive(Debug)]
struct BundleVerifier {
    chain: Arc<WebPkiServerVerifier>,
    pinned: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for BundleVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.chain.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            // `Other` is what rustls calls "a CA certificate used as a server certificate"; the
            // dates have been checked before that.
            Err(rustls::Error::InvalidCertificate(rustls::CertificateError::Other(_)))
                if self.pinned.iter().any(|pinned| pinned == end_entity) =>
            {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}

/// Accepts everything, including certificates too odd to be parsed.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suites(ciphers: &str) -> Vec<String> {
        let all = ring::default_provider().cipher_suites;
        chosen_suites(ciphers, &all)
            .iter()
            .map(|suite| format!("{:?}", suite.suite()))
            .collect()
    }

    #[test]
    fn openssl_cipher_lists_are_understood() {
        let chosen = suites("ECDHE-RSA-AES256-GCM-SHA384:DES-CBC3-SHA");
        assert!(chosen.contains(&"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384".to_owned()));
        assert!(chosen.contains(&"TLS13_AES_256_GCM_SHA384".to_owned()));
        assert!(!chosen.contains(&"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256".to_owned()));
        assert_eq!(
            suites("TLS_AES_128_GCM_SHA256"),
            ["TLS13_AES_128_GCM_SHA256"]
        );
    }

    #[test]
    fn a_bundle_must_be_readable() {
        let policy = TlsPolicy {
            verify: Verify::Bundle("/nonexistent/ca.pem".into()),
            ..TlsPolicy::default()
        };
        assert!(
            policy
                .client_config()
                .unwrap_err()
                .contains("/nonexistent/ca.pem")
        );
    }
}
