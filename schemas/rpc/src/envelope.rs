//! The oslo.messaging 2.0 envelope: a JSON object holding a JSON text.
//!
//! Requests carry method, arguments, version, and the context as `_context_<key>`; calls also a
//! message id and the queue to reply to. Every message has a `_unique_id`, by which receivers drop
//! what they have just seen.

use schemas_model::error::Fault;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::context::RequestContext;
use crate::faults::Failure;
use crate::wire::Wire;

const VERSION: &str = "2.0";
const CONTEXT: &str = "_context_";

/// A message that is not an oslo.messaging 2.0 envelope.
#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    /// Not JSON, outside or inside.
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Another envelope.
    #[error("envelope version '{0}', not 2.0")]
    Version(String),
    /// A key is absent or of another type.
    #[error("'{0}' is missing or unreadable")]
    Key(&'static str),
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    #[serde(rename = "oslo.version")]
    version: String,
    #[serde(rename = "oslo.message")]
    message: String,
}

pub(crate) fn wrap(inner: Map<String, Value>) -> Vec<u8> {
    let envelope = Envelope {
        version: VERSION.to_owned(),
        message: Value::Object(inner).to_string(),
    };
    // Text with text keys always serialises.
    serde_json::to_vec(&envelope).unwrap_or_default()
}

fn unwrap(body: &[u8]) -> Result<Map<String, Value>, Malformed> {
    let envelope: Envelope = serde_json::from_slice(body)?;
    // Receivers accept any 2.x.
    if envelope.version.split('.').next() != Some("2") {
        return Err(Malformed::Version(envelope.version));
    }
    Ok(serde_json::from_str(&envelope.message)?)
}

fn text(inner: &mut Map<String, Value>, key: &str) -> Option<String> {
    match inner.remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Where a call is to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// `_reply_q`
    pub queue: String,
    /// `_msg_id`
    pub msg_id: String,
}

/// A request on the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct WireRequest {
    /// Method name.
    pub method: String,
    /// Arguments.
    pub args: Map<String, Value>,
    /// RPC version asked for; absent means 1.0.
    pub version: Option<String>,
    /// Unused by Ironic: a request with one is for somebody else.
    pub namespace: Option<String>,
    /// Calls only.
    pub reply_to: Option<ReplyTo>,
    /// 32 hex digits.
    pub unique_id: Option<String>,
    /// Who asks.
    pub context: RequestContext,
}

impl WireRequest {
    /// The message body.
    pub fn encode(self) -> Vec<u8> {
        let mut inner = Map::new();
        inner.insert("method".into(), self.method.into());
        inner.insert("args".into(), self.args.into());
        if let Some(version) = self.version {
            inner.insert("version".into(), version.into());
        }
        if let Some(namespace) = self.namespace {
            inner.insert("namespace".into(), namespace.into());
        }
        if let Some(reply_to) = self.reply_to {
            inner.insert("_msg_id".into(), reply_to.msg_id.into());
            inner.insert("_reply_q".into(), reply_to.queue.into());
            inner.insert("_timeout".into(), Value::Null);
        }
        if let Some(unique_id) = self.unique_id {
            inner.insert("_unique_id".into(), unique_id.into());
        }
        for (key, value) in self.context.to_wire() {
            inner.insert(format!("{CONTEXT}{key}"), value);
        }
        wrap(inner)
    }

    /// Reads a message body.
    ///
    /// # Errors
    /// [`Malformed`] when it is not a request in an envelope.
    pub fn decode(body: &[u8]) -> Result<Self, Malformed> {
        let mut inner = unwrap(body)?;
        let reply_to = text(&mut inner, "_reply_q")
            .zip(text(&mut inner, "_msg_id"))
            .map(|(queue, msg_id)| ReplyTo { queue, msg_id });
        let args = match inner.remove("args") {
            None => Map::new(),
            Some(Value::Object(args)) => args,
            Some(_) => return Err(Malformed::Key("args")),
        };
        let method = text(&mut inner, "method").ok_or(Malformed::Key("method"))?;
        let version = text(&mut inner, "version");
        let namespace = text(&mut inner, "namespace");
        let unique_id = text(&mut inner, "_unique_id");
        let context = inner
            .into_iter()
            .filter_map(|(key, value)| Some((key.strip_prefix(CONTEXT)?.to_owned(), value)))
            .collect();
        Ok(WireRequest {
            method,
            args,
            version,
            namespace,
            reply_to,
            unique_id,
            context: RequestContext::from_wire(context),
        })
    }
}

