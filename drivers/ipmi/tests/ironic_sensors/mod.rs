//! What Ironic 39.0.0 makes of `ipmitool sdr -v`.

use serde_json::{Map, Value, json};

/// Blocks of `name: value` lines; lines with another number of colons are not read, nor are blocks
/// without a reading.
pub fn read(output: &str) -> Map<String, Value> {
    let mut grouped = Map::new();
    for block in output.split("\n\n") {
        let fields: Map<String, Value> = block
            .lines()
            .filter(|line| !line.starts_with("<<"))
            .filter_map(|line| {
                let (name, value) = line.split_once(':')?;
                (!value.contains(':')).then(|| (name.trim().to_owned(), json!(value.trim())))
            })
            .collect();
        if fields.is_empty() {
            continue;
        }
        let kind = ["Analog", "Discrete", "Threshold"]
            .iter()
            .find_map(|kind| fields.get(&format!("Sensor Type ({kind})")))
            .unwrap_or_else(|| panic!("Ironic would fail here: {block}"));
        if !fields.contains_key("Sensor Reading") {
            continue;
        }
        let group = kind.as_str().unwrap().split(' ').next().unwrap();
        grouped
            .entry(group)
            .or_insert_with(|| json!({}))
            .as_object_mut()
            .unwrap()
            .insert(
                fields["Sensor ID"].as_str().unwrap().to_owned(),
                json!(fields),
            );
    }
    grouped
}
