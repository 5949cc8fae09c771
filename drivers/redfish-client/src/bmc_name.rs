//! The address of a BMC as errors name it, together with what must never be part of an error.
//!
//! BMCs repeat what they were sent: a refusal may quote the request with its token, a task the URL it
//! was given with its password. Whatever is told of a BMC goes through [`BmcName::redact`], which knows
//! the account's password and the tokens of its sessions in the forms they travel in.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemas_model::mask::mask_urls_in_text;
use schemas_model::secret::Secret;

use crate::auth::Credentials;

/// What stands in place of a secret.
const HIDDEN: &str = "***";
/// Shorter secrets are part of ordinary words; hiding them would make every text unreadable.
const SHORTEST: usize = 4;
/// Tokens remembered: the present one and those that a late answer may still quote.
const TOKENS_MAX: usize = 8;

/// See the module documentation.
#[derive(Default)]
pub struct BmcName {
    text: Box<str>,
    /// Forms of the account's password.
    account: Vec<Secret>,
    /// Tokens, oldest first; at most [`TOKENS_MAX`].
    tokens: Mutex<VecDeque<Secret>>,
}

impl BmcName {
    /// The name of a BMC that is talked to with this account.
    pub fn new(text: impl Into<Box<str>>, credentials: Option<&Credentials>) -> Self {
        BmcName {
            text: text.into(),
            account: credentials.map(forms).unwrap_or_default(),
            tokens: Mutex::default(),
        }
    }

    /// A token that the BMC has handed out is a secret from now on.
    pub(crate) fn hide_token(&self, token: &Secret) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() == TOKENS_MAX {
            tokens.pop_front();
        }
        tokens.push_back(token.clone());
    }

    /// The text with asterisks in place of every secret of this BMC.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let mut redacted = Cow::Borrowed(text);
        for secret in self.account.iter().chain(tokens.iter()) {
            let secret = secret.expose();
            if secret.len() >= SHORTEST && redacted.contains(secret.as_str()) {
                redacted = Cow::Owned(redacted.replace(secret.as_str(), HIDDEN));
            }
        }
        match mask_urls_in_text(&redacted) {
            Cow::Owned(text) => Cow::Owned(text),
            Cow::Borrowed(_) => redacted,
        }
    }
}

/// The password as it is, as JSON writes it (also within a string of JSON), as a URL writes it, and
/// as basic authentication sends it. The longer forms first, as they contain the shorter.
fn forms(credentials: &Credentials) -> Vec<Secret> {
    let password = credentials.password.expose();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let once = quoted(password);
    let once = once.trim_matches('"');
    let twice = quoted(once);
    let in_url: String = url::form_urlencoded::byte_serialize(password.as_bytes()).collect();
    let mut forms = vec![
        STANDARD.encode(format!("{}:{password}", credentials.username)),
        STANDARD.encode(password),
        twice.trim_matches('"').to_owned(),
        once.to_owned(),
        in_url,
        password.clone(),
    ];
    forms.dedup();
    forms.into_iter().map(Secret::from).collect()
}

impl Deref for BmcName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl From<&str> for BmcName {
    /// A name that keeps no secret.
    fn from(text: &str) -> Self {
        BmcName::new(text, None)
    }
}

impl fmt::Display for BmcName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for BmcName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.text, f)
    }
}

impl PartialEq for BmcName {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for BmcName {}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(password: &str) -> BmcName {
        let credentials = Credentials {
            username: "admin".to_owned(),
            password: password.into(),
        };
        BmcName::new("https://bmc.example", Some(&credentials))
    }

    #[test]
    fn every_form_of_a_secret_is_hidden() {
        let password = r#"a"b\c d/é"#;
        let name = name(password);
        name.hide_token(&"0123456789abcdef".into());
        let quoted = serde_json::json!({ "Password": password }).to_string();
        for text in [
            password.to_owned(),
            quoted.clone(),
            serde_json::json!({ "Message": quoted }).to_string(),
            format!("Basic {}", STANDARD.encode(format!("admin:{password}"))),
            "x-auth-token: 0123456789abcdef".to_owned(),
            "http://admin:a%22b%5Cc+d%2F%C3%A9@192.0.2.1/".to_owned(),
        ] {
            let redacted = name.redact(&text);
            assert!(redacted.contains(HIDDEN), "{text}: {redacted}");
            assert!(!redacted.contains(r"b\c"), "{text}: {redacted}");
        }
        for harmless in ["the drive is full", "see http://h:80/a@b and mailto:x@y"] {
            assert_eq!(name.redact(harmless), harmless);
        }
        assert_eq!(
            name.redact("GET \"http://u:p@h:80/x\", http://h/"),
            "GET \"http://u:******@h:80/x\", http://h/"
        );
    }

    #[test]
    fn a_short_password_spoils_no_text() {
        assert_eq!(name("is").redact("it is so"), "it is so");
    }

    #[test]
    fn old_tokens_are_forgotten_in_the_end() {
        let name = name("password");
        for number in 0..20 {
            name.hide_token(&format!("token-{number:02}").into());
        }
        assert_eq!(name.redact("token-19 token-03"), "*** token-03");
    }
}
