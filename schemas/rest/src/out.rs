//! The answer under construction: JSON written once, straight from the model.
//!
//! Invariant: between calls the buffer is a prefix of valid JSON; commas are put by [`Out::key`]
//! and [`Out::item`], nowhere else.

use std::fmt::Write as _;

use schemas_model::json::{Doc, Shape};
use schemas_model::time::Timestamp;

use crate::links::Link;
use crate::mask;
use crate::versions::Version;

/// What the caller may see of a node besides its plain fields (policy decides).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visibility {
    /// Passwords in `driver_info` and `driver_internal_info` (`show_password`).
    pub driver_secrets: bool,
    /// Secrets in `instance_info` (`show_instance_secrets`).
    pub instance_secrets: bool,
    /// `driver_info` at all.
    pub driver_info: bool,
    /// `driver_internal_info` at all.
    pub driver_internal_info: bool,
    /// `last_error`.
    pub last_error: bool,
    /// `reservation`.
    pub reservation: bool,
    /// `properties` of volume targets.
    pub target_properties: bool,
}

impl Visibility {
    /// Everything but secrets: what administrators see.
    pub const PLAIN: Visibility = Visibility {
        driver_secrets: false,
        instance_secrets: false,
        driver_info: true,
        driver_internal_info: true,
        last_error: true,
        reservation: true,
        target_properties: true,
    };
    /// Everything; for the document a patch is applied to, never for an answer.
    pub const EVERYTHING: Visibility = Visibility {
        driver_secrets: true,
        instance_secrets: true,
        ..Visibility::PLAIN
    };
}

/// JSON being written.
pub struct Out<'a> {
    buffer: Vec<u8>,
    base: &'a str,
    version: Version,
    /// What may be shown; may change from item to item.
    pub visible: Visibility,
}

impl<'a> Out<'a> {
    /// An empty answer. `base` is the public URL of the service, without a trailing slash.
    pub fn new(base: &'a str, version: Version) -> Self {
        Out {
            buffer: Vec::with_capacity(4096),
            base,
            version,
            visible: Visibility::PLAIN,
        }
    }

    /// The version being answered at.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The public URL of the service.
    pub fn base(&self) -> &'a str {
        self.base
    }

    /// The finished JSON.
    pub fn finish(self) -> Vec<u8> {
        self.buffer
    }

    fn separate(&mut self) {
        if !matches!(self.buffer.last(), None | Some(b'{' | b'[' | b':')) {
            self.buffer.push(b',');
        }
    }

    /// Writes an object; `members` calls [`Out::key`] before each value.
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.buffer.push(b'{');
        members(self);
        self.buffer.push(b'}');
    }

    /// Writes an array; `items` calls [`Out::item`] before each value.
    pub fn array(&mut self, items: impl FnOnce(&mut Self)) {
        self.buffer.push(b'[');
        items(self);
        self.buffer.push(b']');
    }

    /// Starts a member of an object; a value must follow.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.separate();
        self.text(name);
        self.buffer.push(b':');
        self
    }

    /// Starts an item of an array; a value must follow.
    pub fn item(&mut self) -> &mut Self {
        self.separate();
        self
    }

    /// Text, escaped.
    pub fn text(&mut self, text: &str) {
        // Writing into a Vec cannot fail.
        let _ = serde_json::to_writer(&mut self.buffer, text);
    }

    /// Text or null.
    pub fn maybe_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    /// `null`.
    pub fn null(&mut self) {
        self.buffer.extend_from_slice(b"null");
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, flag: bool) {
        let word: &[u8] = if flag { b"true" } else { b"false" };
        self.buffer.extend_from_slice(word);
    }

    /// `true`, `false` or `null`.
    pub fn maybe_boolean(&mut self, flag: Option<bool>) {
        match flag {
            Some(flag) => self.boolean(flag),
            None => self.null(),
        }
    }

    /// A whole number.
    pub fn integer(&mut self, number: impl Into<i64>) {
        let mut digits = String::new();
        let _ = write!(digits, "{}", number.into());
        self.buffer.extend_from_slice(digits.as_bytes());
    }

    /// A whole number or null.
    pub fn maybe_integer(&mut self, number: Option<impl Into<i64>>) {
        match number {
            Some(number) => self.integer(number),
            None => self.null(),
        }
    }

    /// A moment, ISO 8601 with the offset `+00:00`; microseconds only when there are any.
    pub fn time(&mut self, moment: Option<Timestamp>) {
        match moment {
            None => self.null(),
            Some(moment) => {
                let format = if moment.and_utc().timestamp_subsec_micros() == 0 {
                    "\"%Y-%m-%dT%H:%M:%S+00:00\""
                } else {
                    "\"%Y-%m-%dT%H:%M:%S%.6f+00:00\""
                };
                let text = moment.format(format).to_string();
                self.buffer.extend_from_slice(text.as_bytes());
            }
        }
    }

    /// A JSON document as it is stored.
    pub fn doc<T: Shape>(&mut self, doc: &Doc<T>) {
        match doc.stored_text() {
            // NULL and other shapes read as the empty value.
            Some(text) if text.trim_start().starts_with(&T::EMPTY[..1]) => {
                self.buffer.extend_from_slice(text.as_bytes());
            }
            _ => self.value(doc),
        }
    }

    /// A JSON object with secrets replaced.
    pub fn masked(&mut self, doc: &schemas_model::Object, extra_keys: &[&str]) {
        if doc.stored_text().is_some_and(mask::is_harmless) {
            self.doc(doc);
        } else {
            let masked = mask::mask_object(doc.get(), extra_keys);
            self.value(&masked);
        }
    }

    /// Anything that serialises.
    pub fn value(&mut self, value: &impl serde::Serialize) {
        let start = self.buffer.len();
        if serde_json::to_writer(&mut self.buffer, value).is_err() {
            self.buffer.truncate(start);
            self.null();
        }
    }

    /// A list of texts.
    pub fn texts<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) {
        self.array(|out| {
            for text in texts {
                out.item().text(text.as_ref());
            }
        });
    }

    /// The links of a resource: itself, and its unversioned bookmark.
    pub fn links(&mut self, path: std::fmt::Arguments<'_>) {
        let base = self.base;
        self.array(|out| {
            out.item().link(&Link::own(base, path));
            out.item().link(&Link::bookmark(base, path));
        });
    }

    /// One link.
    pub fn link(&mut self, link: &Link) {
        self.object(|out| {
            out.key("href").text(&link.href);
            out.key("rel").text(link.rel);
            if let Some(media_type) = link.media_type {
                out.key("type").text(media_type);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Object;

    #[test]
    fn commas_and_escapes() {
        let mut out = Out::new("http://h", Version::MAX);
        out.object(|out| {
            out.key("a").text("x\"y");
            out.key("b").texts(["1", "2"]);
            out.key("c").array(|_| {});
            out.key("d").doc(&Object::from_text(r#"{"k": [1, 2]}"#));
            out.key("e").doc(&Object::from_text("null"));
        });
        let text = String::from_utf8(out.finish()).unwrap();
        assert_eq!(
            text,
            r#"{"a":"x\"y","b":["1","2"],"c":[],"d":{"k": [1, 2]},"e":{}}"#
        );
    }

    #[test]
    fn moments() {
        let whole = chrono::NaiveDate::from_ymd_opt(2026, 1, 2)
            .unwrap()
            .and_hms_opt(3, 4, 5);
        let mut out = Out::new("", Version::MAX);
        out.time(whole);
        assert_eq!(out.finish(), b"\"2026-01-02T03:04:05+00:00\"");
    }
}
