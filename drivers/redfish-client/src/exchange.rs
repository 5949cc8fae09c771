//! One request and one reply as values, and what a reply means. No I/O.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use schemas_model::secret::Secret;
use serde_json::Value;

use crate::{
    address::BmcAddress,
    bmc_name::BmcName,
    document::Document,
    error::{Error, ErrorKind},
    extended_info::ExtendedInfo,
    json_limits::{self, BadJson},
    resource_path::{BadPath, ResourcePath},
    settings::Limits,
};

/// Longest pause that a `Retry-After` is believed for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// The HTTP methods of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read a resource.
    Get,
    /// Create a resource or invoke an action.
    Post,
    /// Change some properties.
    Patch,
    /// Replace a resource; rare.
    Put,
    /// Remove a resource.
    Delete,
}

impl Method {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

/// A request, without credentials.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// What to do.
    pub method: Method,
    /// To which resource.
    pub path: ResourcePath,
    /// The JSON body.
    pub body: Option<Value>,
    /// The `If-Match` header.
    pub if_match: Option<String>,
}

impl Request {
    /// A request without a body.
    pub const fn new(method: Method, path: ResourcePath) -> Self {
        Request {
            method,
            path,
            body: None,
            if_match: None,
        }
    }

    /// A request with a body.
    pub const fn with_body(method: Method, path: ResourcePath, body: Value) -> Self {
        Request {
            method,
            path,
            body: Some(body),
            if_match: None,
        }
    }

    /// The texts in its body that are nobody else's business: passwords, and headers that a receiver of
    /// events wants.
    fn secrets(&self) -> Vec<&str> {
        let mut secrets = Vec::new();
        if let Some(body) = &self.body {
            find_secrets(body, false, &mut secrets);
        }
        secrets
    }

    /// Whether sending it twice does no more than sending it once. An action is never harmless.
    pub const fn is_repeatable(&self) -> bool {
        matches!(self.method, Method::Get)
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.path)
    }
}

/// Members of request bodies that hold secrets, at any depth below.
const SECRET_MEMBERS: [&str; 3] = ["Password", "HttpHeaders", "Token"];
/// Shorter texts are parts of ordinary words.
const SHORTEST_SECRET: usize = 4;

fn find_secrets<'a>(value: &'a Value, inside: bool, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let inside = inside || SECRET_MEMBERS.contains(&name.as_str());
                find_secrets(member, inside, found);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| find_secrets(item, inside, found)),
        Value::String(text) if inside && text.len() >= SHORTEST_SECRET => found.push(text),
        _ => {}
    }
}

/// How a request proves who sends it.
#[derive(Debug, Clone)]
pub enum Authorization {
    /// Not at all.
    Anonymous,
    /// `Authorization: Basic`.
    Basic {
        /// The account.
        username: String,
        /// Its password.
        password: Secret,
    },
    /// `X-Auth-Token` of a session.
    Token(Secret),
}

/// A reply whose body has been read within its cap.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The `ETag` header.
    pub etag: Option<String>,
    /// The `Location` header.
    pub location: Option<String>,
    /// The `Retry-After` header, when it is a number of seconds.
    pub retry_after: Option<Duration>,
    /// The `X-Auth-Token` header.
    pub token: Option<Secret>,
    /// The body.
    pub body: Bytes,
}

/// What to do about a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Success.
    Accept,
    /// Ask there instead, without credentials.
    Follow(ResourcePath),
    /// The credentials or the token are not accepted.
    Unauthorized,
    /// The BMC is busy; ask again after the pause, if it says how long.
    Later(Option<Duration>),
    /// Failure.
    Refuse,
}

impl Reply {
    /// Reads a `Retry-After` header of seconds; dates and nonsense are ignored.
    pub fn parse_retry_after(header: &str) -> Option<Duration> {
        header
            .trim()
            .parse()
            .ok()
            .map(|seconds| Duration::from_secs(seconds).min(MAX_RETRY_AFTER))
    }

    /// What this reply to `request` means.
    ///
    /// # Errors
    /// [`ErrorKind::Redirect`] for a redirect that must not be followed.
    pub fn verdict(&self, request: &Request, address: &BmcAddress) -> Result<Verdict, ErrorKind> {
        match self.status {
            200..=299 => Ok(Verdict::Accept),
            301 | 302 | 303 | 307 | 308 => self.redirect(request, address).map(Verdict::Follow),
            401 => Ok(Verdict::Unauthorized),
            // Some BMCs say 403 to a token that has expired.
            403 if self.explanation().mentions("NoValidSession") => Ok(Verdict::Unauthorized),
            // 429 and 503 say that nothing has been done.
            429 | 503 if request.is_repeatable() || self.retry_after.is_some() => {
                Ok(Verdict::Later(self.retry_after))
            }
            500 | 502 | 504 if request.is_repeatable() => Ok(Verdict::Later(None)),
            _ => Ok(Verdict::Refuse),
        }
    }

    fn redirect(&self, request: &Request, address: &BmcAddress) -> Result<ResourcePath, ErrorKind> {
        let to = self.location.as_deref().unwrap_or_default();
        let refuse = |why| ErrorKind::Redirect {
            to: to.chars().take(200).collect(),
            why,
        };
        if request.method != Method::Get {
            return Err(refuse("only reads follow redirects"));
        }
        ResourcePath::parse_link(to, address.origin()).map_err(|bad| {
            refuse(match bad {
                BadPath::OtherHost => "it leads to another host",
                _ => "it is not a usable path",
            })
        })
    }

