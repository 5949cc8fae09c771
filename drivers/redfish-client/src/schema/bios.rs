//! `Bios` and its attribute registry.

use serde_json::{Map, Value, json};

use super::view;
use crate::{Result, document::Document, resource_path::ResourcePath};

/// The action that restores the factory's settings.
pub const RESET: &str = "#Bios.ResetBios";

view! {
    /// View of `Bios`.
    Bios
}

impl Bios {
    /// `Attributes`: the settings, by name. Values are strings, numbers, booleans or null.
    pub fn attributes(&self) -> Result<Map<String, Value>> {
        Ok(self
            .document()
            .field("Attributes")
            .object()?
            .cloned()
            .unwrap_or_default())
    }

    /// `AttributeRegistry`: the id of the registry that describes the attributes.
    pub fn attribute_registry(&self) -> Result<Option<&str>> {
        self.document().field("AttributeRegistry").text()
    }

    /// Where changes are made: the settings object, or this resource itself.
    pub fn settings(&self) -> Result<ResourcePath> {
        let settings = self
            .document()
            .field("@Redfish.Settings")
            .field("SettingsObject")
            .link()?;
        Ok(settings.unwrap_or_else(|| self.document().path().clone()))
    }

    /// `SupportedApplyTimes` of the settings object.
    pub fn apply_times(&self) -> Result<Vec<&str>> {
        self.document()
            .field("@Redfish.Settings")
            .field("SupportedApplyTimes")
            .texts()
    }
}

/// The body that changes attributes, to be applied at the next reset where the BMC lets one choose.
pub fn change(attributes: &Map<String, Value>, apply_times: &[&str]) -> Value {
    match apply_times.contains(&"OnReset") {
        true => json!({"Attributes": attributes, "@Redfish.SettingsApplyTime": {
            "@odata.type": "#Settings.v1_0_0.PreferredApplyTime", "ApplyTime": "OnReset"}}),
        false => json!({ "Attributes": attributes }),
    }
}

/// What a registry says about one attribute.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attribute {
    /// `AttributeName`.
    pub name: String,
    /// `Type`: `Enumeration`, `String`, `Integer`, `Boolean` or `Password`.
    pub kind: Option<String>,
    /// `Value[].ValueName`, or what is displayed if there is none, of enumerations.
    pub allowable: Vec<String>,
    /// `LowerBound`, of integers.
    pub lower_bound: Option<i64>,
    /// `UpperBound`, of integers.
    pub upper_bound: Option<i64>,
    /// `MinLength`, of strings.
    pub min_length: Option<i64>,
    /// `MaxLength`, of strings.
    pub max_length: Option<i64>,
    /// `ReadOnly`.
    pub read_only: Option<bool>,
    /// `ResetRequired`.
    pub reset_required: Option<bool>,
    /// `IsSystemUniqueProperty`.
    pub unique: Option<bool>,
}

/// The attributes that a registry document describes.
pub fn registry_attributes(registry: &Document) -> Result<Vec<Attribute>> {
    let mut attributes = Vec::new();
    for entry in registry
        .field("RegistryEntries")
        .field("Attributes")
        .items()?
    {
        let Some(name) = entry.field("AttributeName").text()? else {
            continue;
        };
        let mut allowable = Vec::new();
        // `Value` is an array for enumerations only.
        if entry.field("Value").value().is_some_and(Value::is_array) {
            for value in entry.field("Value").items()? {
                let name = value.field("ValueName").scalar_text()?;
                let shown = value.field("ValueDisplayName").scalar_text()?;
                allowable.extend(name.filter(|name| !name.is_empty()).or(shown));
            }
        }
        attributes.push(Attribute {
            name: name.to_owned(),
            kind: entry.field("Type").text()?.map(str::to_owned),
            allowable,
            lower_bound: entry.field("LowerBound").integer()?,
            upper_bound: entry.field("UpperBound").integer()?,
            min_length: entry.field("MinLength").integer()?,
            max_length: entry.field("MaxLength").integer()?,
            read_only: entry.field("ReadOnly").boolean()?,
            reset_required: entry.field("ResetRequired").boolean()?,
            unique: entry.field("IsSystemUniqueProperty").boolean()?,
        });
    }
    Ok(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::document;

    #[test]
    fn changes_wait_for_the_reset_where_one_may_choose() {
        let attributes = Map::from_iter([("QuietBoot".to_owned(), json!("Disabled"))]);
        assert_eq!(
            change(&attributes, &["Immediate"]),
            json!({"Attributes": {"QuietBoot": "Disabled"}})
        );
        assert_eq!(
            change(&attributes, &["OnReset"])["@Redfish.SettingsApplyTime"]["ApplyTime"],
            "OnReset"
        );
    }

    #[test]
    fn a_registry_is_read() {
        let registry = document(
            "/r",
            json!({"RegistryEntries": {"Attributes": [
            {"AttributeName": "BootMode", "Type": "Enumeration", "ReadOnly": false,
             "Value": [{"ValueName": "Bios"}, {"ValueName": "Uefi"}]},
            {"AttributeName": "NumCores", "Type": "Integer", "LowerBound": 1, "UpperBound": 10, "Value": 3},
            {"DisplayName": "no name"}]}}),
        );
        let attributes = registry_attributes(&registry).unwrap();
        assert_eq!(attributes.len(), 2);
        assert_eq!(attributes[0].allowable, ["Bios", "Uefi"]);
        assert_eq!(
            (attributes[1].lower_bound, attributes[1].upper_bound),
            (Some(1), Some(10))
        );
    }
}
