//! Rows of `deploy_templates`.

use schemas_model::DeployTemplate;
use schemas_model::ids::{DeployTemplateId, Uuid};

use super::record::record;
use super::version;
use crate::column::{JsonObject, Moment};
use crate::error::DbResult;

const TABLE: &str = "deploy_templates";

record! {
    /// A row of `deploy_templates`.
    DeployTemplateRow, DeployTemplateChanges of deploy_templates ("1.2") {
        uuid: Option<String>,
        name: String,
        extra: Option<JsonObject>,
    }
}

impl DeployTemplateRow {
    /// The deploy template, without what its other tables hold.
    pub(crate) fn into_model(self) -> DbResult<DeployTemplate> {
        let DeployTemplateRow {
            id,
            uuid,
            name,
            extra,
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), Self::VERSION)?;
        Ok(DeployTemplate {
            id: DeployTemplateId(id),
            uuid: Uuid::from_stored(uuid.unwrap_or_default()),
            name,
            steps: Vec::new(),
            extra: JsonObject::or_empty(extra),
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a deploy template.
    pub(crate) fn from_model(model: &DeployTemplate) -> Self {
        let DeployTemplate {
            id,
            uuid,
            name,
            steps: _,
            extra,
            created_at,
            updated_at,
        } = model.clone();
        DeployTemplateRow {
            id: id.0,
            uuid: Some(uuid.to_string()),
            name,
            extra: Some(extra.into()),
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
