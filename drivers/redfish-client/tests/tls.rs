//! Certificates and TLS versions. The keys in `data/tls` serve this test only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use drivers_redfish_client::{
    AuthType, Bmc, BmcAddress, BmcSettings, ErrorKind, Retry, TlsMinimum, TlsPolicy, Verify,
};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/tls")
        .join(name)
}

/// A BMC with this certificate; returns its port. It answers until the test ends.
fn serve(name: &str, versions: &'static [&'static SupportedProtocolVersion]) -> u16 {
    let certificate = CertificateDer::from_pem_file(data(&format!("{name}.pem"))).unwrap();
    let key = PrivateKeyDer::from_pem_file(data(&format!("{name}.key"))).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = StreamOwned::new(connection, stream);
            let mut head = [0; 4096];
            if tls.read(&mut head).is_ok() {
                let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n{\"Id\":\"1\"}");
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    port
}

async fn get(host: &str, port: u16, tls: TlsPolicy) -> Result<String, ErrorKind> {
    let address = BmcAddress::parse(&format!("https://{host}:{port}"), None).unwrap();
    let mut settings = BmcSettings::new(address, AuthType::None, None);
    settings.tls = tls;
    settings.retry = Retry {
        attempts: 5,
        interval: Duration::from_secs(60),
    };
    let bmc = Bmc::new(settings);
    let root = bmc
        .service_root()
        .await
        .map_err(|error| error.kind().clone())?;
    Ok(root.id().unwrap().to_owned())
}

fn verify(verify: Verify) -> TlsPolicy {
    TlsPolicy {
        verify,
        ..TlsPolicy::default()
    }
}

#[tokio::test]
async fn certificates_are_verified_unless_told_otherwise() {
    let port = serve("leaf", rustls::ALL_VERSIONS);
    // Not repeated: a retry would fail alike, and the interval is a minute.
    assert!(matches!(
        get("127.0.0.1", port, verify(Verify::System)).await,
        Err(ErrorKind::Tls(_))
    ));
    assert_eq!(
        get("127.0.0.1", port, verify(Verify::Off)).await.as_deref(),
        Ok("1")
    );
    assert_eq!(
        get("127.0.0.1", port, verify(Verify::Bundle(data("ca.pem"))))
            .await
            .as_deref(),
        Ok("1")
    );
    assert!(matches!(
        get("127.0.0.1", port, verify(Verify::Bundle(data("self.pem")))).await,
        Err(ErrorKind::Tls(_))
    ));
    let directory = data("ca.pem").parent().unwrap().to_owned();
    assert_eq!(
        get("127.0.0.1", port, verify(Verify::Bundle(directory)))
            .await
            .as_deref(),
        Ok("1")
    );
    assert!(matches!(
        get(
            "127.0.0.1",
            port,
            verify(Verify::Bundle(data("missing.pem")))
        )
        .await,
        Err(ErrorKind::Settings(_))
    ));
}

#[tokio::test]
async fn a_self_signed_certificate_is_trusted_by_itself_for_its_names() {
    let port = serve("self", rustls::ALL_VERSIONS);
    assert_eq!(
        get("127.0.0.1", port, verify(Verify::Bundle(data("self.pem"))))
            .await
            .as_deref(),
        Ok("1")
    );
    assert!(matches!(
        get("localhost", port, verify(Verify::Bundle(data("self.pem")))).await,
        Err(ErrorKind::Tls(_))
    ));
}

#[tokio::test]
async fn the_lowest_version_is_kept() {
    const OLD: &[&SupportedProtocolVersion] = &[&rustls::version::TLS12];
    let port = serve("leaf", OLD);
    assert_eq!(
        get("127.0.0.1", port, verify(Verify::Off)).await.as_deref(),
        Ok("1")
    );
    let strict = TlsPolicy {
        minimum: Some(TlsMinimum::Tls13),
        ..verify(Verify::Off)
    };
    assert!(matches!(
        get("127.0.0.1", port, strict).await,
        Err(ErrorKind::Tls(_))
    ));
    let ciphers = TlsPolicy {
        ciphers: Some("ECDHE-RSA-AES256-GCM-SHA384".to_owned()),
        ..verify(Verify::Off)
    };
    assert!(
        matches!(
            get("127.0.0.1", port, ciphers).await,
            Err(ErrorKind::Tls(_))
        ),
        "the certificate is ECDSA"
    );
}
