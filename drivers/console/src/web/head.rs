//! The head of a request: GET only, bounded, no body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::reply::Reply;

/// Largest head, in bytes.
const SIZE: usize = 8 * 1024;
/// Most header fields.
const FIELDS: usize = 64;

/// A request without its body.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) path: String,
    /// Names in lower case.
    fields: Vec<(String, String)>,
}

impl Head {
    /// Reads a head, and what came behind it.
    pub(super) async fn read<R: AsyncRead + Unpin>(
        stream: &mut R,
    ) -> Result<(Head, Vec<u8>), Reply> {
        let mut bytes = Vec::new();
        let mut piece = [0; 2048];
        loop {
            match stream.read(&mut piece).await {
                Ok(count @ 1..) => bytes.extend_from_slice(piece.get(..count).unwrap_or_default()),
                _ => return Err(Reply::text(400, "The request is not complete.")),
            }
            if let Some((head, len)) = Head::parse(&bytes)? {
                let rest = bytes.split_off(len.min(bytes.len()));
                return Ok((head, rest));
            }
            if bytes.len() > SIZE {
                return Err(Reply::text(431, "The request is too long."));
            }
        }
    }

    /// The head at the beginning of `bytes` and its length; nothing while it is incomplete.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Head, usize)>, Reply> {
        let mut fields = [httparse::EMPTY_HEADER; FIELDS];
        let mut request = httparse::Request::new(&mut fields);
        let len = match request.parse(bytes) {
            Ok(httparse::Status::Complete(len)) => len,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(Reply::text(400, "The request is not HTTP.")),
        };
        if request.method != Some("GET") {
            return Err(Reply::text(405, "Only GET is served here."));
        }
        let fields = request.headers.iter().map(|field| {
            let value = String::from_utf8_lossy(field.value).trim().to_owned();
            (field.name.to_ascii_lowercase(), value)
        });
        let head = Head {
            path: request.path.unwrap_or_default().to_owned(),
            fields: fields.collect(),
        };
        Ok(Some((head, len)))
    }

    /// A header field, by its name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|(known, _)| known == name)?;
        Some(&field.1)
    }

    /// Words of a header field that is a list.
    fn words<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(known, _)| known == name)
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
    }

    /// Subprotocols that are offered.
    pub(super) fn offered_protocols(&self) -> impl Iterator<Item = &str> {
        self.words("sec-websocket-protocol")
    }

    /// What an acceptable opening of a WebSocket is answered with (RFC 6455 §4.2).
    pub(super) fn websocket_accept(&self) -> Result<String, Reply> {
        let upgrades = self
            .words("upgrade")
            .any(|word| word.eq_ignore_ascii_case("websocket"))
            && self
                .words("connection")
                .any(|word| word.eq_ignore_ascii_case("upgrade"));
        let key = self.header("sec-websocket-key").unwrap_or_default();
        let is_key = STANDARD.decode(key).is_ok_and(|key| key.len() == 16);
        let speaks = self
            .offered_protocols()
            .any(|word| word == super::socket::PROTOCOL);
        if !upgrades || !is_key || self.header("sec-websocket-version") != Some("13") || !speaks {
            return Err(Reply::text(
                400,
                "A WebSocket of the terminal page is expected here.",
            ));
        }
        Ok(derive_accept_key(key.as_bytes()))
    }
}
