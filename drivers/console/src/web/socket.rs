//! One WebSocket on one seat.

use std::time::Duration;

use bytes::Bytes;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::{interval, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_util::sync::CancellationToken;

use crate::console::Seat;
use crate::line::Keys;
use crate::pipe::{GOODBYE, Idleness, Left, WRITE};

/// The subprotocol of the page.
pub(super) const PROTOCOL: &str = "ferric.console";
/// What stands before the token where it is offered as a subprotocol.
pub(super) const TOKEN: &str = "ferric.token.";

/// Largest message, in bytes. The page sends at most 4 KiB at once.
const MESSAGE: usize = 64 * 1024;
/// How often a silent browser is asked whether it is there; proxies close silent connections, too.
const PING: Duration = Duration::from_secs(30);

/// Limits of a WebSocket.
pub(crate) fn limits() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(4 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(256 * 1024)
        .max_message_size(Some(MESSAGE))
        .max_frame_size(Some(MESSAGE))
}

/// Carries characters until something ends it. `early` is what came right behind the opening.
pub(super) async fn carry<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    early: Vec<u8>,
    mut seat: Seat,
    idle: Duration,
    stop: &CancellationToken,
) -> Left {
    let socket =
        WebSocketStream::from_partially_read(stream, early, Role::Server, Some(limits())).await;
    let (mut sink, source) = socket.split();
    let keys = seat.keys();
    let idleness = Idleness::new(idle);
    let left = tokio::select! {
        left = listen(source, &keys, &idleness) => left,
        left = show(&mut seat, &mut sink, &idleness) => left,
        () = idleness.over() => Left::Idle,
        () = stop.cancelled() => Left::Stopping,
    };
    let (code, reason) = match left {
        Left::Client => return left,
        Left::Console => (CloseCode::Away, "the console ended"),
        Left::Idle => (CloseCode::Normal, "nothing was typed or shown for too long"),
        Left::Stopping => (CloseCode::Away, "the console was stopped"),
    };
    let goodbye = Message::Close(Some(CloseFrame {
        code,
        reason: reason.into(),
    }));
    let _ = timeout(GOODBYE, sink.send(goodbye)).await;
    left
}

async fn listen<S: AsyncRead + AsyncWrite + Unpin>(
    mut source: SplitStream<WebSocketStream<S>>,
    keys: &mpsc::Sender<Keys>,
    idleness: &Idleness,
) -> Left {
    // Too large, broken or unmasked messages are errors, and end the connection.
    while let Some(Ok(message)) = source.next().await {
        let typed = match message {
            Message::Binary(bytes) => Keys::Characters(bytes),
            Message::Text(text) if is_break(&text) => Keys::Break,
            Message::Close(_) => break,
            _ => continue,
        };
        idleness.touch();
        if keys.send(typed).await.is_err() {
            return Left::Console;
        }
    }
    Left::Client
}

/// Whether a text message asks for a break.
pub(super) fn is_break(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text)
        .is_ok_and(|wish| wish.get("break").and_then(serde_json::Value::as_bool) == Some(true))
}

async fn show<S: AsyncRead + AsyncWrite + Unpin>(
    seat: &mut Seat,
    sink: &mut SplitSink<WebSocketStream<S>, Message>,
    idleness: &Idleness,
) -> Left {
    let mut pings = interval(PING);
    // The first tick is at once.
    pings.tick().await;
    loop {
        let message = tokio::select! {
            output = seat.output() => match output {
                Some(output) => {
                    idleness.touch();
                    Message::Binary(output)
                }
                None => return Left::Console,
            },
            _ = pings.tick() => Message::Ping(Bytes::new()),
        };
        if !matches!(timeout(WRITE, sink.send(message)).await, Ok(Ok(()))) {
            return Left::Client;
        }
    }
}
