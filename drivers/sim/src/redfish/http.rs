//! As much HTTP/1.1 as BMCs speak: requests with a length, answers with a length, connections that
//! stay open.
//!
//! Written by hand, because a simulator must also be able to do what HTTP libraries prevent: stop in
//! the middle of an answer, lie about its length, say nothing.

use std::fmt::Write as _;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Largest request taken, in bytes, head and body together.
const REQUEST_MAX: usize = 4 << 20;
/// Bytes read at once.
const CHUNK: usize = 4096;

/// A request as the BMC saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// `GET`, `PATCH`, …
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, as text.
    pub body: String,
}

impl Request {
    /// The value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The path without query and without a slash at its end: the key of a resource.
    pub fn path(&self) -> &str {
        let path = self.target.split(['?', '#']).next().unwrap_or_default();
        path.trim_end_matches('/')
    }

    /// `METHOD /path`, for comparisons.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path())
    }

    /// The body as JSON; `Null` if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// An answer, before it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers besides length and type.
    pub headers: Vec<(&'static str, String)>,
    /// The body; `None` is an empty one.
    pub body: Option<Value>,
}

impl Answer {
    /// A status with a JSON body.
    pub fn json(status: u16, body: Value) -> Self {
        Answer {
            status,
            headers: Vec::new(),
            body: Some(body),
        }
    }

    /// A status alone.
    pub const fn empty(status: u16) -> Self {
        Answer {
            status,
            headers: Vec::new(),
            body: None,
        }
    }

    /// The same with a header more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The bytes to write: head, and body with its true length.
    pub fn bytes(&self) -> Vec<u8> {
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        let mut head = format!(
            "HTTP/1.1 {} {}\r\nContent-Length: {}\r\nOData-Version: 4.0\r\n",
            self.status,
            reason(self.status),
            body.len()
        );
        if self.body.is_some() {
            head.push_str("Content-Type: application/json; charset=utf-8\r\n");
        }
        for (name, value) in &self.headers {
            // Writing to a string cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("\r\n");
        head.push_str(&body);
        head.into_bytes()
    }
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        412 => "Precondition Failed",
        428 => "Precondition Required",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

/// The next request of a connection; `None` if it ended or is not HTTP.
pub(super) async fn read<S: AsyncRead + Unpin>(
    stream: &mut S,
    pending: &mut Vec<u8>,
) -> Option<Request> {
    let end = loop {
        if let Some(end) = pending.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        more(stream, pending).await?;
    };
    let head = String::from_utf8_lossy(pending.get(..end)?).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(Some(0), |(_, value)| value.parse().ok())?;
    let whole = end + 4 + length;
    while pending.len() < whole {
        more(stream, pending).await?;
    }
    let body = String::from_utf8_lossy(pending.get(end + 4..whole)?).into_owned();
    pending.drain(..whole);
    Some(Request {
        method,
        target,
        headers,
        body,
    })
}

async fn more<S: AsyncRead + Unpin>(stream: &mut S, pending: &mut Vec<u8>) -> Option<()> {
    if pending.len() > REQUEST_MAX {
        return None;
    }
    let mut chunk = [0; CHUNK];
    let count = stream.read(&mut chunk).await.ok()?;
    pending.extend_from_slice(chunk.get(..count)?);
    (count > 0).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn requests_follow_each_other_on_one_connection() {
        let bytes = b"PATCH /redfish/v1/Systems/1/?a=b HTTP/1.1\r\nIf-Match: \"1\"\r\nContent-Length: 7\r\n\r\n{\"a\":1}GET /x HTTP/1.1\r\n\r\n";
        let mut stream = &bytes[..];
        let mut pending = Vec::new();
        let first = read(&mut stream, &mut pending).await.unwrap();
        assert_eq!(first.line(), "PATCH /redfish/v1/Systems/1");
        assert_eq!(first.header("if-match"), Some("\"1\""));
        assert_eq!(first.json(), json!({"a": 1}));
        let second = read(&mut stream, &mut pending).await.unwrap();
        assert_eq!(second.line(), "GET /x");
        assert!(read(&mut stream, &mut pending).await.is_none());
    }

    #[test]
    fn answers_tell_their_length() {
        let text = String::from_utf8(Answer::json(200, json!({"a": 1})).bytes()).unwrap();
        assert!(text.starts_with("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n"));
        assert!(text.ends_with("\r\n\r\n{\"a\":1}"));
        let empty = String::from_utf8(Answer::empty(204).bytes()).unwrap();
        assert!(empty.contains("Content-Length: 0") && empty.ends_with("\r\n\r\n"));
    }
}
