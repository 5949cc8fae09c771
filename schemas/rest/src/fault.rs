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

    /// What a page says besides status and description.
    fn explanation(&self, asked: &Asked<'_>) -> String {
        match self.status {
            404 => "The resource could not be found.".to_owned(),
            405 => format!(
                "The method {} is not allowed for this resource. ",
                asked.method
            ),
            406 => format!(
                "The resource could not be generated that was acceptable to your browser\n(content of type {}. ",
                asked.accept
            ),
            _ => "The server could not comply with the request since it is either malformed or \
                  otherwise incorrect."
                .to_owned(),
        }
    }

    fn page_text(&self, explanation: &str, description: &str) -> String {
        let comment = if self.has_comment() { "\n\n" } else { "" };
        format!("{explanation}<br /><br />\n{description}{comment}")
    }

    /// Whether pages of the status have a place for comments, which stays empty.
    const fn has_comment(&self) -> bool {
        !matches!(self.status, 405 | 406)
    }

    /// The body in the shape the caller reads.
    pub fn body(&self, page: Page, asked: &Asked<'_>) -> Vec<u8> {
        let Refusal {
            status,
            description,
        } = self;
        let title = self.title();
        let explanation = self.explanation(asked);
        match page {
            Page::Json => {
                let inner = json!({"code": status, "title": title, "description": description});
                enveloped(&inner.to_string())
            }
            Page::Html => {
                let text = self.page_text(&escaped(&explanation), &escaped(description));
                enveloped(&format!(
                    "<html>\n <head>\n  <title>{status} {title}</title>\n </head>\n <body>\n  \
                     <h1>{status} {title}</h1>\n  {text}\n </body>\n</html>"
                ))
            }
            Page::PageInJson => {
                let inner = json!({
                    "message": self.page_text(&explanation, description),
                    "code": format!("{status} {title}"),
                    "title": title,
                });
                enveloped(&inner.to_string())
            }
            Page::Text => {
                let explanation = explanation.replace('\n', " ");
                let comment = if self.has_comment() { "  " } else { "" };
                enveloped(&format!(
                    "{status} {title}\n\n{explanation}\n\n {description}{comment}"
                ))
            }
        }
    }
}

/// The shapes a refusal comes in, all inside JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// JSON text.
    Json,
    /// An HTML page.
    Html,
    /// The text of the HTML page as a member of a JSON object.
    PageInJson,
    /// Plain text.
    Text,
}

/// What pages repeat of the request.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The `Accept` header.
    pub accept: &'a str,
}

/// As WebOb does: what is not ASCII becomes a character reference.
fn escaped(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;");
    text.chars().fold(String::new(), |mut all, c| {
        if c.is_ascii() {
            all.push(c);
        } else {
            all += &format!("&#{};", u32::from(c));
        }
        all
    })
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
    fn pages_repeat_the_request() {
        let asked = Asked {
            method: "PUT",
            accept: "text/<b>",
        };
        let text = |status: u16, page: Page| {
            let body = Refusal::new(status, "").body(page, &asked);
            let outer: serde_json::Value = serde_json::from_slice(&body).unwrap();
            outer["error_message"].as_str().unwrap().to_owned()
        };
        assert_eq!(
            text(404, Page::Text),
            "404 Not Found\n\nThe resource could not be found.\n\n   "
        );
        assert_eq!(
            text(405, Page::Text),
            "405 Method Not Allowed\n\nThe method PUT is not allowed for this resource. \n\n "
        );
        assert!(
            text(406, Page::Html)
                .contains("(content of type text/&lt;b&gt;. <br /><br />\n\n </body>")
        );
        assert!(text(404, Page::Html).contains("be found.<br /><br />\n\n\n\n </body>"));
    }

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
