//! Refusals, with DMTF's extended information.

use serde_json::{Value, json};

use super::http::Answer;

/// A refusal: status, message id of the `Base` registry, and words.
pub(super) fn refuse(status: u16, id: &str, message: impl Into<String>) -> Answer {
    refuse_with(status, id, message, &[])
}

/// The same with the message's arguments.
pub(super) fn refuse_with(
    status: u16,
    id: &str,
    message: impl Into<String>,
    arguments: &[&str],
) -> Answer {
    Answer::json(status, body(id, &message.into(), arguments))
}

/// The document of an error.
pub(super) fn body(id: &str, message: &str, arguments: &[&str]) -> Value {
    let code = format!("Base.1.8.{id}");
    json!({"error": {
        "code": "Base.1.8.GeneralError",
        "message": "A general error has occurred. See ExtendedInfo for more information.",
        "@Message.ExtendedInfo": [{
            "@odata.type": "#Message.v1_1_1.Message",
            "MessageId": code,
            "Message": message,
            "MessageArgs": arguments,
            "Severity": "Critical",
            "Resolution": "None"
        }]
    }})
}

/// No such resource.
pub(super) fn missing(path: &str) -> Answer {
    refuse_with(
        404,
        "ResourceMissingAtURI",
        format!("The resource at the URI {path} was not found."),
        &[path],
    )
}

/// The resource does not do that.
pub(super) fn not_allowed(method: &str) -> Answer {
    refuse(
        405,
        "OperationNotAllowed",
        format!("{method} is not allowed on this resource."),
    )
}

/// A value that the property cannot have.
pub(super) fn bad_value(property: &str, value: &Value) -> Answer {
    let shown = value.to_string();
    refuse_with(
        400,
        "PropertyValueNotInList",
        format!(
            "The value {shown} for the property {property} is not in the list of acceptable values."
        ),
        &[&shown, property],
    )
}

/// A property that is not there, or cannot be written.
pub(super) fn unknown_property(property: &str) -> Answer {
    refuse_with(
        400,
        "PropertyUnknown",
        format!("The property {property} is not in the list of valid properties for the resource."),
        &[property],
    )
}
