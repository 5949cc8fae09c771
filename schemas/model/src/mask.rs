//! Secrets in JSON that people read: replaced by `******`.
//!
//! Source: `oslo_utils.strutils.mask_dict_password`, observed. A member whose name contains one of
//! the words is replaced (nested objects are entered instead); text values that look like
//! `password=x` or `'password': 'x'` are replaced inside.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

/// What stands in for a secret.
pub const MASK: &str = "******";

/// Words that make a member secret, lower case.
pub const SECRET_WORDS: &[&str] = &[
    "adminpass",
    "admin_pass",
    "password",
    "admin_password",
    "auth_token",
    "new_pass",
    "auth_password",
    "secret_uuid",
    "secret",
    "sys_pswd",
    "token",
    "configdrive",
    "chappassword",
    "encrypted_key",
    "private_key",
    "fernetkey",
    "sslkey",
    "passphrase",
    "cephclusterfsid",
    "octaviaheartbeatkey",
    "rabbitcookie",
    "cephmanilaclientkey",
    "pacemakerremoteauthkey",
    "designaterndckey",
    "cephadminkey",
    "heatauthencryptionkey",
    "cephclientkey",
    "keystonecredential",
    "barbicansimplecryptokek",
    "cephrgwkey",
    "swifthashsuffix",
    "migrationsshkey",
    "cephmdskey",
    "cephmonkey",
    "chapsecret",
];

/// Whether stored JSON text surely holds nothing to mask; cheap, and errs on the side of "no".
pub fn is_harmless(text: &str) -> bool {
    // An escape could spell a word in another way.
    if text.contains("\\u") {
        return false;
    }
    if text.len() < "{\"token\":1}".len() {
        return true;
    }
    SUSPICIOUS
        .as_ref()
        .is_some_and(|suspicious| !suspicious.is_match(text))
}

/// Any of the words, and what else is masked somewhere; `None` would be a pattern that does not
/// compile, and nothing is harmless then.
static SUSPICIOUS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = SECRET_WORDS.join("|");
    RegexBuilder::new(&format!("{words}|snmp_|image_url"))
        .case_insensitive(true)
        .build()
        .ok()
});

/// A copy of an object with secrets replaced; `extra_keys` are replaced at the top level when
/// they hold anything.
pub fn mask_object(object: &Map<String, Value>, extra_keys: &[&str]) -> Map<String, Value> {
    let mut masked: Map<String, Value> = object
        .iter()
        .map(|(key, value)| (key.clone(), mask_member(key, value)))
        .collect();
    for key in extra_keys {
        if let Some(value) = masked.get_mut(*key)
            && is_truthy(value)
        {
            *value = Value::from(MASK);
        }
    }
    masked
}

fn mask_member(key: &str, value: &Value) -> Value {
    match value {
        Value::Object(inner) => Value::Object(mask_object(inner, &[])),
        _ if is_secret(key) => Value::from(MASK),
        other => mask_value(other),
    }
}

fn mask_value(value: &Value) -> Value {
    match value {
        Value::Object(inner) => Value::Object(mask_object(inner, &[])),
        Value::Array(items) => Value::Array(items.iter().map(mask_value).collect()),
        Value::String(text) => Value::String(mask_text(text)),
        other => other.clone(),
    }
}

fn is_secret(key: &str) -> bool {
    let lower = key.to_lowercase();
    SECRET_WORDS.iter().any(|word| lower.contains(word))
}

/// What Python takes for true.
pub fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// `name = value`, `name: "value"`, `--name value`, `<name>value</name>` inside text.
static IN_TEXT: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let words = SECRET_WORDS.join("|");
    [
        format!(r#"((?:{words})[0-9]*\s*=\s*["'])[^"']*(["'])"#),
        format!(r#"((?:{words})[0-9]*\s*=\s*)[^\s^'"]+()"#),
        format!(r#"((?:{words})[0-9]*\s+["'])[^"']*(["'])"#),
        format!(r#"(--(?:{words})[0-9]*\s+)[^'"=\s]+(\s*)"#),
        format!(r"(<(?:{words})[0-9]*>)[^<]*(</)"),
        format!(r#"(["'][^"']*(?:{words})[0-9]*["']\s*:\s*u?["'])[^"']*(["'])"#),
    ]
    .iter()
    .filter_map(|pattern| {
        RegexBuilder::new(pattern)
            .case_insensitive(true)
            .build()
            .ok()
    })
    .collect()
});

/// `scheme://user:password@` inside text.
static IN_URL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(://[^\s/@:"']*:)[^\s/@"']+@"#).ok());

/// Text with the passwords within URLs replaced. Ironic's API repeats URLs as they were given; this is
/// for what is told to more than the one who gave them.
pub fn mask_urls_in_text(text: &str) -> Cow<'_, str> {
    match IN_URL.as_ref() {
        Some(pattern) if text.contains("://") && text.contains('@') => {
            pattern.replace_all(text, format!("${{1}}{MASK}@"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// A value with the passwords within URLs replaced, at any depth.
pub fn mask_urls(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(mask_urls),
        Value::Array(items) => items.iter_mut().for_each(mask_urls),
        Value::String(text) => {
            if let Cow::Owned(masked) = mask_urls_in_text(text) {
                *text = masked;
            }
        }
        _ => {}
    }
}

/// Text with secrets replaced.
pub fn mask_text(text: &str) -> String {
    if !is_secret(text) {
        return text.to_owned();
    }
    IN_TEXT.iter().fold(text.to_owned(), |text, pattern| {
        pattern
            .replace_all(&text, format!("${{1}}{MASK}${{2}}"))
            .into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn masked(value: Value) -> Value {
        Value::Object(mask_object(value.as_object().unwrap(), &["image_url"]))
    }

    #[test]
    fn members_by_name() {
        assert_eq!(
            masked(
                json!({"ipmi_password": "x", "user": "u", "n": {"Auth_Token": 5}, "image_url": "a"})
            ),
            json!({"ipmi_password": MASK, "user": "u", "n": {"Auth_Token": MASK}, "image_url": MASK})
        );
    }

    #[test]
    fn objects_under_a_secret_name_are_entered() {
        assert_eq!(
            masked(json!({"secret": {"a": 1, "password": 2}, "image_url": ""})),
            json!({"secret": {"a": 1, "password": MASK}, "image_url": ""})
        );
    }

    #[test]
    fn secrets_inside_text() {
        assert_eq!(mask_text("--password abc --x y"), "--password ****** --x y");
        assert_eq!(mask_text("{'password': 'abc'}"), "{'password': '******'}");
        assert_eq!(mask_text("password=abc rest"), "password=****** rest");
        assert_eq!(mask_text("nothing here"), "nothing here");
    }

    #[test]
    fn passwords_within_urls() {
        let mut told =
            json!({"a": ["http://u:p%40@h:80/x", "see ftp://:p@h and http://h/a:b@c"], "b": 1});
        mask_urls(&mut told);
        assert_eq!(
            told,
            json!({"a": ["http://u:******@h:80/x", "see ftp://:******@h and http://h/a:b@c"], "b": 1})
        );
    }

    #[test]
    fn harmless_text_is_recognised() {
        assert!(is_harmless("{}"));
        assert!(is_harmless(r#"{"ipmi_address": "10.0.0.1"}"#));
        assert!(!is_harmless(r#"{"ipmi_PASSWORD": "x"}"#));
        assert!(!is_harmless(r#"{"p\u0061ssword": "x"}"#));
    }
}
