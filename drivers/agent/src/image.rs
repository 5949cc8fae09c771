//! The image an instance wants: what must be given, and what the agent is told.

use drivers_interface::Task;
use schemas_model::{Fault, Node, Object};
use serde_json::{Map, Value, json};

use crate::ramdisk;

/// Image types users may name.
const IMAGE_TYPES: [&str; 2] = ["partition", "whole-disk"];

/// Keys of a partition image passed on to the agent.
const PARTITION_KEYS: [&str; 8] = [
    "kernel",
    "ramdisk",
    "root_gb",
    "root_mb",
    "swap_mb",
    "ephemeral_mb",
    "ephemeral_format",
    "preserve_ephemeral",
];

/// Checks what a deployment by agent needs in `instance_info`.
///
/// # Errors
/// `MissingParameterValue`, `InvalidParameterValue`.
pub(crate) fn validate(task: &dyn Task) -> Result<(), Fault> {
    let node = task.node();
    let info = &node.instance_info;
    let Some(source) = info
        .text_member("image_source")
        .filter(|source| !source.is_empty())
    else {
        return Err(Fault::missing_parameter(format!(
            "Node {} cannot be deployed: instance_info/image_source is missing.",
            node.uuid
        )));
    };
    if let Some(kind) = info.text_member("image_type")
        && !IMAGE_TYPES.contains(&kind)
    {
        return Err(Fault::invalid_parameter(format!(
            "Node {}: instance_info/image_type is '{kind}', it must be one of {}.",
            node.uuid,
            IMAGE_TYPES.join(", ")
        )));
    }
    let needs_checksum =
        !is_glance(source) && !source.starts_with("file://") && !source.starts_with("oci://");
    let given = |key: &str| info.text_member(key).is_some_and(|text| !text.is_empty());
    let (algorithm, value, plain) = (
        given("image_os_hash_algo"),
        given("image_os_hash_value"),
        given("image_checksum"),
    );
    if needs_checksum && (algorithm != value || (!value && !plain)) {
        return Err(Fault::missing_parameter(format!(
            "Node {}: instance_info must hold image_checksum, or image_os_hash_algo and image_os_hash_value, for the \
             image {source}.",
            node.uuid
        )));
    }
    Ok(())
}

/// Whether the source is an image of Glance: a UUID or a `glance://` URL.
fn is_glance(source: &str) -> bool {
    source.starts_with("glance://") || schemas_model::Uuid::is_like(source)
}

/// Checks `instance_info/capabilities` and `properties/root_device` of any deployment.
///
/// # Errors
/// `InvalidParameterValue`.
pub(crate) fn validate_hints(node: &Node) -> Result<(), Fault> {
    match node.instance_info.member("capabilities") {
        None | Some(Value::Null | Value::Object(_)) => {}
        Some(Value::String(text)) if matches!(serde_json::from_str(text), Ok(Value::Object(_))) => {
        }
        Some(_) => {
            return Err(Fault::invalid_parameter(format!(
                "Node {}: instance_info/capabilities must be a JSON object.",
                node.uuid
            )));
        }
    }
    let root = node
        .instance_info
        .member("root_device")
        .or_else(|| node.properties.member("root_device"));
    match root {
        None | Some(Value::Null | Value::Object(_)) => Ok(()),
        Some(_) => Err(Fault::invalid_parameter(format!(
            "Node {}: root_device must be an object of hints (size, serial, wwn, ...).",
            node.uuid
        ))),
    }
}

/// Checks that the image is a container of a registry.
///
/// # Errors
/// `InvalidImageRef`.
pub(crate) fn validate_container(node: &Node) -> Result<(), Fault> {
    let source = node
        .instance_info
        .text_member("image_source")
        .unwrap_or_default();
    if source.starts_with("oci://") {
        return Ok(());
    }
    Err(Fault::new(
        schemas_model::Class::InvalidImageRef,
        format!(
            "Node {}: instance_info/image_source must be an oci:// URL for a bootable container, not '{source}'.",
            node.uuid
        ),
    ))
}

/// Fills in what a deployment derives from the given source: `image_url`.
///
/// # Errors
/// `ImageRefValidationFailed` for a source this conductor can't offer to the agent.
pub(crate) fn complete(node: &mut Node) -> Result<(), Fault> {
    let source = node
        .instance_info
        .text_member("image_source")
        .unwrap_or_default()
        .to_owned();
    if !source.starts_with("http://") && !source.starts_with("https://") {
        return Err(Fault::new(
            schemas_model::Class::ImageRefValidationFailed,
            format!(
                "Node {}: the image '{source}' cannot be offered to the agent; give an http or https URL.",
                node.uuid
            ),
        ));
    }
    node.instance_info.set("image_url", source);
    Ok(())
}

/// Whether the node gets a whole-disk image: `image_type`, else no kernel and ramdisk were given.
pub(crate) fn is_whole_disk(info: &Object) -> bool {
    match info.text_member("image_type") {
        Some(kind) => kind == "whole-disk",
        None => info.member("kernel").is_none() && info.member("ramdisk").is_none(),
    }
}

/// The arguments of the agent's `write_image` step.
pub(crate) fn write_image_args(task: &dyn Task) -> Map<String, Value> {
    let node = task.node();
    let info = &node.instance_info;
    let source = info.text_member("image_source").unwrap_or_default();
    let copy = |key: &str| info.member(key).cloned().unwrap_or(Value::Null);
    let mut image = Map::new();
    image.insert(
        "id".into(),
        json!(source.rsplit('/').next().unwrap_or(source)),
    );
    image.insert("urls".into(), json!([copy("image_url")]));
    image.insert("disk_format".into(), copy("image_disk_format"));
    image.insert("container_format".into(), copy("image_container_format"));
    image.insert(
        "stream_raw_images".into(),
        json!(task.config().agent.stream_raw_images),
    );
    if info.member("image_checksum").is_some() {
        image.insert("checksum".into(), copy("image_checksum"));
    }
    if info.member("image_os_hash_algo").is_some() && info.member("image_os_hash_value").is_some() {
        image.insert("os_hash_algo".into(), copy("image_os_hash_algo"));
        image.insert("os_hash_value".into(), copy("image_os_hash_value"));
    }
    let proxies: Map<String, Value> = ["http", "https"]
        .iter()
        .filter_map(|scheme| {
            let proxy = node.driver_info.member(&format!("image_{scheme}_proxy"))?;
            Some(((*scheme).to_owned(), proxy.clone()))
        })
        .collect();
    if !proxies.is_empty() {
        image.insert("proxies".into(), Value::Object(proxies));
        if let Some(exceptions) = node.driver_info.member("image_no_proxy") {
            image.insert("no_proxy".into(), exceptions.clone());
        }
    }
    image.insert("node_uuid".into(), json!(node.uuid));
    if !is_whole_disk(info) {
        for key in PARTITION_KEYS {
            image.insert(key.into(), copy(key));
        }
        image.insert("boot_option".into(), json!("local"));
        let mode = ramdisk::boot_mode(task);
        image.insert("deploy_boot_mode".into(), json!(mode));
    }
    let configdrive = copy("configdrive");
    if !configdrive.is_null() {
        image.insert("configdrive".into(), configdrive.clone());
    }
    let mut args = Map::new();
    args.insert("image_info".into(), Value::Object(image));
    args.insert("configdrive".into(), configdrive);
    args
}
