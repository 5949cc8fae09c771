//! `Assembly`: the parts of a machine that can be replaced, with who made them.

use crate::{Document, Result, document::Field};

/// One of `Assemblies`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assembly {
    /// `Name`.
    pub name: Option<String>,
    /// `Model`.
    pub model: Option<String>,
    /// `Vendor`, or `Producer` in its absence.
    pub manufacturer: Option<String>,
    /// `ProductionDate`.
    pub made: Option<String>,
    /// `SerialNumber`.
    pub serial_number: Option<String>,
    /// `PartNumber`, or `SparePartNumber` in its absence.
    pub part_number: Option<String>,
}

impl Assembly {
    /// The assemblies of a document.
    ///
    /// # Errors
    /// [`crate::ErrorKind::WrongType`].
    pub fn all(document: &Document) -> Result<Vec<Self>> {
        let items = document.field("Assemblies").items()?;
        items.iter().map(Self::of).collect()
    }

    fn of(item: &Field<'_>) -> Result<Self> {
        let text = |name: &str| {
            let text = item.field(name).scalar_text()?;
            Ok(text.filter(|text| !text.is_empty()))
        };
        let either = |first: &str, second: &str| match text(first)? {
            None => text(second),
            found => Ok(found),
        };
        Ok(Assembly {
            name: text("Name")?,
            model: text("Model")?,
            manufacturer: either("Vendor", "Producer")?,
            made: text("ProductionDate")?,
            serial_number: text("SerialNumber")?,
            part_number: either("PartNumber", "SparePartNumber")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::tests::document;

    #[test]
    fn what_is_told_is_read_and_what_is_wrong_is_named() {
        let parts = document(
            "/a",
            json!({"Assemblies": [{"Name": "System Board", "Producer": "Contoso", "Vendor": "",
                "SerialNumber": 17, "SparePartNumber": "08Y7Y9"}, {}]}),
        );
        let parts = Assembly::all(&parts).unwrap();
        assert_eq!(parts[0].manufacturer.as_deref(), Some("Contoso"));
        assert_eq!(parts[0].serial_number.as_deref(), Some("17"));
        assert_eq!(parts[0].part_number.as_deref(), Some("08Y7Y9"));
        assert_eq!(parts[1], Assembly::default());
        let odd = document("/a", json!({"Assemblies": [{"Name": {}}]}));
        let error = Assembly::all(&odd).unwrap_err();
        assert!(error.to_string().contains("/Assemblies/0/Name"), "{error}");
    }
}
