//! Whole disk or partition: what the image of an instance is, as far as its reference tells.

use schemas_model::{Class, Fault, Node, Object, Uuid};

const WHOLE_DISK: &str = "whole-disk";
const PARTITION: &str = "partition";
/// Where images may come from.
const SCHEMES: [&str; 5] = ["http", "https", "file", "glance", "oci"];

/// Whether the image is a whole disk; `None` when there is no image, or only the image service knows.
pub fn is_whole_disk(instance_info: &Object) -> Option<bool> {
    let text = |key| {
        instance_info
            .text_member(key)
            .filter(|text| !text.is_empty())
    };
    let source = text("image_source")?;
    if let Some(image_type) = text("image_type") {
        return Some(image_type != PARTITION);
    }
    if source.starts_with("glance://") || Uuid::is_like(source) {
        return None;
    }
    Some(source.starts_with("oci://") || (text("kernel").is_none() && text("ramdisk").is_none()))
}

/// Refuses an image that no image service is there for.
///
/// # Errors
/// `ImageRefValidationFailed` for a reference that is neither a UUID nor a URL of a known scheme
/// (Ironic 39.0.0, observed).
pub fn check(instance_info: &Object) -> Result<(), Fault> {
    let Some(source) = instance_info.text_member("image_source") else {
        return Ok(());
    };
    let is_known = instance_info
        .text_member("image_type")
        .is_some_and(|known| !known.is_empty());
    if source.is_empty() || is_known || Uuid::is_like(source) {
        return Ok(());
    }
    let refused = |why: String| {
        Err(Fault::new(
            Class::ImageRefValidationFailed,
            format!("Validation of image href {source} failed, reason: {why}"),
        ))
    };
    match source.split_once(':') {
        None => refused("Scheme-less image href is not a UUID.".to_owned()),
        Some((scheme, _)) if SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) => Ok(()),
        Some((scheme, _)) => refused(format!(
            "Image download protocol {scheme} is not supported."
        )),
    }
}

/// Writes it where deployments look for it. Returns whether anything is known.
pub fn update(node: &mut Node) -> bool {
    let Some(whole) = is_whole_disk(&node.instance_info) else {
        return false;
    };
    node.driver_internal_info.set("is_whole_disk_image", whole);
    let word = if whole { WHOLE_DISK } else { PARTITION };
    node.instance_info.set("image_type", word);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> Option<bool> {
        is_whole_disk(&Object::from_text(json))
    }

    #[test]
    fn what_no_service_is_there_for_is_refused() {
        let class = |source: &str| {
            let info = Object::from_text(format!(r#"{{"image_source": "{source}"}}"#));
            check(&info).err().map(|fault| fault.class)
        };
        for good in [
            "",
            "http://x/i",
            "HTTPS://x/i",
            "file:///i",
            "1be26c0b-03f2-4d2e-ae87-c02d7f33c123",
        ] {
            assert_eq!(class(good), None, "{good}");
        }
        for bad in ["a", "ftp://x/i", "image:tag"] {
            assert_eq!(class(bad), Some(Class::ImageRefValidationFailed), "{bad}");
        }
    }

    #[test]
    fn the_reference_tells() {
        assert_eq!(of("{}"), None);
        assert_eq!(of(r#"{"image_source": "http://x/i"}"#), Some(true));
        assert_eq!(
            of(r#"{"image_source": "http://x/i", "kernel": "k", "ramdisk": "r"}"#),
            Some(false)
        );
        assert_eq!(
            of(r#"{"image_source": "http://x/i", "image_type": "partition"}"#),
            Some(false)
        );
        assert_eq!(
            of(r#"{"image_source": "1be26c0b-03f2-4d2e-ae87-c02d7f33c123"}"#),
            None
        );
        assert_eq!(
            of(r#"{"image_source": "oci://x/i", "kernel": "k"}"#),
            Some(true)
        );
    }
}
