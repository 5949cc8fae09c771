//! What stands under `Oem.Huawei`.

use drivers_redfish_client::document::{Document, Field};

/// `Oem.Huawei` of a resource.
pub(crate) fn of(document: &Document) -> Field<'_> {
    within(&document.root())
}

/// `Oem.Huawei` of a part of a resource.
pub(crate) fn within<'a>(part: &Field<'a>) -> Field<'a> {
    part.field("Oem").field("Huawei")
}
