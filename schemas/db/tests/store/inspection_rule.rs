//! Inspection rules.

use schemas_db::{DbError, InspectionRuleFilter, Page, Resource};
use schemas_model::ids::InspectionRuleId;
use schemas_model::{Array, InspectionRule, Uuid};
use serde_json::json;

use crate::backends::on_every_backend;

pub(crate) fn rule() -> InspectionRule {
    InspectionRule {
        id: InspectionRuleId(0),
        uuid: Uuid::random(),
        priority: 5,
        description: Some("names the node".into()),
        scope: Some("lab".into()),
        sensitive: true,
        phase: Some("main".into()),
        conditions: Array::default(),
        actions: Array::from_parsed(vec![json!({"op": "set-attribute", "args": ["/name", "é"]})]),
        created_at: None,
        updated_at: None,
    }
}

on_every_backend! {
    async fn from_creation_to_deletion(db) {
        let created = db.inspection_rule_insert(&rule()).await.unwrap();
        assert_eq!(db.inspection_rule_by_id(created.id).await.unwrap(), created);
        assert_eq!(db.inspection_rule_by_uuid(&created.uuid).await.unwrap(), created);
        assert!(matches!(db.inspection_rule_insert(&created).await.unwrap_err(), DbError::Duplicate { .. }));
        let mut changed = created.clone();
        changed.priority = 7;
        changed.conditions.edit(|list| list.push(json!({"op": "is-true", "args": ["{x}"]})));
        db.inspection_rule_save(&created, &mut changed).await.unwrap();
        for filter in [
            InspectionRuleFilter::default(),
            InspectionRuleFilter { phase: Some("main".into()), scope: Some("lab".into()) },
        ] {
            assert_eq!(db.inspection_rule_list(&filter, &Page::all()).await.unwrap(), [changed.clone()]);
        }
        let other = InspectionRuleFilter { phase: Some("early".into()), scope: None };
        assert!(db.inspection_rule_list(&other, &Page::all()).await.unwrap().is_empty());
        db.inspection_rule_destroy(&created.uuid).await.unwrap();
        let error = db.inspection_rule_destroy(&created.uuid).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::InspectionRule, .. }));
    }
}
