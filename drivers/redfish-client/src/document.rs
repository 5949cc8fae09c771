//! A resource as it was read, and tolerant typed access to it.
//!
//! Access is lazy: a property of a wrong type is an error only for who asks for that property, and
//! the error names the resource and the JSON pointer. Unknown properties don't matter; missing ones
//! and `null` are `None`.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::{
    Result,
    bmc_name::BmcName,
    error::{Error, ErrorKind},
    resource_path::ResourcePath,
};

/// One resource of one BMC.
#[derive(Debug, Clone)]
pub struct Document {
    bmc: Arc<BmcName>,
    path: ResourcePath,
    etag: Option<String>,
    body: Value,
}

impl Document {
    /// A document read from `path` of `bmc`.
    pub fn new(
        bmc: &Arc<BmcName>,
        path: ResourcePath,
        etag: Option<String>,
        body: Map<String, Value>,
    ) -> Self {
        Document {
            bmc: Arc::clone(bmc),
            path,
            etag,
            body: Value::Object(body),
        }
    }

    /// Where it was read from.
    pub const fn path(&self) -> &ResourcePath {
        &self.path
    }

    /// Its ETag, from the header or `@odata.etag`.
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// The JSON itself.
    pub const fn body(&self) -> &Value {
        &self.body
    }

    /// The address of the BMC it was read from.
    pub const fn bmc(&self) -> &Arc<BmcName> {
        &self.bmc
    }

    /// The top of the document.
    pub fn root(&self) -> Field<'_> {
        Field {
            document: self,
            pointer: String::new(),
            value: Some(&self.body),
        }
    }

    /// A top-level property.
    pub fn field(&self, name: &str) -> Field<'_> {
        self.root().field(name)
    }

    /// `Id`, or the last segment of the path if the BMC left it out.
    pub fn id(&self) -> Result<&str> {
        Ok(self
            .field("Id")
            .text()?
            .unwrap_or_else(|| self.path.last_segment()))
    }

    /// An error about this document.
    pub fn error(&self, kind: ErrorKind) -> Error {
        Error::new(&self.bmc, format!("reading {}", self.path), kind)
    }

    /// The error that something needed is not in this document.
    pub fn missing(&self, what: &str) -> Error {
        self.error(ErrorKind::Missing(format!("{what} of {}", self.path)))
    }
}

/// A place in a document that may or may not hold a value.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    document: &'a Document,
    pointer: String,
    value: Option<&'a Value>,
}

impl<'a> Field<'a> {
    /// The property `name` of this object.
    pub fn field(&self, name: &str) -> Field<'a> {
        let value = self
            .value
            .and_then(|value| value.get(name))
            .filter(|value| !value.is_null());
        Field {
            document: self.document,
            pointer: format!("{}/{name}", self.pointer),
            value,
        }
    }

    /// Whether there is a value that is not `null`.
    pub const fn is_present(&self) -> bool {
        self.value.is_some()
    }

    /// The raw value.
    pub const fn value(&self) -> Option<&'a Value> {
        self.value
    }

    /// A string. The empty string counts as a value.
    pub fn text(&self) -> Result<Option<&'a str>> {
        self.typed("a string", Value::as_str)
    }

    /// A string, taken from any scalar: some BMCs write numbers without quotes and the reverse.
    pub fn scalar_text(&self) -> Result<Option<String>> {
        match self.value {
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(Value::Bool(flag)) => Ok(Some(flag.to_string())),
            _ => Ok(self.text()?.map(str::to_owned)),
        }
    }

    /// A boolean.
    pub fn boolean(&self) -> Result<Option<bool>> {
        self.typed("a boolean", Value::as_bool)
    }

    /// A whole number; a string of digits counts, and a fraction is cut off.
    pub fn integer(&self) -> Result<Option<i64>> {
        self.typed("an integer", |value| match value {
            Value::String(text) => text.trim().parse().ok(),
            // A float far outside i64 saturates, which is as good as any answer to nonsense.
            value => value
                .as_i64()
                .or_else(|| value.as_f64().map(|number| number as i64)),
        })
    }

    /// A number; a string that holds one counts.
    pub fn number(&self) -> Result<Option<f64>> {
        self.typed("a number", |value| match value {
            Value::String(text) => text
                .trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite()),
            value => value.as_f64(),
        })
    }

    /// An array; empty if missing.
    pub fn items(&self) -> Result<Vec<Field<'a>>> {
        let items = self
            .typed("an array", Value::as_array)?
            .map(Vec::as_slice)
            .unwrap_or_default();
        let item = |(index, value): (usize, &'a Value)| Field {
            document: self.document,
            pointer: format!("{}/{index}", self.pointer),
            value: Some(value).filter(|value| !value.is_null()),
        };
        Ok(items.iter().enumerate().map(item).collect())
    }

    /// An array of strings; other items are an error, `null` items are dropped.
    pub fn texts(&self) -> Result<Vec<&'a str>> {
        self.items()?
            .iter()
            .filter_map(|item| item.text().transpose())
            .collect()
    }

    /// An object.
    pub fn object(&self) -> Result<Option<&'a Map<String, Value>>> {
        self.typed("an object", Value::as_object)
    }

    /// A value of a schema enumeration; names that it does not know are `None`.
    pub fn known<T>(&self, from_wire: fn(&str) -> Option<T>) -> Result<Option<T>> {
        Ok(self.text()?.and_then(from_wire))
    }

    /// The resource that `{"@odata.id": ...}` points to.
    pub fn link(&self) -> Result<Option<ResourcePath>> {
        self.object()?;
        self.field("@odata.id").path()
    }

    /// The resources that an array of `{"@odata.id": ...}` points to.
    pub fn links(&self) -> Result<Vec<ResourcePath>> {
        self.items()?
            .iter()
            .filter_map(|item| item.link().transpose())
            .collect()
    }

    /// A string that is a path of this BMC (action targets, `Members@odata.nextLink`).
    pub fn path(&self) -> Result<Option<ResourcePath>> {
        let Some(text) = self.text()? else {
            return Ok(None);
        };
        let origin = url::Url::parse(&self.document.bmc);
        let parsed = match &origin {
            Ok(origin) => ResourcePath::parse_link(text, origin),
            Err(_) => ResourcePath::parse(text),
        };
        parsed.map(Some).map_err(|why| {
            let link = text.chars().take(200).collect();
            self.document.error(ErrorKind::Link {
                pointer: self.pointer.clone(),
                link,
                why,
            })
        })
    }

    fn typed<T>(
        &self,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(value) = self.value else {
            return Ok(None);
        };
        read(value).map(Some).ok_or_else(|| {
            self.document.error(ErrorKind::WrongType {
                pointer: self.pointer.clone(),
                expected,
                found: type_name(value),
            })
        })
    }
}

const fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A document of a BMC at `https://bmc.example`.
    pub(crate) fn document(path: &str, body: Value) -> Document {
        let Value::Object(body) = body else {
            panic!("an object is needed")
        };
        Document::new(
            &Arc::new("https://bmc.example".into()),
            ResourcePath::parse(path).unwrap(),
            None,
            body,
        )
    }

    #[test]
    fn missing_is_none_and_wrong_is_named() {
        let system = document(
            "/redfish/v1/Systems/1",
            json!({"PowerState": 1, "Boot": {"Mode": null}, "Links": []}),
        );
        assert_eq!(system.field("Model").text().unwrap(), None);
        assert_eq!(
            system
                .field("Boot")
                .field("Mode")
                .field("Deeper")
                .text()
                .unwrap(),
            None
        );
        let error = system.field("PowerState").text().unwrap_err();
        assert_eq!(
            error.to_string(),
            "BMC https://bmc.example: reading /redfish/v1/Systems/1: /PowerState should be a string but is a number. \
             Check that this is a Redfish service and update the BMC's firmware."
        );
        assert!(system.field("Links").link().is_err());
    }

    #[test]
    fn numbers_are_taken_as_they_come() {
        let drive = document(
            "/d",
            json!({"A": "16", "B": 16.9, "C": 16, "D": "sixteen", "E": 1e300}),
        );
        assert_eq!(drive.field("A").integer().unwrap(), Some(16));
        assert_eq!(drive.field("B").integer().unwrap(), Some(16));
        assert_eq!(drive.field("C").number().unwrap(), Some(16.0));
        assert!(drive.field("D").integer().is_err());
        assert_eq!(drive.field("E").integer().unwrap(), Some(i64::MAX));
    }

    #[test]
    fn links_stay_on_the_bmc() {
        let root = document(
            "/r",
            json!({
            "Here": {"@odata.id": "/redfish/v1/Systems"},
            "Full": {"@odata.id": "https://bmc.example/redfish/v1/Chassis"},
            "Away": {"@odata.id": "https://evil.example/redfish/v1/Systems"},
            "Many": [{"@odata.id": "/a"}, null, {"@odata.id": "/b"}]}),
        );
        assert_eq!(
            root.field("Here").link().unwrap().unwrap().as_str(),
            "/redfish/v1/Systems"
        );
        assert_eq!(
            root.field("Full").link().unwrap().unwrap().as_str(),
            "/redfish/v1/Chassis"
        );
        assert!(matches!(
            root.field("Away").link().unwrap_err().kind(),
            ErrorKind::Link { .. }
        ));
        assert_eq!(root.field("Many").links().unwrap().len(), 2);
    }
}
