//! Answers, all with the headers that keep a page to itself.

use super::assets::Asset;
use super::socket::PROTOCOL;

/// Scripts, styles and connections of our own only. xterm.js writes its colours into style elements.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    status: u16,
    media_type: &'static str,
    cache: &'static str,
    body: &'static [u8],
}

impl Reply {
    /// A sentence.
    pub(super) const fn text(status: u16, body: &'static str) -> Self {
        Reply {
            status,
            media_type: "text/plain; charset=utf-8",
            cache: "no-store",
            body: body.as_bytes(),
        }
    }

    /// The page.
    pub(super) const fn page(page: &'static str) -> Self {
        Reply {
            status: 200,
            media_type: "text/html; charset=utf-8",
            cache: "no-store",
            body: page.as_bytes(),
        }
    }

    /// A part of it.
    pub(super) const fn asset(asset: &'static Asset) -> Self {
        Reply {
            status: 200,
            media_type: asset.media_type,
            cache: "max-age=3600",
            body: asset.body,
        }
    }

    /// The bytes on the wire.
    pub(super) fn encode(&self) -> Vec<u8> {
        let Reply {
            status,
            media_type,
            cache,
            body,
        } = self;
        let reason = match status {
            200 => "OK",
            400 => "Bad Request",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            431 => "Request Header Fields Too Large",
            _ => "Service Unavailable",
        };
        let len = body.len();
        let mut bytes = format!(
            "HTTP/1.1 {status} {reason}\r\n\
             Content-Type: {media_type}\r\n\
             Content-Length: {len}\r\n\
             Cache-Control: {cache}\r\n\
             Content-Security-Policy: {POLICY}\r\n\
             X-Content-Type-Options: nosniff\r\n\
             X-Frame-Options: DENY\r\n\
             Referrer-Policy: no-referrer\r\n\
             Cross-Origin-Opener-Policy: same-origin\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\n\
             Connection: close\r\n\r\n"
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        bytes
    }

    /// The head that opens a WebSocket.
    pub(super) fn switching(accept: &str) -> Vec<u8> {
        format!(
            "HTTP/1.1 101 Switching Protocols\r\n\
             Upgrade: websocket\r\n\
             Connection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\
             Sec-WebSocket-Protocol: {PROTOCOL}\r\n\r\n"
        )
        .into_bytes()
    }
}
