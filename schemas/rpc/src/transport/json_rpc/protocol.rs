//! Requests and responses as JSON (Ironic 39.0.0): named arguments only, no batches, the context as
//! the argument `context`, the version as the argument `rpc.version` (sent, not checked).

use schemas_model::error::{Class, Fault};
use serde_json::{Map, Value, json};

use crate::context::RequestContext;
use crate::envelope::WireRequest;
use crate::faults::{Failure, IRONIC};
use crate::methods::{Kind, Refused, Request};
use crate::objects::release::Pin;
use crate::server::{Incoming, Server};

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;

/// The body of a request. A cast is a notification: it has no id.
///
/// # Errors
/// [`Refused::VersionCap`] when the pinned release does not have what is asked for.
pub fn encode(context: &RequestContext, request: &Request, pin: Pin) -> Result<Value, Refused> {
    let args = request.args(pin.rpc())?;
    let mut params = args.values;
    params.insert("context".to_owned(), context.to_wire().into());
    params.insert("rpc.version".to_owned(), args.version.to_string().into());
    let mut body = json!({
        "jsonrpc": "2.0",
        "method": request.name(),
        "params": params,
    });
    if request.kind() == Kind::Call {
        let id = match &context.request_id {
            Some(id) => id.clone(),
            None => uuid::Uuid::new_v4().to_string(),
        };
        body["id"] = id.into();
    }
    Ok(body)
}

/// What a response says.
///
/// # Errors
/// The fault in it; 500 for an error that is not one of Ironic's, and for what is not a response.
pub fn decode_response(body: &[u8]) -> Result<Value, Fault> {
    let Ok(Value::Object(mut response)) = serde_json::from_slice(body) else {
        return Err(Fault::internal(
            "the conductor's answer is not a JSON-RPC response",
        ));
    };
    match response.remove("error") {
        None | Some(Value::Null) => Ok(response.remove("result").unwrap_or_default()),
        Some(error) => Err(fault(&error)),
    }
}

fn fault(error: &Value) -> Fault {
    let message = error["message"].as_str().unwrap_or_default().to_owned();
    let class = error["data"]["class"]
        .as_str()
        .and_then(|path| path.strip_prefix(IRONIC)?.strip_prefix('.'))
        .and_then(Class::from_name);
    let Some(class) = class else {
        tracing::error!(%error, "unexpected error from a conductor");
        return Fault::internal("Unexpected error raised by RPC");
    };
    let fault = Fault::new(class, message);
    match error["code"]
        .as_u64()
        .and_then(|code| u16::try_from(code).ok())
    {
        Some(code) if (400..600).contains(&code) && code != fault.code() => fault.with_code(code),
        _ => fault,
    }
}

/// Answers one body; `None` for a notification.
pub async fn dispatch(server: &Server, pin: Pin, body: &[u8]) -> Option<Value> {
    let (id, request) = match read(body) {
        Ok(read) => read,
        // Malformed requests are answered even without an id.
        Err((id, code, message)) => return Some(failed(id, code, &message, None)),
    };
    let method = request.method.clone();
    let incoming = Incoming::decode(request);
    let place = server.place(incoming.lane()).await;
    let outcome = server.answer(place, incoming, pin).await;
    let id = id?;
    Some(match outcome {
        Ok(result) => json!({"jsonrpc": "2.0", "result": result, "id": id}),
        Err(failure) => refused(id, &method, failure),
    })
}

type Unreadable = (Value, i64, String);

fn read(body: &[u8]) -> Result<(Option<Value>, WireRequest), Unreadable> {
    let parsed = serde_json::from_slice(body).map_err(|_| {
        let message = "Invalid JSON received by RPC server".to_owned();
        (Value::Null, PARSE_ERROR, message)
    })?;
    let invalid = |id: Value| {
        let message = "Invalid request object received by RPC server".to_owned();
        (id, INVALID_REQUEST, message)
    };
    let Value::Object(mut request) = parsed else {
        return Err(invalid(Value::Null));
    };
    let id = request.remove("id").filter(|id| !id.is_null());
    let version = request.remove("jsonrpc");
    let method = request.remove("method");
    let params = request.remove("params").unwrap_or_else(|| json!({}));
    match (version, method, params) {
        (Some(Value::String(version)), Some(Value::String(method)), Value::Object(mut args))
            if version == "2.0" && !method.is_empty() =>
        {
            args.remove("rpc.version");
            let context = match args.remove("context") {
                None => Map::new(),
                Some(Value::Object(context)) => context,
                Some(_) => {
                    let message = "Context must be a dictionary, if provided".to_owned();
                    return Err((id.unwrap_or_default(), INVALID_PARAMS, message));
                }
            };
            let request = WireRequest {
                method,
                args,
                version: None,
                namespace: None,
                reply_to: None,
                unique_id: None,
                context: RequestContext::from_wire(context),
            };
            Ok((id, request))
        }
        _ => Err(invalid(id.unwrap_or_default())),
    }
}

fn refused(id: Value, method: &str, failure: Failure) -> Value {
    match (failure.module.as_str(), failure.class.as_str()) {
        (IRONIC, class) => {
            let path = format!("{IRONIC}.{class}");
            let fault = failure.into_fault();
            failed(id, fault.code().into(), &fault.message, Some(&path))
        }
        (_, "NoSuchMethod") => {
            let message = format!("Method {method} was not found");
            failed(id, METHOD_NOT_FOUND, &message, None)
        }
        (_, "TypeError") => failed(id, INVALID_PARAMS, &failure.message, None),
        _ => failed(id, 500, &failure.message, None),
    }
}

fn failed(id: Value, code: i64, message: &str, class: Option<&str>) -> Value {
    let mut error = json!({"code": code, "message": message});
    if let Some(class) = class {
        error["data"] = json!({"class": class});
    }
    json!({"jsonrpc": "2.0", "id": id, "error": error})
}
