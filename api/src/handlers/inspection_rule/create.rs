//! `POST /v1/inspection_rules`

use schemas_model::{Array, InspectionRule, Uuid, rule};
use schemas_rest::types::inspection_rule::{InspectionRuleResource, check_shown, created};
use schemas_rest::validate;
use serde_json::Value;

use crate::handlers::Answered;
use crate::notify::Action;
use crate::request::Call;

/// Creates an inspection rule.
pub async fn create(call: &Call) -> Answered {
    let members = created(&call.document)?;
    let access = call.authorise()?;
    let given = members.get("uuid").and_then(Value::as_str);
    let uuid = match given.filter(|uuid| !uuid.is_empty()) {
        Some(uuid) => Uuid::from_stored(uuid.to_owned()),
        None => Uuid::random(),
    };
    let mut rule = InspectionRule {
        id: schemas_model::ids::InspectionRuleId(0),
        uuid,
        priority: 0,
        description: None,
        scope: None,
        sensitive: false,
        phase: Some(rule::MAIN_PHASE.to_owned()),
        conditions: Array::default(),
        actions: Array::default(),
        created_at: None,
        updated_at: None,
    };
    validate::store::<InspectionRuleResource>(&members, &mut rule);
    let told = call.tell(Action::Create, &rule, &[]);
    let stored = access.db().inspection_rule_insert(&rule).await?;
    told.end(&stored, &[]);
    check_shown(&members)?;
    Ok(call.created::<InspectionRuleResource>(&&stored, stored.uuid.as_str()))
}
