//! `EventService`: subscriptions to events.

use super::view;
use crate::{Result, resource_path::ResourcePath};

view! {
    /// View of the `EventService`.
    EventService
}

impl EventService {
    /// `EventTypesForSubscription`.
    pub fn event_types(&self) -> Result<Vec<&str>> {
        self.document().field("EventTypesForSubscription").texts()
    }

    /// `Subscriptions`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`].
    pub fn subscriptions(&self) -> Result<ResourcePath> {
        self.document()
            .field("Subscriptions")
            .link()?
            .ok_or_else(|| self.document().missing("Subscriptions"))
    }
}
