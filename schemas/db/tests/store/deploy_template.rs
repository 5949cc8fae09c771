//! Deploy templates.

use schemas_db::{DbError, Page, Resource, Unique};
use schemas_model::ids::DeployTemplateId;
use schemas_model::{DeployTemplate, Object, TemplateStep, Uuid};
use serde_json::json;

use crate::backends::on_every_backend;

fn step(name: &str, priority: i32) -> TemplateStep {
    TemplateStep {
        interface: "bios".into(),
        step: name.into(),
        args: Object::from_iter([("settings".to_owned(), json!([{"name": "a"}]))]),
        priority,
    }
}

pub(crate) fn template(name: &str) -> DeployTemplate {
    DeployTemplate {
        id: DeployTemplateId(0),
        uuid: Uuid::random(),
        name: name.into(),
        steps: vec![step("apply_configuration", 150), step("factory_reset", 10)],
        extra: Object::default(),
        created_at: None,
        updated_at: None,
    }
}

on_every_backend! {
    async fn from_creation_to_deletion(db) {
        let created = db.deploy_template_insert(&template("CUSTOM_A")).await.unwrap();
        assert_eq!(db.deploy_template_by_id(created.id).await.unwrap(), created);
        assert_eq!(db.deploy_template_by_uuid(&created.uuid).await.unwrap(), created);
        assert_eq!(db.deploy_template_by_name("CUSTOM_A").await.unwrap(), created);
        assert_eq!(db.deploy_template_by_ident("CUSTOM_A").await.unwrap(), created);
        let error = db.deploy_template_insert(&template("CUSTOM_A")).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::DeployTemplateName, value } if value == "CUSTOM_A"));

        let other = db.deploy_template_insert(&template("CUSTOM_B")).await.unwrap();
        let mut changed = created.clone();
        changed.steps = vec![step("apply_configuration", 0)];
        db.deploy_template_save(&created, &mut changed).await.unwrap();
        // Steps are rows of their own.
        assert_eq!(changed.updated_at, None);
        assert_eq!(db.deploy_template_list(&Page::all()).await.unwrap(), [changed, other.clone()]);
        let found = db.deploy_template_list_by_names(&["CUSTOM_B".into(), "CUSTOM_Z".into()]).await.unwrap();
        assert_eq!(found, std::slice::from_ref(&other));
        let mut clash = other.clone();
        clash.name = "CUSTOM_A".into();
        let error = db.deploy_template_save(&other, &mut clash).await.unwrap_err();
        assert!(matches!(error, DbError::Duplicate { .. }));

        db.deploy_template_destroy(created.id).await.unwrap();
        let error = db.deploy_template_destroy(created.id).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::DeployTemplate, .. }));
    }
}
