//! Which boot mode a node is meant to use (Ironic 39.0.0, observed).
//!
//! Secure boot needs UEFI. Otherwise, first found: `instance_info` capabilities,
//! `instance_info/deploy_boot_mode`, `properties/capabilities`,
//! `driver_internal_info/deploy_boot_mode`, `[deploy]default_boot_mode`. What is found must not
//! contradict `properties/capabilities`.

use std::borrow::Cow;

use schemas_config::Config;
use schemas_model::boot::BootMode;
use schemas_model::{Fault, Node};
use serde_json::{Map, Value};

/// The mode.
///
/// # Errors
/// `InvalidParameterValue` for capabilities that cannot be read or that contradict each other.
pub(crate) fn boot_mode(node: &Node, config: &Config) -> Result<BootMode, Fault> {
    let instance = instance_capabilities(node)?;
    let wanted = |key: &str| instance.get(key).and_then(Value::as_str);
    if wanted("secure_boot").is_some_and(|word| word.eq_ignore_ascii_case("true")) {
        return Ok(BootMode::Uefi);
    }
    let capability = property_capability(node, "boot_mode");
    let found = wanted("boot_mode")
        .or_else(|| node.instance_info.text_member("deploy_boot_mode"))
        .filter(|word| !word.is_empty())
        .or(capability)
        .or_else(|| node.driver_internal_info.text_member("deploy_boot_mode"));
    let Some(found) = found else {
        return parse(node, config.deploy.default_boot_mode.as_str());
    };
    if let Some(capability) = capability
        && !capability.eq_ignore_ascii_case(found)
    {
        return Err(Fault::invalid_parameter(format!(
            "Node {} boot mode {found} violates node properties/capabilities {capability}.",
            node.uuid
        )));
    }
    parse(node, found)
}

fn parse(node: &Node, word: &str) -> Result<BootMode, Fault> {
    word.to_ascii_lowercase().parse().map_err(|_| {
        Fault::invalid_parameter(format!(
            "Node {} asks for boot mode '{word}'; it must be 'uefi' or 'bios'.",
            node.uuid
        ))
    })
}

/// `instance_info/capabilities`: an object, or text that holds one.
fn instance_capabilities(node: &Node) -> Result<Cow<'_, Map<String, Value>>, Fault> {
    match node.instance_info.member("capabilities") {
        None => Ok(Cow::Owned(Map::new())),
        Some(Value::Object(capabilities)) => Ok(Cow::Borrowed(capabilities)),
        Some(Value::String(text)) => serde_json::from_str(text)
            .map(Cow::Owned)
            .map_err(|_| unreadable(node)),
        Some(_) => Err(unreadable(node)),
    }
}

fn unreadable(node: &Node) -> Fault {
    Fault::invalid_parameter(format!(
        "The capabilities in instance_info of node {} must be an object, or text holding one.",
        node.uuid
    ))
}

/// A value of `properties/capabilities`, which reads `key:value,key:value`.
fn property_capability<'a>(node: &'a Node, wanted: &str) -> Option<&'a str> {
    node.properties
        .text_member("capabilities")?
        .split(',')
        .filter_map(|pair| pair.split_once(':'))
        .find(|(key, value)| key.trim() == wanted && !value.contains(':'))
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_config::Machine;
    use schemas_model::Uuid;
    use serde_json::json;

    fn mode(change: impl FnOnce(&mut Node)) -> Result<BootMode, Fault> {
        let config = Config::defaults(Machine::detect()).unwrap();
        let mut node = Node::new(Uuid::random(), "ipmi");
        change(&mut node);
        boot_mode(&node, &config)
    }

    #[test]
    fn the_first_place_that_says_something_wins() {
        assert_eq!(mode(|_| {}).unwrap(), BootMode::Uefi, "the default");
        let internal = |node: &mut Node| node.driver_internal_info.set("deploy_boot_mode", "bios");
        assert_eq!(mode(internal).unwrap(), BootMode::Bios);
        assert_eq!(
            mode(|node| {
                internal(node);
                node.properties
                    .set("capabilities", "cpu_vt:true,boot_mode:uefi");
            })
            .unwrap(),
            BootMode::Uefi
        );
        assert_eq!(
            mode(|node| {
                node.instance_info
                    .set("capabilities", json!({"boot_mode": "BIOS"}));
            })
            .unwrap(),
            BootMode::Bios
        );
        assert_eq!(
            mode(|node| {
                node.instance_info.set(
                    "capabilities",
                    r#"{"secure_boot": "true", "boot_mode": "bios"}"#,
                );
            })
            .unwrap(),
            BootMode::Uefi
        );
    }

    #[test]
    fn contradictions_and_nonsense_are_refused() {
        assert!(
            mode(|node| {
                node.properties.set("capabilities", "boot_mode:uefi");
                node.instance_info
                    .set("capabilities", json!({"boot_mode": "bios"}));
            })
            .is_err()
        );
        assert!(mode(|node| node.instance_info.set("capabilities", "no json")).is_err());
        assert!(mode(|node| node.instance_info.set("capabilities", json!([]))).is_err());
    }
}
