//! Subscriptions to events of a BMC.

use serde_json::Value;

use crate::{
    Bmc, Document, ResourcePath, Result,
    schema::{event_service::EventService, service_root::ServiceRoot},
};

impl Bmc {
    /// The event service.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if the BMC has none.
    pub async fn event_service(&self) -> Result<EventService> {
        let root = self.service_root().await?;
        self.get(&ServiceRoot::new(&root).require("EventService")?)
            .await
            .map(EventService::new)
    }

    /// The collection of subscriptions as the BMC gives it.
    pub async fn subscriptions(&self, service: &EventService) -> Result<Document> {
        self.get(&service.subscriptions()?).await
    }

    /// Makes a subscription and reads it.
    pub async fn subscribe(&self, service: &EventService, subscription: Value) -> Result<Document> {
        let collection = service.subscriptions()?;
        let answer = self.post(&collection, Some(subscription)).await?;
        match (answer.location, answer.document) {
            (Some(path), _) => self.get(&path).await,
            (None, Some(document)) => Ok(document),
            (None, None) => Err(service
                .document()
                .missing("the location of the new subscription")),
        }
    }

    /// One subscription, by the id the BMC gave it.
    pub async fn subscription(&self, service: &EventService, id: &str) -> Result<Document> {
        self.get(&self.subscription_path(service, id)?).await
    }

    /// Ends a subscription.
    pub async fn unsubscribe(&self, service: &EventService, id: &str) -> Result<()> {
        self.delete(&self.subscription_path(service, id)?)
            .await
            .map(drop)
    }

    fn subscription_path(&self, service: &EventService, id: &str) -> Result<ResourcePath> {
        let collection = service.subscriptions()?;
        collection.child(id).map_err(|why| {
            let kind = crate::ErrorKind::Link {
                pointer: "id".to_owned(),
                link: id.chars().take(200).collect(),
                why,
            };
            self.fail(format!("GET {collection}"), kind)
        })
    }
}
