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

/// A machine that never stops to print.
struct Flood;

#[async_trait::async_trait]
impl Line for Flood {
    async fn carry(&self, mut ends: LineEnds) -> Result<(), LineError> {
        ends.show(LineEvent::Up).await;
        let line = bytes::Bytes::from(vec![b'x'; 4096]);
        let mut ticks = tokio::time::interval(Duration::from_millis(2));
        loop {
            tokio::select! {
                keys = ends.keys.recv() => if keys.is_none() { return Ok(()) },
                _ = ticks.tick() => {
                    ends.show(LineEvent::Output(line.clone())).await;
                }
            }
        }
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

#[tokio::test]
async fn sixty_four_people_share_a_line_and_one_more_is_turned_away() {
    let (consoles, mut config, node) = (Consoles::default(), config(), Uuid::random());
    config.ferric_console.max_clients = 64;
    let port = consoles.start(offer(&node), &config).await.unwrap();
    let mut clients = Vec::new();
    for _ in 0..64 {
        let mut client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        // Whoever joins an open line is not told that it opens.
        client.write_all(b"here").await.unwrap();
        read_until(&mut client, "here").await;
        clients.push(client);
    }
    let mut late = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut nothing = Vec::new();
    // An end or a reset, as the client typed nothing.
    let _ = late.read_to_end(&mut nothing).await;
    assert!(nothing.is_empty());
    clients[63].write_all(b"to all of you").await.unwrap();
    for client in &mut clients {
        read_until(client, "to all of you").await;
    }
    clients.pop();
    // A place is free as soon as the one who left was noticed.
    let mut next = loop {
        let mut client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        if client.write_all(b"in").await.is_ok() && client.readable().await.is_ok() {
            let mut byte = [0; 1];
            if matches!(client.read(&mut byte).await, Ok(1)) {
                break client;
            }
        }
    };
    next.write_all(b"late but here").await.unwrap();
    read_until(&mut clients[0], "late but here").await;
    consoles.close().await;
}

#[tokio::test]
async fn who_does_not_read_is_let_go_while_the_others_read_on() {
    let (consoles, config, node) = (Consoles::default(), config(), Uuid::random());
    let flood = Offer {
        line: Arc::new(Flood),
        ..offer(&node)
    };
    let port = consoles.start(flood, &config).await.unwrap();
    // Small buffers in the system, so that it is ours that fill up.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stuck = socket.connect(([127, 0, 0, 1], port).into()).await.unwrap();
    let mut reader = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut buffer = vec![0; 64 * 1024];
    let mut longest = Duration::ZERO;
    // The stuck client has the system's buffers and ours, some megabytes; then it has to go.
    let mut read = 0;
    while read < 16 * 1024 * 1024 {
        let began = std::time::Instant::now();
        let count = reader.read(&mut buffer).await.unwrap();
        assert!(count > 0, "the reader was let go after {read} bytes");
        read += count;
        longest = longest.max(began.elapsed());
    }
    assert!(longest < Duration::from_secs(2), "{longest:?}");
    let began = std::time::Instant::now();
    assert!(consoles.stop(&node).await);
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "a stuck client delays the end: {:?}",
        began.elapsed()
    );
    drop(stuck);
}

#[tokio::test]
async fn a_port_of_the_range_that_somebody_else_has_is_left_out_until_none_is_left() {
    let (consoles, mut config) = (Consoles::default(), config());
    // Two neighbours, the first taken by a program that is not ours.
    let (foreign, first) = loop {
        let foreign = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let first = foreign.local_addr().unwrap().port();
        if first < u16::MAX - 1
            && tokio::net::TcpListener::bind(("127.0.0.1", first + 1))
                .await
                .is_ok()
        {
            break (foreign, first);
        }
    };
    config.console.port_range = Some(vec![PortRange(first..first + 2)]);
    let (one, two) = (Uuid::random(), Uuid::random());
    assert_eq!(
        consoles.start(offer(&one), &config).await.unwrap(),
        first + 1
    );
    let fault = consoles.start(offer(&two), &config).await.unwrap_err();
    assert_eq!(fault.class, Class::NoFreeIPMITerminalPorts);
    assert!(fault.to_string().contains("[console]port_range"), "{fault}");
    assert_eq!(consoles.port(&two), None);
    // Free again, it is given away, and the first console goes on.
    drop(foreign);
    assert_eq!(consoles.start(offer(&two), &config).await.unwrap(), first);
    assert_eq!(consoles.port(&one), Some(first + 1));
    consoles.close().await;
}

#[tokio::test]
async fn a_certificate_that_is_none_stops_the_start_and_is_named() {
    let top = tempfile::tempdir().unwrap();
    let (consoles, mut config, node) = (Consoles::default(), config(), Uuid::random());
    config.ferric_console.terminal_cert_dir = Some(top.path().to_string_lossy().into_owned());
    for (certificate, key) in [
        ("", ""),
        ("garbage", "garbage"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ),
    ] {
        std::fs::write(top.path().join("certificate.pem"), certificate).unwrap();
        std::fs::write(top.path().join("key.pem"), key).unwrap();
        let fault = consoles.start(offer(&node), &config).await.unwrap_err();
        assert_eq!(fault.class, Class::ConsoleError);
        assert!(fault.to_string().contains(".pem"), "{fault}");
        assert_eq!(consoles.port(&node), None, "no port stays behind");
        let fault = consoles.serve(&config).await.unwrap_err();
        assert!(fault.to_string().contains(".pem"), "{fault}");
    }
}

#[tokio::test]
async fn closed_consoles_start_no_more() {
    let (consoles, config, node) = (Consoles::default(), config(), Uuid::random());
    consoles.close().await;
    let fault = consoles.start(offer(&node), &config).await.unwrap_err();
    assert_eq!(fault.class, Class::ConsoleError);
    assert_eq!(consoles.port(&node), None);
}
