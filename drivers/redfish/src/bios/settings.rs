//! Settings as people write them, as the BMC wants them, and as they are cached.

use drivers_redfish_client::schema::bios::Attribute;
use schemas_model::{BiosSetting, Fault, NodeId, Uuid};
use serde_json::{Map, Value};

/// The argument of `apply_configuration`.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Wanted {
    settings: Vec<Setting>,
}

#[derive(Debug, serde::Deserialize)]
struct Setting {
    name: String,
    value: Value,
}

impl Wanted {
    /// The attributes for the BMC: checked against its registry, in the types the registry names.
    ///
    /// # Errors
    /// `InvalidParameterValue` naming every setting that does not fit.
    pub(super) fn attributes(
        self,
        node: &Uuid,
        registry: &[Attribute],
    ) -> Result<Map<String, Value>, Fault> {
        let mut attributes = Map::new();
        let mut invalid = Vec::new();
        for Setting { name, value } in self.settings {
            let known = registry.iter().find(|attribute| attribute.name == name);
            match known.map_or(Some(value.clone()), |known| converted(known, &value)) {
                Some(value) => drop(attributes.insert(name, value)),
                None => invalid.push(name),
            }
        }
        if invalid.is_empty() {
            return Ok(attributes);
        }
        Err(Fault::invalid_parameter(format!(
            "Redfish BIOS apply_configuration failed for node {node}: invalid value for setting(s): {}. They are read-only, or the value is outside what the BMC lists.",
            invalid.join(", ")
        )))
    }
}

/// The value in the attribute's type; `None` if it does not fit.
fn converted(attribute: &Attribute, value: &Value) -> Option<Value> {
    if attribute.read_only == Some(true) {
        return None;
    }
    match attribute.kind.as_deref() {
        Some("Integer") => {
            let number = value
                .as_i64()
                .or_else(|| value.as_str()?.trim().parse().ok())?;
            within(number, attribute.lower_bound, attribute.upper_bound)
                .then(|| Value::from(number))
        }
        Some("Boolean") => Some(value.as_str().map_or_else(
            || value.clone(),
            |text| Value::Bool(text.eq_ignore_ascii_case("true")),
        )),
        Some("Enumeration") if !attribute.allowable.is_empty() => {
            let allowed = value
                .as_str()
                .is_some_and(|value| attribute.allowable.iter().any(|allowed| allowed == value));
            allowed.then(|| value.clone())
        }
        Some("String") => {
            let length = i64::try_from(value.as_str()?.chars().count()).ok()?;
            within(length, attribute.min_length, attribute.max_length).then(|| value.clone())
        }
        _ => Some(value.clone()),
    }
}

fn within(number: i64, min: Option<i64>, max: Option<i64>) -> bool {
    min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
}

/// The rows to cache: each attribute, with what the registry says about it.
pub(super) fn cached(
    node_id: NodeId,
    attributes: &Map<String, Value>,
    registry: &[Attribute],
) -> Vec<BiosSetting> {
    attributes
        .iter()
        .map(|(name, value)| {
            let known = registry
                .iter()
                .find(|attribute| attribute.name == *name)
                .cloned()
                .unwrap_or_default();
            let length = |length: Option<i64>| length.and_then(|length| i32::try_from(length).ok());
            BiosSetting {
                node_id,
                name: name.clone(),
                value: text(value),
                attribute_type: known.kind,
                allowable_values: known.allowable,
                lower_bound: known.lower_bound,
                upper_bound: known.upper_bound,
                min_length: length(known.min_length),
                max_length: length(known.max_length),
                read_only: known.read_only,
                reset_required: known.reset_required,
                unique: known.unique,
                created_at: None,
                updated_at: None,
            }
        })
        .collect()
}

/// Values are stored as Python writes them.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn registry() -> Vec<Attribute> {
        let attribute = |name: &str, kind: &str| Attribute {
            name: name.to_owned(),
            kind: Some(kind.to_owned()),
            ..Attribute::default()
        };
        vec![
            Attribute {
                lower_bound: Some(1),
                upper_bound: Some(10),
                ..attribute("NumCores", "Integer")
            },
            Attribute {
                allowable: vec!["Enabled".to_owned(), "Disabled".to_owned()],
                ..attribute("QuietBoot", "Enumeration")
            },
            attribute("Turbo", "Boolean"),
            Attribute {
                max_length: Some(4),
                ..attribute("Tag", "String")
            },
            Attribute {
                read_only: Some(true),
                ..attribute("SerialNumber", "String")
            },
        ]
    }

    fn attributes(settings: Value) -> Result<Map<String, Value>, Fault> {
        let wanted: Wanted = serde_json::from_value(json!({ "settings": settings })).unwrap();
        wanted.attributes(&Uuid::random(), &registry())
    }

    #[test]
    fn values_take_the_types_of_the_registry() {
        let fitting = attributes(json!([
            {"name": "NumCores", "value": "8"}, {"name": "Turbo", "value": "TRUE"},
            {"name": "QuietBoot", "value": "Disabled"}, {"name": "Unlisted", "value": "x"}]));
        assert_eq!(
            Value::Object(fitting.unwrap()),
            json!({"NumCores": 8, "Turbo": true, "QuietBoot": "Disabled", "Unlisted": "x"})
        );
    }

    #[test]
    fn every_unfitting_setting_is_named() {
        let fault = attributes(json!([
            {"name": "NumCores", "value": 11}, {"name": "QuietBoot", "value": "Maybe"},
            {"name": "Tag", "value": "12345"}, {"name": "SerialNumber", "value": "1"}, {"name": "Turbo", "value": true}]))
        .unwrap_err();
        assert!(
            fault
                .message
                .contains("NumCores, QuietBoot, Tag, SerialNumber."),
            "{fault}"
        );
    }

    #[test]
    fn cached_rows_have_what_the_registry_says() {
        let attributes = json!({"NumCores": 8, "Turbo": true, "SysPassword": null});
        let rows = cached(NodeId(7), attributes.as_object().unwrap(), &registry());
        assert_eq!(rows[0].value.as_deref(), Some("8"));
        assert_eq!(
            (rows[0].lower_bound, rows[0].upper_bound),
            (Some(1), Some(10))
        );
        assert_eq!(rows[1].value.as_deref(), Some("True"));
        assert_eq!(
            (rows[2].value.clone(), rows[2].attribute_type.clone()),
            (None, None)
        );
    }
}
