//! Typed views of the resources that drivers use, and builders of request bodies. No I/O.
//!
//! A view wraps a [`crate::Document`] and decodes a property when it is asked for.

pub mod action;
pub mod bios;
pub mod boot;
pub mod chassis;
pub mod ethernet_interface;
pub mod event_service;
pub mod manager;
pub mod memory;
pub mod processor;
pub mod secure_boot;
pub mod sensor;
pub mod service_root;
pub mod status;
pub mod storage;
pub mod system;
pub mod task;
pub mod update_service;
pub mod virtual_media;

/// Declares a view: a newtype around a document with `new` and `document`.
macro_rules! view {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name(crate::document::Document);

        impl $name {
            /// The view of a document that has been read.
            pub const fn new(document: crate::document::Document) -> Self {
                $name(document)
            }

            /// The document itself.
            pub const fn document(&self) -> &crate::document::Document {
                &self.0
            }

            /// `Id`, or the last segment of the path.
            ///
            /// # Errors
            /// [`crate::ErrorKind::WrongType`].
            pub fn id(&self) -> crate::Result<&str> {
                self.0.id()
            }
        }
    };
}

pub(crate) use view;
