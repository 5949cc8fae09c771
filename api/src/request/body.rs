//! Request bodies: read within limits, and understood the way the operation wants.
//!
//! Source: Ironic 39.0.0, `JsonDepthMiddleware`, pecan and WebOb, observed. JSON limits apply when
//! the content type contains `json` in lower case; anything else is bounded by the largest of them.

use actix_web::web::{Bytes, BytesMut, Payload};
use futures::StreamExt;
use schemas_config::section::api::Api;
use schemas_model::Fault;
use schemas_rest::limits::{SizeClass, depth_within, size_class};
use schemas_rest::operations::{Body, Method};
use schemas_rest::params::{self, Raw};
use serde_json::Value;

use crate::error::Failure;

const TOO_LARGE: &str = "Request body is too large. Please contact the service administrator.";
const TOO_DEEP: &str =
    "Request body JSON is nested too deeply. Please contact the service administrator.";

/// The limits of `[api]max_json_body_*`.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    depth: usize,
    ordinary: usize,
    provision: usize,
    inspection: usize,
}

impl Limits {
    /// Out of the configuration.
    pub fn of(api: &Api) -> Limits {
        let bytes = |kib: u64| usize::try_from(kib.saturating_mul(1024)).unwrap_or(usize::MAX);
        Limits {
            depth: usize::try_from(api.max_json_body_depth).unwrap_or(usize::MAX),
            ordinary: bytes(api.max_json_body_size),
            provision: bytes(api.max_json_body_size_provision),
            inspection: bytes(api.max_json_body_size_inspection),
        }
    }

    fn size(&self, path: &str, is_json: bool) -> usize {
        match size_class(path) {
            _ if !is_json => self.ordinary.max(self.provision).max(self.inspection),
            SizeClass::Ordinary => self.ordinary,
            SizeClass::Provision => self.provision,
            SizeClass::Inspection => self.inspection,
        }
    }

    /// Reads a body.
    ///
    /// # Errors
    /// 413 for one that is too large, 400 for one that is too deep or breaks off.
    pub async fn read(
        &self,
        payload: &mut Payload,
        path: &str,
        content_type: &str,
        announced: Option<usize>,
    ) -> Result<Bytes, Failure> {
        let is_json = content_type.contains("json");
        let limit = self.size(path, is_json);
        if announced.is_some_and(|length| length > limit) {
            return Err(Failure::Body(413, TOO_LARGE));
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| {
                Failure::Body(400, "The request body could not be read to its end.")
            })?;
            if body.len() + chunk.len() > limit {
                return Err(Failure::Body(413, TOO_LARGE));
            }
            body.extend_from_slice(&chunk);
        }
        if is_json && !depth_within(&body, self.depth) {
            return Err(Failure::Body(400, TOO_DEEP));
        }
        Ok(body.freeze())
    }
}

/// What a request says: its parameters, and its document if the operation takes one.
#[derive(Debug)]
pub struct Content {
    /// Parameters of query and body.
    pub raw: Raw,
    /// The document of a whole-body operation; the empty object when there is no body.
    pub document: Value,
}

/// Takes query and body apart.
///
/// # Errors
/// 400 when a document is needed and the body is no JSON.
pub fn content(
    method: Method,
    kind: Body,
    query: &str,
    content_type: &str,
    body: &[u8],
) -> Result<Content, Fault> {
    let mut content = read(method, kind, query, content_type, body)?;
    // The name of what a method belongs to: a parameter that nobody can take.
    content.raw.remove("self");
    Ok(content)
}

fn read(
    method: Method,
    kind: Body,
    query: &str,
    content_type: &str,
    body: &[u8],
) -> Result<Content, Fault> {
    let mut raw = params::parse_query(query);
    if method == Method::Get && kind == Body::Keywords {
        return Ok(Content {
            raw,
            document: Value::Null,
        });
    }
    let media = content_type.split(';').next().unwrap_or_default().trim();
    if is_form(method, media) && !body.is_empty() {
        // Parts are for nobody: with a boundary none is found, without one nothing can be read.
        let form = if media == "multipart/form-data" && content_type.contains("boundary=") {
            Raw::new()
        } else if media == "multipart/form-data" {
            Raw::from([("multipart".to_owned(), Value::Null)])
        } else {
            params::parse_query(&String::from_utf8_lossy(body))
        };
        for (name, value) in form {
            params::add(&mut raw, name, value);
        }
    }
    match kind {
        Body::Whole => {
            let document = if body.is_empty() {
                Value::Object(serde_json::Map::new())
            } else {
                parse(body).map_err(Fault::from)?
            };
            if let Value::Object(members) = &document {
                raw.retain(|name, _| !members.contains_key(name));
            }
            Ok(Content { raw, document })
        }
        Body::Keywords => {
            if matches!(media, "application/json" | "application/javascript") {
                match parse(body) {
                    Ok(Value::Object(members)) => {
                        for (name, value) in members {
                            params::add(&mut raw, name, value);
                        }
                    }
                    Err(refused @ Unreadable::NoNumber) => return Err(refused.into()),
                    Ok(_) | Err(Unreadable::NoJson(_)) => {}
                }
            }
            Ok(Content {
                raw,
                document: Value::Null,
            })
        }
    }
}

