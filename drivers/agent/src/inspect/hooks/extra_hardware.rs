//! The hook `extra-hardware`: what the collector `extra-hardware` of a ramdisk found, as a tree.

use serde_json::{Map, Value};

/// Makes `extra` of `data`, a list of lists of category, device, property and value. Data of another
/// form stay as they are, or are dropped if `strict` (`[inspector]extra_hardware_strict`).
pub(super) fn run(plugin_data: &mut Map<String, Value>, strict: bool) {
    let Some(data) = plugin_data.get("data") else {
        return;
    };
    let fits = |item: &Value| {
        item.as_array()
            .is_some_and(|item| !strict || item.len() == 4)
    };
    let items = data.as_array().filter(|items| items.iter().all(fits));
    let Some(items) = items else {
        tracing::warn!("the extra hardware data of a ramdisk are not of the known form");
        if strict {
            plugin_data.remove("data");
        }
        return;
    };
    let mut tree = Map::new();
    for item in items.iter().filter_map(Value::as_array) {
        add(&mut tree, item);
    }
    plugin_data.insert("extra".to_owned(), Value::Object(tree));
    plugin_data.remove("data");
}

/// Adds an item; one that is too short, or with a name that is no text, is left out.
fn add(tree: &mut Map<String, Value>, item: &[Value]) {
    let [
        Value::String(category),
        Value::String(device),
        Value::String(property),
        value,
        ..,
    ] = item
    else {
        return;
    };
    let number = value
        .as_str()
        .and_then(|text| text.trim().parse::<i64>().ok());
    let value = number.map_or_else(|| value.clone(), Value::from);
    let branch = |map: &mut Map<String, Value>, name: &String| {
        map.entry(name.clone())
            .or_insert_with(|| Value::Object(Map::new()))
            .as_object_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    };
    let mut devices = branch(tree, category);
    let mut properties = branch(&mut devices, device);
    properties.insert(property.clone(), value);
    devices.insert(device.clone(), Value::Object(properties));
    tree.insert(category.clone(), Value::Object(devices));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ran(data: Value, strict: bool) -> Value {
        let mut plugin_data = Map::from_iter([("data".to_owned(), data)]);
        run(&mut plugin_data, strict);
        Value::Object(plugin_data)
    }

    #[test]
    fn lists_become_a_tree() {
        let data = json!([
            ["disk", "sda", "size", "120"],
            ["disk", "sda", "vendor", "ATA"],
            ["cpu", "0", "cores", 4]
        ]);
        assert_eq!(
            ran(data, true),
            json!({"extra": {"disk": {"sda": {"size": 120, "vendor": "ATA"}}, "cpu": {"0": {"cores": 4}}}})
        );
    }

    #[test]
    fn what_is_of_another_form_stays_unless_told_otherwise() {
        assert_eq!(ran(json!("x"), false), json!({"data": "x"}));
        assert_eq!(ran(json!([["too", "short"]]), true), json!({}));
        assert_eq!(ran(json!([["too", "short"]]), false), json!({"extra": {}}));
    }
}
