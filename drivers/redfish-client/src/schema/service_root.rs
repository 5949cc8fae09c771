//! The service root: where everything else is.

use crate::{Result, document::Document, resource_path::ResourcePath};

/// View of the service root, which connections share.
#[derive(Debug, Clone, Copy)]
pub struct ServiceRoot<'a>(&'a Document);

impl<'a> ServiceRoot<'a> {
    /// The view of a service root that has been read.
    pub const fn new(document: &'a Document) -> Self {
        ServiceRoot(document)
    }

    /// The document itself.
    pub const fn document(&self) -> &'a Document {
        self.0
    }

    /// `Vendor`, of the BMC's firmware.
    pub fn vendor(&self) -> Result<Option<&'a str>> {
        Ok(self
            .0
            .field("Vendor")
            .text()?
            .filter(|vendor| !vendor.is_empty()))
    }

    /// `RedfishVersion`.
    pub fn redfish_version(&self) -> Result<Option<&'a str>> {
        self.0.field("RedfishVersion").text()
    }

    /// A top-level collection or service, for example `Systems`.
    pub fn link(&self, name: &str) -> Result<Option<ResourcePath>> {
        self.0.field(name).link()
    }

    /// The same, needed.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`].
    pub fn require(&self, name: &str) -> Result<ResourcePath> {
        self.link(name)?.ok_or_else(|| self.0.missing(name))
    }

    /// The session service.
    pub fn session_service(&self) -> Result<Option<ResourcePath>> {
        self.link("SessionService")
    }

    /// The collection to which a login is posted.
    pub fn sessions(&self) -> Result<Option<ResourcePath>> {
        self.0.field("Links").field("Sessions").link()
    }
}
