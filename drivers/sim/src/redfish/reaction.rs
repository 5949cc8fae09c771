//! What a connection gets for a request: an answer, or what a bug makes of it.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::bug::Bug;
use super::error;
use super::http::{Answer, Request};
use super::patch;

/// See the module.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reaction {
    /// Bytes, and the connection stays open.
    Say(Vec<u8>),
    /// The same after a while.
    Later(Duration, Vec<u8>),
    /// The same byte for byte.
    Drip(Duration, Vec<u8>),
    /// Bytes, and the connection is closed.
    Last(Vec<u8>),
    /// Nothing, and the connection stays open.
    Hang,
    /// The connection is reset.
    Reset,
    /// A body of 64 MB.
    Huge,
}

/// What comes instead of doing what was asked.
pub(super) fn before(bugs: &[Bug]) -> Option<Reaction> {
    bugs.iter().find_map(|bug| match bug {
        Bug::Silent => Some(Reaction::Hang),
        Bug::Reset => Some(Reaction::Reset),
        Bug::Huge => Some(Reaction::Huge),
        _ => None,
    })
}

/// A refusal instead of doing what was asked.
pub(super) fn refusal(bugs: &[Bug], request: &Request) -> Option<Answer> {
    bugs.iter().find_map(|bug| match bug {
        Bug::Unauthorized => Some(error::refuse(
            401,
            "NoValidSession",
            "The session has expired.",
        )),
        Bug::Busy => Some(
            error::refuse(
                503,
                "ServiceTemporarilyUnavailable",
                "The service is temporarily unavailable. Retry in 0 seconds.",
            )
            .with("Retry-After", "0"),
        ),
        Bug::InternalError => Some(error::refuse(
            500,
            "InternalError",
            "The request failed due to an internal service error.",
        )),
        Bug::Changed => Some(patch::changed()),
        Bug::NoEffect if changes(request) => Some(Answer::empty(204)),
        Bug::Echo => Some(echo(request)),
        Bug::Redirect(to) => Some(Answer::empty(302).with("Location", to.clone())),
        _ => None,
    })
}

/// Whether a request changes anything but who is logged in.
fn changes(request: &Request) -> bool {
    !matches!(request.method.as_str(), "GET" | "HEAD")
        && !request.path().starts_with("/redfish/v1/SessionService")
}

/// Repeats a request in an explanation, as debug builds of firmware do.
fn echo(request: &Request) -> Answer {
    let head: Vec<String> = request
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let text = format!(
        "Cannot do {} with {} {}",
        request.line(),
        head.join("; "),
        request.body
    );
    error::refuse(400, "GeneralError", text)
}

/// What becomes of an answer.
pub(super) fn after(bugs: &[Bug], request: &Request, mut answer: Answer) -> Reaction {
    let mut raw = None;
    for bug in bugs {
        match bug {
            Bug::WrongTypes => answer.body = answer.body.map(wrong),
            Bug::IdLoop => collection(
                &mut answer,
                |body, path| {
                    body["Members"] = json!([{ "@odata.id": path }]);
                    body["Members@odata.nextLink"] = json!(path);
                },
                request,
            ),
            Bug::EndlessPages => collection(
                &mut answer,
                |body, path| {
                    let page: u64 = request
                        .target
                        .rsplit('=')
                        .next()
                        .and_then(|n| n.parse().ok())
                        .unwrap_or(0);
                    body["Members@odata.nextLink"] = json!(format!("{path}?page={}", page + 1));
                },
                request,
            ),
            Bug::ManyMembers(count) => collection(
                &mut answer,
                |body, path| {
                    body["Members"] = json!(vec![json!({ "@odata.id": path }); *count]);
                },
                request,
            ),
            Bug::Deep => {
                raw = Some(format!(
                    "{{\"a\":{}{}}}",
                    "[".repeat(5000),
                    "]".repeat(5000)
                ))
            }
            Bug::Html => raw = Some("<html><body>Login</body></html>".to_owned()),
            _ => {}
        }
    }
    let bytes = match raw {
        Some(text) => format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}",
            text.len()
        )
        .into_bytes(),
        None => answer.bytes(),
    };
    bugs.iter()
        .find_map(|bug| match bug {
            Bug::LostAnswer => Some(Reaction::Last(Vec::new())),
            Bug::Truncated => {
                let half = bytes.len() - bytes.len() / 4;
                Some(Reaction::Last(
                    bytes.get(..half).unwrap_or_default().to_vec(),
                ))
            }
            Bug::Slow(by) => Some(Reaction::Later(*by, bytes.clone())),
            Bug::Drip(pause) => Some(Reaction::Drip(*pause, bytes.clone())),
            _ => None,
        })
        .unwrap_or(Reaction::Say(bytes))
}

/// Changes the body of a collection.
fn collection(answer: &mut Answer, change: impl FnOnce(&mut Value, &str), request: &Request) {
    if let Some(body) = &mut answer.body
        && body.get("Members").is_some()
    {
        change(body, request.path());
    }
}

/// Every value has another type than before; links stay, so that one gets that far.
fn wrong(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| {
                    let kept = name.starts_with("@odata.") || name == "Members";
                    let value = match value {
                        value @ (Value::Object(_) | Value::Array(_)) => wrong(value),
                        value if kept => value,
                        value => scalar(&value),
                    };
                    (name, value)
                })
                .collect::<Map<_, _>>(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(wrong).collect()),
        other => scalar(&other),
    }
}

fn scalar(value: &Value) -> Value {
    match value {
        Value::String(_) => json!({"unexpected": true}),
        Value::Number(_) => json!("many"),
        Value::Bool(_) => json!([1]),
        _ => json!(-1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_types_leave_links() {
        let body = json!({"@odata.id": "/x", "Id": "1", "Count": 2, "Links": {"Drives": [{"@odata.id": "/y"}]}});
        assert_eq!(
            wrong(body),
            json!({"@odata.id": "/x", "Id": {"unexpected": true}, "Count": "many", "Links": {"Drives": [{"@odata.id": "/y"}]}})
        );
    }
}
