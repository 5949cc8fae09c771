//! The hook `root-device`: the disk that a deployment would use, by the node's hints.

mod hint;

use drivers_interface::Task;
use schemas_model::{Class, Fault, Node, Object};
use serde_json::{Map, Value};

use hint::Hints;

const GIB: i64 = 1 << 30;

/// Finds the root disk, notes it in the plugin data and sets `properties/local_gb`.
///
/// # Errors
/// `HardwareInspectionFailure` for hints that can't be read, or that no disk satisfies.
pub(super) async fn run(
    task: &mut dyn Task,
    inventory: &Object,
    plugin_data: &mut Map<String, Value>,
) -> Result<(), Fault> {
    if let Some(disk) = by_hints(task.node(), inventory)? {
        plugin_data.insert("root_disk".to_owned(), disk);
    }
    let size = plugin_data
        .get("root_disk")
        .and_then(|disk| disk.get("size"))
        .and_then(Value::as_i64);
    let spare = i64::from(task.config().inspector.disk_partitioning_spacing);
    let local_gb = match size.map(|size| size / GIB) {
        Some(0) | None => 0,
        Some(gib) => gib - spare,
    };
    plugin_data.insert("local_gb".to_owned(), Value::from(local_gb));
    task.node_mut().properties.set("local_gb", local_gb);
    task.save().await
}

/// The first disk that satisfies the node's hints; `None` if it has none.
fn by_hints(node: &Node, inventory: &Object) -> Result<Option<Value>, Fault> {
    let failed = |why: &str| {
        Fault::new(
            Class::HardwareInspectionFailure,
            format!("The root device hints of node {}: {why}.", node.uuid),
        )
    };
    let Some(hints) = node.properties.member("root_device") else {
        return Ok(None);
    };
    let hints = Hints::parse(hints).map_err(|why| failed(&why))?;
    if hints.is_empty() {
        return Ok(None);
    }
    let skipped = match node.properties.member("skip_block_devices") {
        Some(Value::Array(skipped)) => skipped.as_slice(),
        _ => &[],
    };
    let skipped: Vec<Hints> = skipped
        .iter()
        .map(Hints::parse)
        .collect::<Result<_, _>>()
        .map_err(|why| failed(&why))?;
    let disks = inventory.member("disks").and_then(Value::as_array);
    let mut disks = disks.into_iter().flatten();
    let root = disks.find(|disk| hints.fit(disk) && !skipped.iter().any(|hints| hints.fit(disk)));
    match root {
        Some(disk) => Ok(Some(disk.clone())),
        None => Err(failed("no disk of the inventory satisfies them")),
    }
}

#[cfg(test)]
mod tests {
    use schemas_model::Uuid;
    use serde_json::json;

    use super::*;

    fn found(properties: Value) -> Result<Option<String>, Fault> {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.properties = serde_json::from_value(properties).unwrap();
        let inventory = json!({"disks": [
            {"name": "/dev/sda", "size": 100 * GIB, "model": "A B", "serial": "S1", "rotational": true},
            {"name": "/dev/sdb", "size": 200 * GIB, "model": "C", "serial": "S2", "rotational": false}]});
        let inventory = serde_json::from_value(inventory).unwrap();
        let disk = by_hints(&node, &inventory)?;
        Ok(disk.map(|disk| disk["name"].as_str().unwrap().to_owned()))
    }

    #[test]
    fn the_first_disk_that_fits_is_the_root() {
        assert_eq!(found(json!({})).unwrap(), None);
        for (hints, name) in [
            (json!({"size": ">= 150"}), "/dev/sdb"),
            (json!({"rotational": "yes"}), "/dev/sda"),
            (json!({"serial": "s2"}), "/dev/sdb"),
        ] {
            assert_eq!(
                found(json!({"root_device": hints})).unwrap().as_deref(),
                Some(name)
            );
        }
        let skipping =
            json!({"root_device": {"size": "> 1"}, "skip_block_devices": [{"serial": "S1"}]});
        assert_eq!(found(skipping).unwrap().as_deref(), Some("/dev/sdb"));
        let fault = found(json!({"root_device": {"serial": "S3"}})).unwrap_err();
        assert_eq!(fault.class, Class::HardwareInspectionFailure);
        assert!(found(json!({"root_device": {"colour": "red"}})).is_err());
    }
}