/// Whether a body counts as a form: of a form's type, or a POST without any type.
fn is_form(method: Method, media: &str) -> bool {
    match media {
        "application/x-www-form-urlencoded" | "multipart/form-data" => method != Method::Get,
        "" => method == Method::Post,
        _ => false,
    }
}

/// Why a body cannot be read.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("The request body is no JSON: {0}")]
    NoJson(#[from] serde_json::Error),
    #[error("The request body has NaN or Infinity in it, which no JSON document can hold")]
    NoNumber,
}

impl From<Unreadable> for Fault {
    fn from(reason: Unreadable) -> Fault {
        Fault::invalid_parameter(reason.to_string())
    }
}

/// JSON as Python reads it: `NaN` and the infinities are values (of no type that a parameter or a
/// field has). Inside a document, where every value is kept, they are refused: Ironic keeps them, and
/// then answers with what only Python reads.
fn parse(body: &[u8]) -> Result<Value, Unreadable> {
    let error = match serde_json::from_slice(body) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let plain = without_specials(body);
    if !plain.found {
        return Err(error.into());
    }
    let value = serde_json::from_slice(&plain.text)?;
    if plain.in_document {
        return Err(Unreadable::NoNumber);
    }
    Ok(value)
}

/// A body without `NaN`, `Infinity` and `-Infinity`.
#[derive(Default)]
struct Plain {
    /// The same with a fraction in their places.
    text: Vec<u8>,
    /// Whether there were any.
    found: bool,
    /// Whether one of them was not a member of the outermost object.
    in_document: bool,
}

