use super::*;
use crate::line::{LineEnds, LineError, LineEvent};
use schemas_config::Machine;
use schemas_config::value::PortRange;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A machine that echoes.
struct Echo;

#[async_trait::async_trait]
impl Line for Echo {
    async fn carry(&self, mut ends: LineEnds) -> Result<(), LineError> {
        ends.show(LineEvent::Up).await;
        while let Some(keys) = ends.keys.recv().await {
            if let crate::Keys::Characters(text) = keys {
                ends.show(LineEvent::Output(text)).await;
            }
        }
        Ok(())
    }
}

pub(crate) fn config() -> Config {
    let mut config = Config::defaults(Machine::detect()).unwrap();
    config.console.socat_address = "127.0.0.1".parse().unwrap();
    config.console.port_range = Some(vec![PortRange(20_000..60_000)]);
    config.ferric_console.port = 0;
    config
}

pub(crate) fn offer(node: &Uuid) -> Offer {
    Offer {
        node: node.clone(),
        interface: "test",
        line: Arc::new(Echo),
        port: PortWish::Any(None),
    }
}

async fn read_until(stream: &mut (impl AsyncReadExt + Unpin), text: &str) -> String {
    let mut shown = String::new();
    let mut buffer = [0; 256];
    while !shown.contains(text) {
        let count = stream.read(&mut buffer).await.unwrap();
        assert!(count > 0, "ended: {shown:?}");
        shown.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    shown
}

#[tokio::test]
async fn a_tcp_client_types_and_sees_until_the_console_stops() {
    let (consoles, config, node) = (Consoles::default(), config(), Uuid::random());
    let port = consoles.start(offer(&node), &config).await.unwrap();
    assert_eq!(consoles.port(&node), Some(port));
    assert_eq!(
        Consoles::address(&config, port),
        format!("tcp://127.0.0.1:{port}")
    );
    let mut client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    read_until(&mut client, "connected").await;
    client.write_all(b"hello").await.unwrap();
    read_until(&mut client, "hello").await;
    assert!(consoles.stop(&node).await);
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await.unwrap();
    assert!(!consoles.stop(&node).await, "stopped already");
    assert_eq!(consoles.port(&node), None);
    TcpStream::connect(("127.0.0.1", port)).await.unwrap_err();
}

#[tokio::test]
async fn a_second_start_replaces_the_first_and_can_have_its_port() {
    let (consoles, config, node) = (Consoles::default(), config(), Uuid::random());
    let port = consoles.start(offer(&node), &config).await.unwrap();
    let again = Offer {
        port: PortWish::Fixed(port),
        ..offer(&node)
    };
    assert_eq!(consoles.start(again, &config).await.unwrap(), port);
    let other = Offer {
        port: PortWish::Fixed(port),
        ..offer(&Uuid::random())
    };
    let fault = consoles.start(other, &config).await.unwrap_err();
    assert_eq!(fault.class, Class::ConsoleError);
    assert_eq!(consoles.running(), [(node, "test")]);
    consoles.close().await;
}

#[tokio::test]
async fn a_client_that_does_nothing_is_let_go() {
    let (consoles, mut config, node) = (Consoles::default(), config(), Uuid::random());
    config.console.terminal_timeout = 1;
    let port = consoles.start(offer(&node), &config).await.unwrap();
    let mut client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut shown = Vec::new();
    let began = std::time::Instant::now();
    client.read_to_end(&mut shown).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(900));
    consoles.close().await;
}

#[tokio::test]
async fn what_is_seen_is_recorded_and_what_is_typed_is_not() {
    let top = tempfile::tempdir().unwrap();
    let (consoles, mut config, node) = (Consoles::default(), config(), Uuid::random());
    config.ferric_console.recording_dir = Some(top.path().to_string_lossy().into_owned());
    let port = consoles.start(offer(&node), &config).await.unwrap();
    let mut client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    read_until(&mut client, "connected").await;
    client.write_all(b"seen").await.unwrap();
    read_until(&mut client, "seen").await;
    consoles.stop(&node).await;
    let files: Vec<_> = std::fs::read_dir(top.path()).unwrap().collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(files[0].as_ref().unwrap().path()).unwrap();
    assert_eq!(text.matches("\"o\"").count(), 1, "{text}");
    assert!(!text.contains("\"i\""), "{text}");
}

#[tokio::test]
async fn a_missing_certificate_stops_the_start_and_says_so() {
    let (consoles, mut config, node) = (Consoles::default(), config(), Uuid::random());
    config.ferric_console.terminal_cert_dir = Some("/nonexistent".into());
    let fault = consoles.start(offer(&node), &config).await.unwrap_err();
    assert!(
        fault.to_string().contains("/nonexistent/certificate.pem"),
        "{fault}"
    );
    assert_eq!(consoles.port(&node), None);
}

#[tokio::test]
async fn links_need_a_running_console_and_a_listener() {
    let (consoles, config, node) = (Consoles::default(), config(), Uuid::random());
    let fault = consoles.link(&node, &config).unwrap_err();
    assert!(
        fault.to_string().contains("[ferric_console]enabled"),
        "{fault}"
    );
    consoles.serve(&config).await.unwrap();
    let fault = consoles.link(&node, &config).unwrap_err();
    assert_eq!(fault.class, Class::NodeConsoleNotEnabled);
    consoles.start(offer(&node), &config).await.unwrap();
    let link = consoles.link(&node, &config).unwrap();
    assert!(link.url.expose().contains(&format!("/console/{node}#")));
    consoles.close().await;
}
