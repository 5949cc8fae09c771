//! The answer under construction: JSON written once, straight from the model.
//!
//! Invariant: between calls the buffer is a prefix of valid JSON; commas are put by [`Out::key`]
//! and [`Out::item`], nowhere else.

use std::fmt::Write as _;
use std::io::Write as _;

use chrono::{Datelike, Timelike};
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

/// The name of a member with all that stands around it, for names that are written often.
#[derive(Clone, Debug)]
pub struct Key(Box<[u8]>);

impl Key {
    /// A comma, the name, a colon.
    pub fn new(name: &str) -> Self {
        let mut text = vec![b','];
        push_text(&mut text, name);
        text.push(b':');
        Key(text.into())
    }
}

/// JSON being written.
pub struct Out<'a> {
    buffer: Vec<u8>,
    base: &'a str,
    /// What stands before the path in both links of a resource.
    before_path: [Vec<u8>; 2],
    /// A path while it is being escaped; kept for its memory.
    path: String,
    version: Version,
    /// What may be shown; may change from item to item.
    pub visible: Visibility,
}

impl<'a> Out<'a> {
    /// An empty answer. `base` is the public URL of the service, without a trailing slash.
    pub fn new(base: &'a str, version: Version) -> Self {
        let before_path = [
            ("[{\"href\":\"", "/v1/"),
            ("\",\"rel\":\"self\"},{\"href\":\"", "/"),
        ]
        .map(|(before, version)| {
            let mut text = before.as_bytes().to_vec();
            push_inside(&mut text, base);
            text.extend_from_slice(version.as_bytes());
            text
        });
        Out {
            buffer: Vec::with_capacity(4096),
            base,
            before_path,
            path: String::new(),
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

    /// Makes room for about so many more bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.buffer.reserve(bytes);
    }

    /// Bytes so far.
    pub fn written(&self) -> usize {
        self.buffer.len()
    }

    /// Starts a member of an object; a value must follow.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.separate();
        self.text(name);
        self.buffer.push(b':');
        self
    }

    /// Starts a member whose name is prepared; a value must follow.
    pub fn prepared(&mut self, Key(key): &Key) -> &mut Self {
        let comma = usize::from(self.buffer.last() == Some(&b'{'));
        self.buffer
            .extend_from_slice(key.get(comma..).unwrap_or_default());
        self
    }

    /// Starts an item of an array; a value must follow.
    pub fn item(&mut self) -> &mut Self {
        self.separate();
        self
    }

    /// Text, escaped.
    pub fn text(&mut self, text: &str) {
        push_text(&mut self.buffer, text);
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
        // Writing into a Vec cannot fail.
        let _ = write!(self.buffer, "{}", number.into());
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
        let Some(moment) = moment else {
            return self.null();
        };
        // By hand, because a list has thousands of them and chrono reads its format each time.
        let micros = moment.and_utc().timestamp_subsec_micros();
        let Ok(year @ 0..=9999) = u32::try_from(moment.year()) else {
            return self.null();
        };
        let buffer = &mut self.buffer;
        buffer.push(b'"');
        push_digits(buffer, year, 4);
        for (mark, number) in [
            (b'-', moment.month()),
            (b'-', moment.day()),
            (b'T', moment.hour()),
            (b':', moment.minute()),
            (b':', moment.second()),
        ] {
            buffer.push(mark);
            push_digits(buffer, number, 2);
        }
        if micros > 0 {
            buffer.push(b'.');
            push_digits(buffer, micros, 6);
        }
        buffer.extend_from_slice(b"+00:00\"");
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
        self.path.clear();
        // Writing into a String cannot fail.
        let _ = self.path.write_fmt(path);
        for before in &self.before_path {
            self.buffer.extend_from_slice(before);
            push_inside(&mut self.buffer, &self.path);
        }
        self.buffer.extend_from_slice(b"\",\"rel\":\"bookmark\"}]");
    }

    /// The link of a resource to itself, where it has no bookmark.
    pub fn own_link(&mut self, path: std::fmt::Arguments<'_>) {
        self.path.clear();
        // Writing into a String cannot fail.
        let _ = self.path.write_fmt(path);
        let [own, _] = &self.before_path;
        self.buffer.extend_from_slice(own);
        push_inside(&mut self.buffer, &self.path);
        self.buffer.extend_from_slice(b"\",\"rel\":\"self\"}]");
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

/// Text in quotes, escaped.
fn push_text(buffer: &mut Vec<u8>, text: &str) {
    if has_escapes(text) {
        // Writing into a Vec cannot fail.
        let _ = serde_json::to_writer(buffer, text);
    } else {
        buffer.reserve(text.len() + 2);
        buffer.push(b'"');
        buffer.extend_from_slice(text.as_bytes());
        buffer.push(b'"');
    }
}

/// Text between quotes that are there, escaped.
fn push_inside(buffer: &mut Vec<u8>, text: &str) {
    if has_escapes(text) {
        let mut quoted = Vec::with_capacity(text.len() + 8);
        push_text(&mut quoted, text);
        buffer.extend_from_slice(quoted.get(1..quoted.len() - 1).unwrap_or_default());
    } else {
        buffer.extend_from_slice(text.as_bytes());
    }
}

/// Whether any byte needs an escape. Looks at all of them: without a way out in the middle, many are
/// looked at in one step.
fn has_escapes(text: &str) -> bool {
    text.bytes()
        .fold(false, |found, byte| found | needs_escape(byte))
}

/// Whether JSON has another way to write the byte inside a text.
const fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// So many digits of a number, with leading zeros.
fn push_digits(buffer: &mut Vec<u8>, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        // One digit always fits.
        buffer.push(b'0' + u8::try_from(digit).unwrap_or_default());
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
        let part = chrono::NaiveDate::from_ymd_opt(2026, 11, 22)
            .unwrap()
            .and_hms_micro_opt(13, 14, 15, 6_070);
        let mut out = Out::new("", Version::MAX);
        out.time(part);
        assert_eq!(out.finish(), b"\"2026-11-22T13:14:15.006070+00:00\"");
    }

    #[test]
    fn numbers_and_own_links() {
        let mut out = Out::new("http://h", Version::MAX);
        out.array(|out| {
            out.item().integer(-7);
            out.item().maybe_integer(Some(i64::MAX));
            out.item().own_link(format_args!("nodes/\""));
        });
        let text = String::from_utf8(out.finish()).unwrap();
        assert_eq!(
            text,
            r#"[-7,9223372036854775807,[{"href":"http://h/v1/nodes/\"","rel":"self"}]]"#
        );
    }

    #[test]
    fn links_are_escaped() {
        let mut out = Out::new("http://h\"", Version::MAX);
        out.links(format_args!("nodes/a\\b"));
        let text = String::from_utf8(out.finish()).unwrap();
        assert_eq!(
            text,
            r#"[{"href":"http://h\"/v1/nodes/a\\b","rel":"self"},{"href":"http://h\"/nodes/a\\b","rel":"bookmark"}]"#
        );
    }
}