    /// The same reply, if it is a refusal without what it repeats of the secrets in `request` and of
    /// those of the account.
    #[must_use]
    pub fn without_secrets(mut self, request: &Request, bmc: &BmcName) -> Self {
        if self.status >= 400
            && let Ok(text) = std::str::from_utf8(&self.body)
        {
            let mut redacted = bmc.redact(text);
            for secret in request.secrets() {
                if redacted.contains(secret) {
                    redacted = Cow::Owned(redacted.replace(secret, "***"));
                }
            }
            if let Cow::Owned(redacted) = redacted {
                self.body = redacted.into();
            }
        }
        self
    }

    /// What the BMC says about a failure.
    pub fn explanation(&self) -> ExtendedInfo {
        json_limits::parse(&self.body, Limits::default().depth)
            .map(|body| ExtendedInfo::decode(&body))
            .unwrap_or_default()
    }

    /// The error that a failure status stands for.
    pub fn failure(&self) -> ErrorKind {
        let detail = self.explanation();
        match self.status {
            401 | 403 => ErrorKind::Access {
                status: self.status,
                detail,
            },
            status => ErrorKind::Http { status, detail },
        }
    }

    /// The body as a document, which must be a JSON object.
    pub fn document(
        &self,
        bmc: &Arc<BmcName>,
        request: &Request,
        limits: &Limits,
    ) -> Result<Document, Error> {
        let fail = |kind| Error::new(bmc, request.to_string(), kind);
        let body = match json_limits::parse(&self.body, limits.depth) {
            Ok(Value::Object(body)) => body,
            Ok(_) => {
                return Err(fail(ErrorKind::NotJson(
                    "a JSON object was expected".to_owned(),
                )));
            }
            Err(BadJson::TooDeep) => return Err(fail(ErrorKind::TooDeep(limits.depth))),
            Err(BadJson::Invalid(why)) => return Err(fail(ErrorKind::NotJson(why))),
        };
        let etag = self
            .etag
            .clone()
            .or_else(|| body.get("@odata.etag")?.as_str().map(str::to_owned));
        Ok(Document::new(bmc, request.path.clone(), etag, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> BmcAddress {
        BmcAddress::parse("https://bmc.example", None).unwrap()
    }

    fn request(method: Method) -> Request {
        Request::new(method, ResourcePath::parse("/redfish/v1").unwrap())
    }

    fn reply(status: u16, location: &str) -> Reply {
        Reply {
            status,
            location: Some(location.to_owned()),
            ..Reply::default()
        }
    }

    #[test]
    fn redirects_stay_on_the_host_and_only_reads_follow() {
        let follow = reply(308, "/redfish/v1/").verdict(&request(Method::Get), &address());
        assert_eq!(
            follow,
            Ok(Verdict::Follow(
                ResourcePath::parse("/redfish/v1/").unwrap()
            ))
        );
        let foreign = reply(302, "https://evil.example/redfish/v1/")
            .verdict(&request(Method::Get), &address());
        assert!(matches!(
            foreign,
            Err(ErrorKind::Redirect {
                why: "it leads to another host",
                ..
            })
        ));
        let post = reply(307, "/redfish/v1/").verdict(&request(Method::Post), &address());
        assert!(matches!(
            post,
            Err(ErrorKind::Redirect {
                why: "only reads follow redirects",
                ..
            })
        ));
        let nowhere = Reply {
            status: 302,
            ..Reply::default()
        }
        .verdict(&request(Method::Get), &address());
        assert!(matches!(nowhere, Err(ErrorKind::Redirect { .. })));
    }

    #[test]
    fn only_what_is_harmless_is_repeated() {
        let busy = Reply {
            status: 503,
            ..Reply::default()
        };
        assert_eq!(
            busy.verdict(&request(Method::Get), &address()),
            Ok(Verdict::Later(None))
        );
        assert_eq!(
            busy.verdict(&request(Method::Post), &address()),
            Ok(Verdict::Refuse)
        );
        let later = Reply {
            status: 503,
            retry_after: Reply::parse_retry_after("7"),
            ..Reply::default()
        };
        assert_eq!(
            later.verdict(&request(Method::Post), &address()),
            Ok(Verdict::Later(Some(Duration::from_secs(7))))
        );
        let crashed = Reply {
            status: 500,
            ..Reply::default()
        };
        assert_eq!(
            crashed.verdict(&request(Method::Patch), &address()),
            Ok(Verdict::Refuse)
        );
    }

    #[test]
    fn retry_after_is_capped() {
        assert_eq!(Reply::parse_retry_after("86400"), Some(MAX_RETRY_AFTER));
        assert_eq!(
            Reply::parse_retry_after("Wed, 21 Oct 2026 07:28:00 GMT"),
            None
        );
    }

    #[test]
    fn an_expired_session_may_come_as_403() {
        let body =
            br#"{"error": {"@Message.ExtendedInfo": [{"MessageId": "Base.1.0.NoValidSession"}]}}"#;
        let expired = Reply {
            status: 403,
            body: Bytes::from_static(body),
            ..Reply::default()
        };
        assert_eq!(
            expired.verdict(&request(Method::Get), &address()),
            Ok(Verdict::Unauthorized)
        );
        let forbidden = Reply {
            status: 403,
            ..Reply::default()
        };
        assert_eq!(
            forbidden.verdict(&request(Method::Get), &address()),
            Ok(Verdict::Refuse)
        );
    }
}
