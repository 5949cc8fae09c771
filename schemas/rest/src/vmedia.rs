//! Virtual media: which devices, and where images may come from.
//!
//! Source: Ironic 39.0.0, `boot_devices.VMEDIA_DEVICES`, `image_publisher`.

use schemas_model::Fault;

/// Devices an image can be put into.
pub const DEVICES: &[&str] = &["disk", "cdrom", "floppy"];
/// URL schemes of images.
pub const SCHEMES: &[&str] = &["http", "https", "nfs", "cifs", "smb"];

/// Checks the address of an image.
///
/// # Errors
/// `Invalid` (400) for a scheme no device can read.
pub fn check_image_url(url: &str) -> Result<(), Fault> {
    let scheme = url
        .split_once("://")
        .map(|(scheme, _)| scheme.to_lowercase())
        .unwrap_or_default();
    if SCHEMES.contains(&scheme.as_str()) {
        Ok(())
    } else {
        Err(Fault::invalid(format!(
            "Unsupported or missing URL scheme: {scheme}"
        )))
    }
}

/// Checks a choice of devices.
///
/// # Errors
/// `Invalid` (400) for one that does not exist.
pub fn check_devices(devices: &[String]) -> Result<(), Fault> {
    match devices
        .iter()
        .find(|name| !DEVICES.contains(&name.as_str()))
    {
        None => Ok(()),
        Some(name) => Err(Fault::invalid(format!(
            "Invalid device type(s) {name} (valid are {})",
            DEVICES.join(", ")
        ))),
    }
}