fn without_specials(body: &[u8]) -> Plain {
    const SPECIALS: &[&[u8]] = &[b"NaN", b"-Infinity", b"Infinity"];
    let mut plain = Plain::default();
    let (mut in_string, mut escaped, mut depth, mut at) = (false, false, 0_usize, 0);
    while let Some(byte) = body.get(at) {
        let special = SPECIALS
            .iter()
            .find(|word| !in_string && body[at..].starts_with(word));
        if let Some(word) = special {
            plain.text.extend_from_slice(b"0.5");
            plain.found = true;
            plain.in_document |= depth > 1;
            at += word.len();
            continue;
        }
        match (in_string, byte) {
            _ if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => depth += 1,
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        plain.text.push(*byte);
        at += 1;
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const METHODS: &[Method] = &[
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ];

    /// Bodies of which some are JSON, some forms, and some nothing at all.
    fn any_body() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..64),
            "[\\[\\]{}:,\"\\\\ a0.eE+-]{0,40}".prop_map(String::into_bytes),
            "(\"[a-z\\\\]{0,3}\"|NaN|-?Infinity|null|[0-9]{1,25}|[\\[\\]{}:,]){0,12}"
                .prop_map(String::into_bytes),
            "([a-z%0-9+]{0,4}=[a-z%0-9+é]{0,4}&?){0,6}".prop_map(String::into_bytes),
            any_document().prop_map(|document| wrapped(&document, b"")),
            (any_document(), odd_bytes()).prop_map(|(document, odd)| wrapped(&document, &odd)),
        ]
    }

    /// Well-formed text of which some parts are not what every reader agrees on.
    fn any_document() -> impl Strategy<Value = Vec<u8>> {
        const LEAVES: &[&[u8]] = &[
            b"NaN",
            b"-Infinity",
            b"1e400",
            b"-1e-400",
            b"0.1e5",
            b"-0",
            b"01",
            b"1.",
            b"true",
            b"null",
            b"99999999999999999999999999",
            b"\"\\ud800\"",
            b"\"\\udc00\\ud800\"",
            b"\"\\ud83d\\ude00\"",
            b"\"\\u0000\"",
            b"\"\xff\"",
            b"\"\xc0\xaf\"",
            b"\"\xed\xa0\x80\"",
            b"\"\x01\"",
            b"\"\\x\"",
            b"\"[{\\\"\"",
        ];
        let leaf = prop::sample::select(LEAVES).prop_map(<[u8]>::to_vec);
        leaf.prop_recursive(30, 40, 3, |inner| {
            let list = prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|items| [b"[".as_slice(), &items.join(&b','), b"]"].concat());
            // Two members of one name among them.
            let object = prop::collection::vec(("[ab]?", inner), 0..3).prop_map(|members| {
                let members: Vec<Vec<u8>> = members
                    .into_iter()
                    .map(|(name, value)| [format!("\"{name}\":").as_bytes(), &value].concat())
                    .collect();
                [b"{".as_slice(), &members.join(&b','), b"}"].concat()
            });
            prop_oneof![list, object]
        })
    }

    /// What stands before a document.
    fn odd_bytes() -> impl Strategy<Value = Vec<u8>> {
        const ODD: &[&[u8]] = &[b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b" \n\t", b"//", b"{}"];
        prop::sample::select(ODD).prop_map(<[u8]>::to_vec)
    }

    fn wrapped(document: &[u8], odd: &[u8]) -> Vec<u8> {
        [odd, document].concat()
    }

    const LIMITS: Limits = Limits {
        depth: 5,
        ordinary: 40,
        provision: 60,
        inspection: 80,
    };

    /// What [`Limits::read`] makes of a body that comes without an announcement.
    fn limited(path: &str, media: &str, body: &[u8]) -> Result<usize, u16> {
        use actix_web::FromRequest as _;
        let read = async {
            let request = actix_web::test::TestRequest::default().set_payload(body.to_vec());
            let (request, mut payload) = request.to_http_parts();
            let mut payload = Payload::from_request(&request, &mut payload).await.unwrap();
            LIMITS.read(&mut payload, path, media, None).await
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        match runtime.unwrap().block_on(read) {
            Ok(body) => Ok(body.len()),
            Err(Failure::Body(status, _)) => Err(status),
            Err(_) => Err(0),
        }
    }

    proptest! {
        /// Whatever comes is read or refused as the caller's mistake, and what is read is no
        /// larger than what came.
        #[test]
        fn any_body_is_read_or_refused(
            method in prop::sample::select(METHODS),
            is_whole in any::<bool>(),
            query in "([a-z_%]{0,5}=?[a-z0-9%+]{0,4}&?){0,6}",
            media in prop_oneof![
                Just("application/json"), Just("text/plain"), Just(""),
                Just("application/x-www-form-urlencoded"), Just("multipart/form-data"),
                Just("multipart/form-data; boundary=x"), Just(";"),
            ],
            body in any_body(),
        ) {
            let kind = if is_whole { Body::Whole } else { Body::Keywords };
            match content(method, kind, &query, media, &body) {
                Ok(read) => {
                    prop_assert!(!read.raw.contains_key("self"));
                    prop_assert!(read.raw.len() <= query.len() + body.len() + 1);
                    prop_assert!(is_whole || read.document.is_null());
                }
                Err(fault) => prop_assert_eq!(fault.code(), 400),
            }
        }

        /// A body comes whole and within its limits, or not at all.
        #[test]
        fn limits_hold(
            body in prop_oneof![any_body(), prop::collection::vec(any::<u8>(), 30..90)],
            path in prop_oneof![
                Just("/v1/nodes"), Just("/v1/nodes/a/states/provision"),
                Just("/v1/continue_inspection/"),
            ],
            media in prop_oneof![
                Just("application/json"), Just("text/json; charset=x"), Just("text/plain"),
                Just("application/JSON"),
            ],
        ) {
            let is_json = media.contains("json");
            let limit = LIMITS.size(path, is_json);
            let wanted = match body.len() {
                length if length > limit => Err(413),
                _ if is_json && !depth_within(&body, LIMITS.depth) => Err(400),
                length => Ok(length),
            };
            prop_assert_eq!(limited(path, media, &body), wanted);
        }

        /// What stands for no number leaves the rest of the text as it was.
        #[test]
        fn specials_are_replaced_outside_strings_only(text in "[a-zA-Z{}\\[\\],: ]{0,24}") {
            let quoted = format!("[{}, NaN]", serde_json::to_string(&text).unwrap());
            let read = parse(quoted.as_bytes()).unwrap();
            prop_assert_eq!(read[0].as_str(), Some(text.as_str()));
        }
    }

    fn raw(method: Method, kind: Body, query: &str, media: &str, body: &str) -> Vec<String> {
        content(method, kind, query, media, body.as_bytes())
            .unwrap()
            .raw
            .into_keys()
            .collect()
    }

    #[test]
    fn keywords_come_from_json_objects_of_the_exact_type() {
        let body = r#"{"target": "power on"}"#;
        let json = "application/json; charset=utf-8";
        assert_eq!(raw(Method::Put, Body::Keywords, "", json, body), ["target"]);
        for media in ["APPLICATION/JSON", "text/plain", ""] {
            assert!(raw(Method::Put, Body::Keywords, "", media, body).is_empty());
        }
        assert!(raw(Method::Put, Body::Keywords, "", json, "not json").is_empty());
    }

    #[test]
    fn documents_parse_under_any_type_but_a_form() {
        let body = r#"{"driver": "x"}"#;
        let text = content(Method::Post, Body::Whole, "", "text/plain", body.as_bytes()).unwrap();
        assert_eq!(text.document["driver"], "x");
        assert!(text.raw.is_empty());
        assert_eq!(raw(Method::Post, Body::Whole, "", "", body).len(), 1);
        assert!(raw(Method::Patch, Body::Whole, "", "", "[]").is_empty());
    }

    #[test]
    fn the_same_parameter_twice_is_a_list() {
        let both = content(
            Method::Put,
            Body::Keywords,
            "target=a",
            "application/json",
            br#"{"target": "b"}"#,
        )
        .unwrap();
        assert!(both.raw["target"].is_array());
    }

    /// Texts that Ironic 39.0.0 reads, and as what.
    #[test]
    fn what_ironic_reads_is_read() {
        for (text, value) in [
            (r#"{"a": 1, "a": 2}"#, r#"{"a":2}"#),
            (" \n\r\t[-0.0, 1E5] \n", "[-0.0,100000.0]"),
            ("[\"\x7f\u{ffff}\"]", "[\"\x7f\u{ffff}\"]"),
            (r#"["\u0000", "\ud83d\ude00"]"#, r#"["\u0000","😀"]"#),
            (
                "[18446744073709551615, 1e-400]",
                "[18446744073709551615,0.0]",
            ),
            ("{\"\": 1}", "{\"\":1}"),
        ] {
            let read = parse(text.as_bytes()).unwrap();
            assert_eq!(
                read,
                serde_json::from_str::<Value>(value).unwrap(),
                "{text}"
            );
        }
    }

    /// Texts that it does not read; the last ones it does, and keeps what no UTF-8 text, or no number,
    /// can be.
    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            b"\xef\xbb\xbf{}".as_slice(),
            b"\xff\xfe{\0}\0",
            b"[\"\xff\"]",
            b"[\"\xc0\xaf\"]",
            b"[\"\xed\xa0\x80\"]",
            b"[\"\x01\"]",
            b"[\"\\x41\"]",
            b"[01]",
            b"[.5]",
            b"[5.]",
            b"[+1]",
            b"[nan]",
            b"[1,]",
            b"[1/**/]",
            b"['a']",
            b"{} {}",
            b"{}\0",
            b"\x0c{}",
            b"",
            b"[\"\\ud800\"]",
            b"[1e400]",
        ] {
            assert!(parse(text).is_err(), "{}", text.escape_ascii());
        }
        let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
        assert!(parse(&deep).is_err());
    }

    #[test]
    fn not_a_number_is_read_and_never_kept() {
        let read = parse(br#"{"a": NaN, "b": "NaN"}"#).unwrap();
        assert!(read["a"].is_f64());
        assert_eq!(read["b"], "NaN");
        assert!(parse(b"{\"a\":").is_err());
        for kept in [
            r#"{"extra": {"a": NaN}}"#,
            r#"[{"op": "add", "path": "/extra/a", "value": -Infinity}]"#,
            r#"{"target": "active", "configdrive": {"meta_data": {"a": Infinity}}}"#,
        ] {
            assert!(matches!(parse(kept.as_bytes()), Err(Unreadable::NoNumber)));
            for kind in [Body::Whole, Body::Keywords] {
                let read = content(Method::Put, kind, "", "application/json", kept.as_bytes());
                assert_eq!(read.unwrap_err().code(), 400, "{kept}");
            }
        }
    }
}