/// A reply on the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct WireReply {
    /// The result, or what went wrong.
    pub outcome: Result<Value, Failure>,
    /// `_msg_id` of the request.
    pub msg_id: String,
    /// 32 hex digits, of its own.
    pub unique_id: String,
}

impl WireReply {
    /// The message body. There is one reply a call, so it is always the ending one.
    pub fn encode(self) -> Vec<u8> {
        let (result, failure) = match self.outcome {
            Ok(result) => (result, Value::Null),
            Err(failure) => {
                // Text, lists and maps with text keys always serialise.
                let text = serde_json::to_string(&failure).unwrap_or_default();
                (Value::Null, Value::String(text))
            }
        };
        let mut inner = Map::new();
        inner.insert("result".into(), result);
        inner.insert("failure".into(), failure);
        inner.insert("ending".into(), true.into());
        inner.insert("_msg_id".into(), self.msg_id.into());
        inner.insert("_unique_id".into(), self.unique_id.into());
        wrap(inner)
    }

    /// Reads a message body; `None` for a keep-alive (`ending` false), which carries no result.
    ///
    /// # Errors
    /// [`Malformed`] when it is not a reply in an envelope.
    pub fn decode(body: &[u8]) -> Result<Option<Self>, Malformed> {
        let mut inner = unwrap(body)?;
        let ending = bool::from_wire(inner.remove("ending").unwrap_or(Value::Bool(true)));
        if ending == Ok(false) {
            return Ok(None);
        }
        let outcome = match inner.remove("failure") {
            None | Some(Value::Null) => Ok(inner.remove("result").unwrap_or_default()),
            Some(Value::String(text)) => Err(serde_json::from_str(&text)?),
            Some(_) => return Err(Malformed::Key("failure")),
        };
        Ok(Some(WireReply {
            outcome,
            msg_id: text(&mut inner, "_msg_id").ok_or(Malformed::Key("_msg_id"))?,
            unique_id: text(&mut inner, "_unique_id").unwrap_or_default(),
        }))
    }

    /// What the caller is told.
    ///
    /// # Errors
    /// The failure, as a fault.
    pub fn into_result(self) -> Result<Value, Fault> {
        self.outcome.map_err(Failure::into_fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_an_envelope_is_refused() {
        for body in [
            "",
            "[]",
            r#"{"oslo.version":"1.0","oslo.message":"{}"}"#,
            r#"{"oslo.version":"2.0","oslo.message":"{}"}"#,
            r#"{"oslo.version":"2.0","oslo.message":"{\"method\":\"x\",\"args\":[]}"}"#,
        ] {
            assert!(WireRequest::decode(body.as_bytes()).is_err(), "{body}");
            assert!(WireReply::decode(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn a_keep_alive_is_not_an_answer() {
        let body =
            r#"{"oslo.version":"2.0","oslo.message":"{\"ending\":false,\"_msg_id\":\"m\"}"}"#;
        assert!(WireReply::decode(body.as_bytes()).unwrap().is_none());
    }

    proptest! {
        #[test]
        fn hostile_bytes_do_no_harm(body in proptest::collection::vec(any::<u8>(), 0..200), inner in ".{0,80}") {
            let _ = WireRequest::decode(&body);
            let wrapped = serde_json::json!({"oslo.version": "2.0", "oslo.message": inner}).to_string();
            let _ = WireRequest::decode(wrapped.as_bytes());
            let _ = WireReply::decode(wrapped.as_bytes());
        }
    }
}
