//! Collections: their members over all pages, within the caps.

use std::collections::HashSet;

use serde_json::Value;

use super::Bmc;
use crate::{Result, document::Document, error::ErrorKind, resource_path::ResourcePath};

impl Bmc {
    /// The paths of a collection's members.
    pub async fn members(&self, collection: &ResourcePath) -> Result<Vec<ResourcePath>> {
        let mut members = Vec::new();
        for page in self.pages(collection).await? {
            members.extend(page.field("Members").links()?);
        }
        Ok(members)
    }

    /// The members of a collection, read one by one unless the BMC delivered them with the
    /// collection (`$expand`).
    pub async fn collect(&self, collection: &ResourcePath) -> Result<Vec<Document>> {
        self.collect_telling(collection, |_, _| {}).await
    }

    /// The same, telling after each member how many have been read, and of how many.
    pub async fn collect_telling(
        &self,
        collection: &ResourcePath,
        mut tell: impl FnMut(usize, usize) + Send,
    ) -> Result<Vec<Document>> {
        let pages = self.pages(collection).await?;
        let mut total = 0;
        for page in &pages {
            total += page.field("Members").items()?.len();
        }
        let mut documents = Vec::new();
        for page in &pages {
            for member in page.field("Members").items()? {
                tell(documents.len(), total);
                let Some(path) = member.link()? else { continue };
                let whole = member
                    .object()?
                    .filter(|object| object.keys().any(|key| !key.starts_with('@')));
                documents.push(match whole {
                    Some(object) => {
                        Document::new(self.name(), path, etag_of(object), object.clone())
                    }
                    None => self.get(&path).await?,
                });
            }
        }
        Ok(documents)
    }

    async fn pages(&self, collection: &ResourcePath) -> Result<Vec<Document>> {
        let limits = self.settings().limits;
        let too_many =
            |why: String| self.fail(format!("GET {collection}"), ErrorKind::TooMany(why));
        let mut next = Some(collection.clone());
        let (mut pages, mut seen, mut count) = (Vec::new(), HashSet::new(), 0);
        while let Some(path) = next {
            if !seen.insert(path.clone()) {
                return Err(too_many(format!("page {path} follows itself")));
            }
            if seen.len() > limits.hops {
                return Err(too_many(format!("more than {} pages", limits.hops)));
            }
            let page = self.get(&path).await?;
            count += page.field("Members").items()?.len();
            if count > limits.members {
                return Err(too_many(format!("more than {} members", limits.members)));
            }
            next = page.field("Members@odata.nextLink").path()?;
            pages.push(page);
        }
        Ok(pages)
    }
}

fn etag_of(object: &serde_json::Map<String, Value>) -> Option<String> {
    object.get("@odata.etag")?.as_str().map(str::to_owned)
}
