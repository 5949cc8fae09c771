//! A line over a WebSocket of the BMC (`SerialConsole.WebSocket` of a Redfish system).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::{SinkExt, StreamExt};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use schemas_model::secret::Secret;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::line::{Keys, Line, LineEnds, LineError, LineEvent};
use crate::web::limits;

/// Longest time for one message to be written, and for closing.
const WRITE: Duration = Duration::from_secs(10);
/// How often a silent BMC is asked whether it is there.
const PING: Duration = Duration::from_secs(20);

/// A WebSocket that leads to a serial port.
#[derive(Clone)]
pub struct WebSocketLine {
    /// Host name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Path and query.
    pub path: String,
    /// TLS, unless the BMC is spoken to without.
    pub tls: Option<Arc<ClientConfig>>,
    /// The value of `Authorization`.
    pub authorization: Option<Secret>,
    /// Longest time for connecting.
    pub timeout: Duration,
}

impl WebSocketLine {
    fn failed(&self, why: &dyn std::fmt::Display) -> LineError {
        LineError::Passing(format!(
            "the WebSocket {} of {}:{} cannot be used: {why}",
            self.path, self.host, self.port
        ))
    }

    async fn open(&self) -> Result<Socket, LineError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(|error| self.failed(&error))?;
        // Characters are to arrive at once; without it they only arrive later.
        let _ = stream.set_nodelay(true);
        match &self.tls {
            None => self.shake_hands(Box::new(stream), "ws").await,
            Some(config) => {
                let name =
                    ServerName::try_from(self.host.clone()).map_err(|error| self.failed(&error))?;
                let stream = TlsConnector::from(Arc::clone(config))
                    .connect(name, stream)
                    .await
                    .map_err(|error| self.failed(&error))?;
                self.shake_hands(Box::new(stream), "wss").await
            }
        }
    }

    async fn shake_hands(&self, stream: Stream, scheme: &str) -> Result<Socket, LineError> {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        let url = format!("{scheme}://{host}:{}{}", self.port, self.path);
        let mut request = url
            .into_client_request()
            .map_err(|error| self.failed(&error))?;
        if let Some(authorization) = &self.authorization {
            let mut value = HeaderValue::from_str(authorization.expose())
                .map_err(|_| self.failed(&"the account has characters no header can hold"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        let opened = client_async_with_config(request, stream, Some(limits())).await;
        match opened {
            Ok((socket, _)) => Ok(socket),
            Err(Error::Http(answer)) if is_refusal(answer.status()) => {
                Err(LineError::Refused(format!(
                    "{}:{} refused user name or password for its serial console ({})",
                    self.host,
                    self.port,
                    answer.status()
                )))
            }
            Err(error) => Err(self.failed(&error)),
        }
    }
}

fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

trait Both: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Both for T {}

type Stream = Box<dyn Both>;
type Socket = WebSocketStream<Stream>;

#[async_trait]
impl Line for WebSocketLine {
    async fn carry(&self, mut ends: LineEnds) -> Result<(), LineError> {
        let mut socket = timeout(self.timeout, self.open()).await.map_err(|_| {
            self.failed(&format_args!(
                "no answer within {} s",
                self.timeout.as_secs()
            ))
        })??;
        ends.show(LineEvent::Up).await;
        let mut pings = tokio::time::interval(PING);
        pings.tick().await;
        let ended = loop {
            let message = tokio::select! {
                keys = ends.keys.recv() => match keys {
                    None => break Ok(()),
                    Some(Keys::Characters(typed)) => Message::Binary(typed),
                    Some(Keys::Break) => {
                        ends.show(LineEvent::Notice("this line takes no break".to_owned())).await;
                        continue;
                    }
                },
                _ = pings.tick() => Message::Ping(bytes::Bytes::new()),
                message = socket.next() => {
                    match message {
                        Some(Ok(Message::Binary(bytes))) => {
                            ends.show(LineEvent::Output(bytes)).await;
                        }
                        Some(Ok(Message::Text(text))) => {
                            ends.show(LineEvent::Output(text.into())).await;
                        }
                        Some(Ok(Message::Close(_))) | None => {
                            break Err(self.failed(&"the BMC closed it"));
                        }
                        Some(Err(error)) => break Err(self.failed(&error)),
                        Some(Ok(_)) => {}
                    }
                    continue;
                }
            };
            match timeout(WRITE, socket.send(message)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => break Err(self.failed(&error)),
                Err(_) => break Err(self.failed(&"the BMC takes nothing any more")),
            }
        };
        let _ = timeout(WRITE, socket.close(None)).await;
        ended
    }
}
