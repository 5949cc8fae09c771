//! Rows of `inspection_rules`.

use schemas_model::InspectionRule;
use schemas_model::ids::{InspectionRuleId, Uuid};

use super::record::record;
use super::version;
use crate::column::{JsonArray, Moment};
use crate::error::DbResult;

const TABLE: &str = "inspection_rules";

record! {
    /// A row of `inspection_rules`.
    InspectionRuleRow, InspectionRuleChanges of inspection_rules ("1.1") {
        uuid: String,
        priority: i32,
        description: Option<String>,
        scope: Option<String>,
        sensitive: Option<bool>,
        phase: Option<String>,
        conditions: Option<JsonArray>,
        actions: JsonArray,
    }
}

impl InspectionRuleRow {
    /// The inspection rule.
    pub(crate) fn into_model(self) -> DbResult<InspectionRule> {
        let InspectionRuleRow {
            id,
            uuid,
            priority,
            description,
            scope,
            sensitive,
            phase,
            conditions,
            actions,
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), Self::VERSION)?;
        Ok(InspectionRule {
            id: InspectionRuleId(id),
            uuid: Uuid::from_stored(uuid),
            priority,
            description,
            scope,
            sensitive: sensitive.unwrap_or_default(),
            phase,
            conditions: JsonArray::or_empty(conditions),
            actions: actions.0,
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a inspection rule.
    pub(crate) fn from_model(model: &InspectionRule) -> Self {
        let InspectionRule {
            id,
            uuid,
            priority,
            description,
            scope,
            sensitive,
            phase,
            conditions,
            actions,
            created_at,
            updated_at,
        } = model.clone();
        InspectionRuleRow {
            id: id.0,
            uuid: uuid.to_string(),
            priority,
            description,
            scope,
            sensitive: Some(sensitive),
            phase,
            conditions: Some(conditions.into()),
            actions: actions.into(),
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
