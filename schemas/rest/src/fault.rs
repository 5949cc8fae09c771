//! The bodies of errors. Ironic has three shapes, and clients parse all of them.

use schemas_model::Fault;
use serde_json::json;

/// The `Content-Type` of every error, HTML ones included (they travel inside JSON).
pub const CONTENT_TYPE: &str = "application/json";

/// An error that arose before an operation was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status, 4xx.
    pub status: u16,
    /// What to tell the caller; may be empty.
    pub description: String,
}

impl Refusal {
    /// A refusal with a description.
    pub fn new(status: u16, description: impl Into<String>) -> Self {
        Refusal {
            status,
            description: description.into(),
        }
    }

    const fn title(&self) -> &'static str {
        match self.status {
            400 => "Bad Request",
            401 => "Unauthorized",
            404 => "Not Found",
            405 => "Method Not Allowed",
            406 => "Not Acceptable",
            _ => "Error",
        }
    }

    const fn explanation(&self) -> &'static str {
        match self.status {
            404 => "The resource could not be found.",
            405 => "The method is not allowed for this resource.",
            406 => {
                "The resource could not be generated that was acceptable to your browser\n(content of type text/html. "
            }
            _ => "The request could not be understood.",
        }
    }

    /// The body for callers that accept JSON.
    pub fn json(&self) -> Vec<u8> {
        let inner = json!({
            "code": self.status,
            "title": self.title(),
            "description": self.description,
        });
        enveloped(&inner.to_string())
    }

    /// The body for callers that accept only something else: a page, inside JSON.
    pub fn html(&self) -> Vec<u8> {
        let title = self.title();
        let gap = if self.status == 406 {
            "\n\n"
        } else {
            "\n\n\n\n"
        };
        enveloped(&format!(
            "<html>\n <head>\n  <title>{status} {title}</title>\n </head>\n <body>\n  <h1>{status} {title}</h1>\n  {explanation}<br /><br />{gap} </body>\n</html>",
            status = self.status,
            explanation = self.explanation(),
        ))
    }
}

/// The body of an operation's failure.
pub fn body(fault: &Fault) -> Vec<u8> {
    let code = if fault.code() < 500 {
        "Client"
    } else {
        "Server"
    };
    let inner = json!({
        "faultcode": code,
        "faultstring": fault.message,
        "debuginfo": null,
    });
    enveloped(&inner.to_string())
}

/// The body of a request refused for the size or depth of its body.
pub fn flat(message: &str) -> Vec<u8> {
    json!({"faultcode": "Client", "faultstring": message})
        .to_string()
        .into_bytes()
}

fn enveloped(inner: &str) -> Vec<u8> {
    json!({ "error_message": inner }).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inner_error_is_text() {
        let outer: serde_json::Value =
            serde_json::from_slice(&body(&Fault::not_found("Node a could not be found."))).unwrap();
        let inner: serde_json::Value =
            serde_json::from_str(outer["error_message"].as_str().unwrap()).unwrap();
        assert_eq!(inner["faultcode"], "Client");
        assert_eq!(inner["debuginfo"], serde_json::Value::Null);
    }
}
