//! The error object of a reply (`error` with `@Message.ExtendedInfo`, DSP0266 §8.6) as readable text.

use std::fmt;

use serde_json::Value;

/// Longest text taken over from a BMC, characters.
const MAX_TEXT: usize = 600;
/// Most messages taken over from a BMC.
const MAX_MESSAGES: usize = 8;

/// One message of an error or of a task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// `Registry.version.Key`, for example `Base.1.8.PropertyValueNotInList`.
    pub id: Option<String>,
    /// The message for people.
    pub text: Option<String>,
    /// `Critical`, `Warning` or `OK`.
    pub severity: Option<String>,
    /// What the BMC advises.
    pub resolution: Option<String>,
    /// Values of the message's placeholders.
    pub args: Vec<String>,
    /// The properties it is about.
    pub related: Vec<String>,
}

/// What a BMC says about a request that it refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtendedInfo {
    /// The error's code, for example `Base.1.0.GeneralError`.
    pub code: Option<String>,
    /// The error's own message.
    pub message: Option<String>,
    /// `@Message.ExtendedInfo`, most severe first.
    pub messages: Vec<Message>,
}

impl ExtendedInfo {
    /// Reads what there is in `body`; anything unexpected is left out, never an error.
    pub fn decode(body: &Value) -> Self {
        let error = match body.get("error") {
            Some(error) => error,
            None => body,
        };
        let messages = error
            .get("@Message.ExtendedInfo")
            .or_else(|| body.get("@Message.ExtendedInfo"));
        ExtendedInfo {
            code: text(error, "code"),
            message: text(error, "message"),
            messages: messages.map(Message::decode_list).unwrap_or_default(),
        }
    }

    /// Whether any message id or text contains `key`, for example `UnableToModifyDuringSystemPOST`.
    pub fn mentions(&self, key: &str) -> bool {
        let has = |text: &Option<String>| text.as_deref().is_some_and(|text| text.contains(key));
        has(&self.code)
            || has(&self.message)
            || self.messages.iter().any(|message| {
                has(&message.id)
                    || has(&message.text)
                    || message.args.iter().any(|arg| arg.contains(key))
            })
    }

    /// Whether any text contains `phrase`, in any letter case.
    pub fn says(&self, phrase: &str) -> bool {
        let phrase = phrase.to_lowercase();
        let has = |text: &Option<String>| {
            text.as_deref()
                .is_some_and(|text| text.to_lowercase().contains(&phrase))
        };
        has(&self.message) || self.messages.iter().any(|message| has(&message.text))
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.code.is_none() && self.message.is_none() && self.messages.is_empty()
    }
}

impl Message {
    /// Reads an array of messages, or a single one: some BMCs forget the array.
    pub fn decode_list(value: &Value) -> Vec<Self> {
        let mut messages: Vec<Self> = match value {
            Value::Array(items) => items.iter().take(MAX_MESSAGES).map(Self::decode).collect(),
            Value::Object(_) => vec![Self::decode(value)],
            _ => Vec::new(),
        };
        messages.sort_by_key(|message| match message.severity.as_deref() {
            Some("Critical") => 0,
            Some("Warning") => 1,
            _ => 2,
        });
        messages
    }

    fn decode(value: &Value) -> Self {
        Message {
            id: text(value, "MessageId"),
            text: text(value, "Message"),
            severity: text(value, "MessageSeverity").or_else(|| text(value, "Severity")),
            resolution: text(value, "Resolution")
                .filter(|advice| !advice.eq_ignore_ascii_case("none")),
            args: texts(value, "MessageArgs"),
            related: texts(value, "RelatedProperties"),
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.text, &self.id) {
            (Some(text), _) => f.write_str(text.trim_end_matches('.'))?,
            (None, Some(id)) => {
                f.write_str(id)?;
                if !self.args.is_empty() {
                    write!(f, " ({})", self.args.join(", "))?;
                }
            }
            (None, None) => f.write_str("a message without text")?,
        }
        if !self.related.is_empty() {
            write!(f, " [{}]", self.related.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Display for ExtendedInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<String> = self
            .messages
            .iter()
            .filter(|message| message.text.is_some() || message.id != self.code)
            .map(Message::to_string)
            .collect();
        match (told.is_empty(), &self.message, &self.code) {
            (false, ..) => f.write_str(&told.join("; ")),
            (true, Some(message), _) => f.write_str(message.trim_end_matches('.')),
            (true, None, Some(code)) => f.write_str(code),
            (true, None, None) => f.write_str("no explanation"),
        }
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value
        .get(key)?
        .as_str()
        .filter(|text| !text.is_empty())
        .map(printable)
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    let items = value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    items
        .iter()
        .take(MAX_MESSAGES)
        .filter_map(Value::as_str)
        .map(printable)
        .collect()
}

/// Control characters become blanks, so that a BMC can't forge log lines; long texts are cut.
fn printable(text: &str) -> String {
    text.chars()
        .take(MAX_TEXT)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_most_severe_message_comes_first() {
        let info = ExtendedInfo::decode(&json!({"error": {
            "code": "Base.1.8.GeneralError",
            "message": "A general error has occurred. See ExtendedInfo for more information.",
            "@Message.ExtendedInfo": [
                {"MessageId": "Base.1.8.Success", "Message": "Ok.", "Severity": "OK"},
                {"MessageId": "IDRAC.2.1.SYS403", "Message": "The resource is busy.", "Severity": "Critical",
                 "RelatedProperties": ["#/ResetType"], "Resolution": "Wait."}]}}));
        assert_eq!(info.to_string(), "The resource is busy [#/ResetType]; Ok");
        assert!(info.mentions("SYS403"));
        assert!(info.says("RESOURCE IS"));
    }

    #[test]
    fn a_bare_code_says_something() {
        let info = ExtendedInfo::decode(&json!({"error": {"code": "Base.1.0.GeneralError",
            "message": "Authorization required",
            "@Message.ExtendedInfo": [{"MessageId": "Base.1.0.GeneralError"}]}}));
        assert_eq!(info.to_string(), "Authorization required");
    }

    #[test]
    fn garbage_yields_nothing() {
        for garbage in [
            json!(null),
            json!([1, 2]),
            json!("x"),
            json!({"error": 7}),
            json!({"error": {"code": {}}}),
        ] {
            assert!(ExtendedInfo::decode(&garbage).is_empty(), "{garbage}");
        }
        let forged = ExtendedInfo::decode(&json!({"error": {"message": "a\r\nERROR b"}}));
        assert_eq!(forged.to_string(), "a  ERROR b");
    }
}
