//! `UpdateService` and `SoftwareInventory`: firmware.

use serde_json::{Value, json};

use super::{action::Action, view};
use crate::{Result, resource_path::ResourcePath};

/// The action that updates from a URL.
pub const SIMPLE_UPDATE: &str = "#UpdateService.SimpleUpdate";

view! {
    /// View of the `UpdateService`.
    UpdateService
}

impl UpdateService {
    /// `FirmwareInventory`.
    pub fn firmware_inventory(&self) -> Result<Option<ResourcePath>> {
        self.document().field("FirmwareInventory").link()
    }

    /// Where to post an update.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if the BMC has no `SimpleUpdate`.
    pub fn simple_update(&self) -> Result<Action> {
        Action::require(self.document(), SIMPLE_UPDATE)
    }
}

/// The body of a `SimpleUpdate` from `uri`; the BMC finds the targets itself if none are given.
pub fn simple_update(uri: &str, protocol: Option<&str>, targets: &[ResourcePath]) -> Value {
    let mut body = json!({ "ImageURI": uri });
    if let Some(protocol) = protocol {
        body["TransferProtocol"] = json!(protocol);
    }
    if !targets.is_empty() {
        body["Targets"] = targets.iter().map(ResourcePath::as_str).collect();
    }
    body
}

view! {
    /// View of a `SoftwareInventory` member.
    Software
}

impl Software {
    /// `Name`.
    pub fn name(&self) -> Result<Option<&str>> {
        self.document().field("Name").text()
    }

    /// `Version`.
    pub fn version(&self) -> Result<Option<&str>> {
        self.document().field("Version").text()
    }

    /// `Updateable`.
    pub fn updateable(&self) -> Result<Option<bool>> {
        self.document().field("Updateable").boolean()
    }
}
