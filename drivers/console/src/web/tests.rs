use super::*;
use crate::consoles::Consoles;
use crate::consoles::tests::{config, offer};
use futures::{SinkExt, StreamExt};
use std::net::SocketAddr;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

struct Stage {
    consoles: Consoles,
    config: Config,
    node: Uuid,
    address: SocketAddr,
}

async fn stage() -> Stage {
    let (consoles, config, node) = (Consoles::default(), config(), Uuid::random());
    consoles.start(offer(&node), &config).await.unwrap();
    let address = consoles.serve(&config).await.unwrap();
    Stage {
        consoles,
        config,
        node,
        address,
    }
}

impl Stage {
    fn token(&self) -> String {
        let link = self.consoles.link(&self.node, &self.config).unwrap();
        link.url.expose().split_once('#').unwrap().1.to_owned()
    }

    async fn get(&self, path: &str, more: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\n{more}\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn open(&self, token: &str, origin: &str) -> Result<WebSocketStream<TcpStream>, u16> {
        let url = format!("ws://{}/console/{}/stream", self.address, self.node);
        let mut request = url.into_client_request().unwrap();
        let protocols = format!("ferric.console, ferric.token.{token}");
        let headers = request.headers_mut();
        headers.insert("Sec-WebSocket-Protocol", protocols.parse().unwrap());
        headers.insert("Origin", origin.parse().unwrap());
        let stream = TcpStream::connect(self.address).await.unwrap();
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(socket),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    fn own(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn until(socket: &mut WebSocketStream<TcpStream>, text: &str) {
    let mut shown = String::new();
    while !shown.contains(text) {
        match socket.next().await.unwrap().unwrap() {
            Message::Binary(bytes) => shown.push_str(&String::from_utf8_lossy(&bytes)),
            Message::Ping(_) => {}
            other => panic!("{other:?} after {shown:?}"),
        }
    }
}

#[tokio::test]
async fn a_browser_types_and_sees() {
    let stage = stage().await;
    let mut socket = stage.open(&stage.token(), &stage.own()).await.unwrap();
    until(&mut socket, "connected").await;
    socket.send(Message::binary(&b"hello"[..])).await.unwrap();
    until(&mut socket, "hello").await;
    socket
        .send(Message::text("{\"break\": true}"))
        .await
        .unwrap();
    socket
        .send(Message::text("{\"nonsense\": 1}"))
        .await
        .unwrap();
    socket
        .send(Message::binary(&b"still here"[..]))
        .await
        .unwrap();
    until(&mut socket, "still here").await;
    stage.consoles.stop(&stage.node).await;
    let end = socket.next().await.unwrap().unwrap();
    assert!(matches!(end, Message::Close(Some(_))), "{end:?}");
    stage.consoles.close().await;
}

#[tokio::test]
async fn a_token_works_once_on_its_console_and_from_our_own_page() {
    let stage = stage().await;
    let token = stage.token();
    assert_eq!(
        stage.open(&token, "https://elsewhere").await.err(),
        Some(403)
    );
    let _socket = stage.open(&token, &stage.own()).await.unwrap();
    assert_eq!(
        stage.open(&token, &stage.own()).await.err(),
        Some(403),
        "used"
    );
    assert_eq!(stage.open("guess", &stage.own()).await.err(), Some(403));
    let token = stage.token();
    stage.consoles.stop(&stage.node).await;
    assert_eq!(
        stage.open(&token, &stage.own()).await.err(),
        Some(403),
        "revoked"
    );
    stage.consoles.close().await;
}

#[tokio::test]
async fn a_token_of_another_node_opens_nothing_and_is_used_up() {
    let stage = stage().await;
    let other = Uuid::random();
    stage
        .consoles
        .start(offer(&other), &stage.config)
        .await
        .unwrap();
    let link = stage.consoles.link(&other, &stage.config).unwrap();
    let token = link.url.expose().split_once('#').unwrap().1.to_owned();
    assert_eq!(stage.open(&token, &stage.own()).await.err(), Some(403));
    // Shown to the wrong door, it opens the right one no more.
    let path = Stage {
        node: other,
        ..stage
    };
    assert_eq!(path.open(&token, &path.own()).await.err(), Some(403));
    path.consoles.close().await;
}

#[tokio::test]
async fn a_browser_that_does_nothing_is_let_go_with_a_reason() {
    let (consoles, mut config, node) = (Consoles::default(), config(), Uuid::random());
    config.console.terminal_timeout = 1;
    consoles.start(offer(&node), &config).await.unwrap();
    let address = consoles.serve(&config).await.unwrap();
    let stage = Stage {
        consoles,
        config,
        node,
        address,
    };
    let mut socket = stage.open(&stage.token(), &stage.own()).await.unwrap();
    until(&mut socket, "connected").await;
    let end = socket.next().await.unwrap().unwrap();
    match end {
        Message::Close(Some(frame)) => assert!(frame.reason.contains("too long"), "{frame:?}"),
        other => panic!("{other:?}"),
    }
    stage.consoles.close().await;
}

#[tokio::test]
async fn a_full_console_says_so_to_a_browser() {
    let (consoles, mut config, node) = (Consoles::default(), config(), Uuid::random());
    config.ferric_console.max_clients = 1;
    consoles.start(offer(&node), &config).await.unwrap();
    let address = consoles.serve(&config).await.unwrap();
    let stage = Stage {
        consoles,
        config,
        node,
        address,
    };
    let mut first = stage.open(&stage.token(), &stage.own()).await.unwrap();
    until(&mut first, "connected").await;
    let token = stage.token();
    assert_eq!(stage.open(&token, &stage.own()).await.err(), Some(503));
    stage.consoles.close().await;
}

#[tokio::test]
async fn the_page_is_whole_and_keeps_to_itself() {
    let stage = stage().await;
    let page = stage.get(&format!("/console/{}", stage.node), "").await;
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    assert!(page.contains("Content-Security-Policy: default-src 'none'"));
    assert!(page.contains("Cache-Control: no-store"));
    let mut parts = 0;
    for place in page
        .split(['"', '\''])
        .filter(|part| part.starts_with("assets/"))
    {
        let part = stage.get(&format!("/console/{place}"), "").await;
        assert!(part.starts_with("HTTP/1.1 200 "), "{place}");
        parts += 1;
    }
    assert_eq!(parts, 4);
    for nothing in [
        "/",
        "/console/",
        "/console/x",
        "/console/assets/../Cargo.toml",
        "/v1/nodes",
    ] {
        let answer = stage.get(nothing, "").await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{nothing}: {answer}");
    }
    stage.consoles.close().await;
}

#[tokio::test]
async fn requests_that_make_no_sense_are_refused() {
    let stage = stage().await;
    let path = format!("/console/{}/stream", stage.node);
    for more in [
        "",
        "Upgrade: websocket\r\nConnection: Upgrade\r\n",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Protocol: ferric.console\r\n",
    ] {
        let answer = stage.get(&path, more).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{more}: {answer}");
    }
    let long = format!("X-Long: {}\r\n", "x".repeat(20_000));
    let answer = stage.get("/console/", &long).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
        "{answer}"
    );
    stage.consoles.close().await;
}

#[tokio::test]
async fn an_endless_message_ends_the_connection() {
    let stage = stage().await;
    let mut socket = stage.open(&stage.token(), &stage.own()).await.unwrap();
    until(&mut socket, "connected").await;
    // The other side may close before all of it is written.
    let _ = socket.send(Message::binary(vec![b'x'; 200_000])).await;
    let ended = loop {
        match socket.next().await {
            None | Some(Err(_)) | Some(Ok(Message::Close(_))) => break true,
            Some(Ok(Message::Binary(bytes))) if bytes.len() > 100_000 => break false,
            Some(Ok(_)) => {}
        }
    };
    assert!(ended);
    stage.consoles.close().await;
}

proptest::proptest! {
    #[test]
    fn any_bytes_as_a_head_are_survived(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
        let _ = Head::parse(&bytes);
        let mut request = b"GET /console/x HTTP/1.1\r\n".to_vec();
        request.extend_from_slice(&bytes);
        request.extend_from_slice(b"\r\n\r\n");
        if let Ok(Some((head, _))) = Head::parse(&request) {
            let _ = route(&head);
            let _ = head.websocket_accept();
        }
    }

    #[test]
    fn any_text_message_is_survived(text in ".{0,200}") {
        let _ = socket::is_break(&text);
    }
}

#[test]
fn any_frames_are_survived() {
    use proptest::strategy::{Strategy, ValueTree};
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let frames = proptest::collection::vec(proptest::num::u8::ANY, 0..300);
    let stage = runtime.block_on(stage());
    for _ in 0..64 {
        let bytes = frames.new_tree(&mut runner).unwrap().current();
        runtime.block_on(async {
            let socket = stage.open(&stage.token(), &stage.own()).await.unwrap();
            let mut raw = socket.into_inner();
            let _ = raw.write_all(&bytes).await;
            let _ = raw.shutdown().await;
            let mut rest = Vec::new();
            let _ = raw.read_to_end(&mut rest).await;
        });
    }
    runtime.block_on(async {
        let mut socket = stage.open(&stage.token(), &stage.own()).await.unwrap();
        until(&mut socket, "connected").await;
        stage.consoles.close().await;
    });
}
