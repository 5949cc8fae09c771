//! TLS to an agent: its self-made certificate is pinned, or an authority is configured.
//!
//! The agent's certificate is signed with ecdsa-with-SHA512 and has no basicConstraints (recorded
//! from ironic-python-agent 13.0.0), so chain building refuses it. Comparing it byte for byte with
//! the one from the heartbeat is both simpler and stricter.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use schemas_model::{Fault, Node};
use serde_json::Value;

/// `[agent]tls_minimum_version` = 1.3.
const ONLY_13: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13];

/// How an agent is believed to be who it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The authorities of the operating system.
    System,
    /// Anybody (`verify_ca` false).
    Anybody,
    /// Exactly this certificate, or authorities, from PEM text.
    Pinned(String),
}

impl Trust {
    /// From the heartbeat's certificate, the node's `agent_verify_ca`, or `[agent]verify_ca`.
    ///
    /// # Errors
    /// `InvalidParameterValue` when the path can't be read.
    pub(crate) fn of(node: &Node, configured: &str) -> Result<Self, Fault> {
        let value = node
            .driver_internal_info
            .member("agent_verify_ca")
            .filter(|value| !value.is_null())
            .or_else(|| node.driver_info.member("agent_verify_ca"))
            .filter(|value| !value.is_null())
            .cloned()
            .unwrap_or_else(|| Value::String(configured.to_owned()));
        match value {
            Value::Bool(true) => Ok(Trust::System),
            Value::Bool(false) => Ok(Trust::Anybody),
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" | "t" | "y" => Ok(Trust::System),
                "false" | "no" | "off" | "0" | "f" | "n" => Ok(Trust::Anybody),
                _ if text.starts_with("-----BEGIN") => Ok(Trust::Pinned(text)),
                _ => std::fs::read_to_string(&text).map(Trust::Pinned).map_err(|why| {
                    Fault::invalid_parameter(format!(
                        "The agent of node {} should be verified with '{text}', which is neither true or false nor a \
                         file that can be read: {why}.",
                        node.uuid
                    ))
                }),
            },
            other => Err(Fault::invalid_parameter(format!(
                "agent_verify_ca of node {} must be true, false or a path, not {other}.",
                node.uuid
            ))),
        }
    }

    /// A client that believes accordingly, and speaks nothing older than TLS 1.2, or 1.3.
    ///
    /// # Errors
    /// When the PEM text holds no certificate.
    pub(crate) fn apply(
        &self,
        builder: reqwest::ClientBuilder,
        only_13: bool,
    ) -> Result<reqwest::ClientBuilder, String> {
        let (oldest, versions) = if only_13 {
            (reqwest::tls::Version::TLS_1_3, ONLY_13)
        } else {
            (reqwest::tls::Version::TLS_1_2, rustls::DEFAULT_VERSIONS)
        };
        let builder = builder.tls_version_min(oldest);
        Ok(match self {
            Trust::System => builder,
            Trust::Anybody => builder.tls_danger_accept_invalid_certs(true),
            Trust::Pinned(pem) => {
                let pinned: Vec<CertificateDer<'static>> =
                    CertificateDer::pem_slice_iter(pem.as_bytes())
                        .collect::<Result<_, _>>()
                        .map_err(|why| format!("the agent's certificate cannot be read: {why}"))?;
                if pinned.is_empty() {
                    return Err("the agent's certificate is empty".to_owned());
                }
                let provider = Arc::new(rustls::crypto::ring::default_provider());
                let config = rustls::ClientConfig::builder_with_provider(provider.clone())
                    .with_protocol_versions(versions)
                    .map_err(|why| why.to_string())?
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(Pin { pinned, provider }))
                    .with_no_client_auth();
                builder.tls_backend_preconfigured(config)
            }
        })
    }
}

/// Accepts exactly the certificates it was given.
#[derive(Debug)]
struct Pin {
    pinned: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self
            .pinned
            .iter()
            .any(|known| known.as_ref() == end_entity.as_ref())
        {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    fn node_with(value: Value) -> Node {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.driver_info.set("agent_verify_ca", value);
        node
    }

    #[test]
    fn words_and_certificates() {
        let plain = Node::new(Uuid::random(), "fake-hardware");
        assert_eq!(Trust::of(&plain, "True").unwrap(), Trust::System);
        assert_eq!(
            Trust::of(&node_with(Value::Bool(false)), "True").unwrap(),
            Trust::Anybody
        );
        let pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
        let mut reported = node_with(Value::Bool(false));
        reported.driver_internal_info.set("agent_verify_ca", pem);
        assert_eq!(
            Trust::of(&reported, "True").unwrap(),
            Trust::Pinned(pem.to_owned())
        );
    }

    /// Made as the agent makes its own (recorded): P-384, signed with ecdsa-with-SHA512, CN=ipa, only a
    /// critical SAN with the address.
    const CERTIFICATE: &str = include_str!("../tests/data/agent.crt.pem");
    const KEY: &str = include_str!("../tests/data/agent.key.pem");

    /// A server with the agent's certificate that answers one request; its port.
    async fn agent() -> u16 {
        use rustls::pki_types::PrivateKeyDer;
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await.unwrap();
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                stream.write_all(answer.as_bytes()).await.unwrap();
                let _ = stream.shutdown().await;
            }
        });
        port
    }

    async fn ask(trust: &Trust, port: u16) -> Result<String, reqwest::Error> {
        let client = trust
            .apply(reqwest::Client::builder().no_proxy(), true)
            .unwrap()
            .build()
            .unwrap();
        let address = format!("https://127.0.0.1:{port}/");
        client.get(address).send().await?.text().await
    }

    #[tokio::test]
    async fn only_the_pinned_certificate_is_believed() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = agent().await;
        let pinned = Trust::Pinned(CERTIFICATE.to_owned());
        assert_eq!(ask(&pinned, port).await.unwrap(), "ok");
        assert!(ask(&Trust::System, port).await.is_err());
        let other = CERTIFICATE.replace("MII", "MIJ");
        assert!(ask(&Trust::Pinned(other), port).await.is_err());
    }

    #[test]
    fn a_path_that_is_not_there_is_refused() {
        let fault = Trust::of(&node_with(Value::from("/nonexistent/ca.pem")), "True").unwrap_err();
        assert!(fault.message.contains("/nonexistent/ca.pem"), "{fault}");
    }
}
