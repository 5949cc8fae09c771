//! `[inventory]`.

use crate::section::section;
use crate::value::choice;

choice! {
    /// Where inspection data is kept.
    pub enum InventoryBackend {
        /// Nowhere.
        None = "none",
        /// In the database.
        Database = "database",
        /// In Swift.
        Swift = "swift",
    }
}

section! {
    /// `[inventory]`: where inspection data are kept.
    Inventory;

    /// Where they are kept.
    data_backend: InventoryBackend = "database";
    /// Swift container for them.
    swift_data_container: String = "introspection_data_container";
}
