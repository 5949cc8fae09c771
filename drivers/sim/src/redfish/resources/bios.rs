//! `Bios`, its pending settings and its attribute registry.

use serde_json::{Map, Value, json};

use super::super::model::{Attribute, AttributeValue};
use super::{Hardware, Model, Tree, action};

/// Name of a model's attribute registry.
pub(in super::super) fn registry(model: &Model) -> String {
    format!("BiosAttributeRegistry{}.v1_0_0", model.name)
}

/// The attributes after a BIOS reset.
pub(in super::super) fn defaults(model: &Model) -> Map<String, Value> {
    model
        .attributes
        .iter()
        .map(|attribute| (attribute.name.to_owned(), attribute.default.default_json()))
        .collect()
}

pub(super) fn add(tree: &mut Tree, model: &Model, _: &Hardware) {
    let path = format!("{}/Bios", model.system());
    let mut actions = action(&path, "Bios.ResetBios", None);
    super::super::tree::merge(&mut actions, &action(&path, "Bios.ChangePassword", None));
    tree.put(
        model,
        &path,
        "Bios.v1_1_0.Bios",
        json!({
            "Id": "BIOS",
            "Name": "BIOS Configuration Current Settings",
            "AttributeRegistry": registry(model),
            "Attributes": defaults(model),
            "@Redfish.Settings": {
                "@odata.type": "#Settings.v1_3_0.Settings",
                "SettingsObject": model.link(&model.bios_settings()),
                "SupportedApplyTimes": ["OnReset"],
                "Messages": []
            },
            "Actions": actions
        }),
    );
    tree.put(
        model,
        &model.bios_settings(),
        "Bios.v1_1_0.Bios",
        json!({
            "Id": "Settings",
            "Name": "BIOS Configuration Pending Settings",
            "AttributeRegistry": registry(model),
            "Attributes": {}
        }),
    );
}

/// An attribute as the registry describes it.
pub(super) fn entry(attribute: &Attribute) -> Value {
    let mut entry = json!({
        "AttributeName": attribute.name,
        "DisplayName": attribute.name,
        "DefaultValue": attribute.default.default_json(),
        "ReadOnly": attribute.read_only,
        "ResetRequired": true,
        "Immutable": false,
        "Hidden": false
    });
    match attribute.default {
        AttributeValue::Enumeration(names) => {
            entry["Type"] = json!("Enumeration");
            let values = names
                .iter()
                .map(|name| json!({"ValueName": name, "ValueDisplayName": name}));
            entry["Value"] = values.collect();
        }
        AttributeValue::Integer(_, low, high) => {
            entry["Type"] = json!("Integer");
            entry["LowerBound"] = json!(low);
            entry["UpperBound"] = json!(high);
            entry["ScalarIncrement"] = json!(1);
        }
        AttributeValue::Text(_, longest) => {
            entry["Type"] = json!("String");
            entry["MinLength"] = json!(0);
            entry["MaxLength"] = json!(longest);
        }
        AttributeValue::Boolean(_) => entry["Type"] = json!("Boolean"),
    }
    entry
}
