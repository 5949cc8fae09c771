//! Runbooks.

use schemas_db::{DbError, Page, Resource, RunbookFilter, Unique};
use schemas_model::ids::RunbookId;
use schemas_model::{Object, Runbook, RunbookStep, Uuid};

use crate::backends::on_every_backend;

fn step(name: &str, order: i32) -> RunbookStep {
    RunbookStep {
        interface: "management".into(),
        step: name.into(),
        args: Object::default(),
        order,
    }
}

pub(crate) fn runbook(name: &str) -> Runbook {
    Runbook {
        id: RunbookId(0),
        uuid: Uuid::random(),
        name: name.into(),
        description: Some("what it does".into()),
        steps: vec![step("reset_bmc", 1), step("clear_job_queue", 2)],
        traits: vec!["CUSTOM_A".into()],
        disable_ramdisk: true,
        public: false,
        owner: Some("us".into()),
        extra: Object::default(),
        created_at: None,
        updated_at: None,
    }
}

on_every_backend! {
    async fn from_creation_to_deletion(db) {
        let mut given = runbook("CUSTOM_A");
        given.traits.push("CUSTOM_A".into());
        let created = db.runbook_insert(&given).await.unwrap();
        assert_eq!(created.traits, ["CUSTOM_A"]);
        assert_eq!(db.runbook_by_id(created.id).await.unwrap(), created);
        assert_eq!(db.runbook_by_uuid(&created.uuid).await.unwrap(), created);
        assert_eq!(db.runbook_by_name("CUSTOM_A").await.unwrap(), created);
        assert_eq!(db.runbook_by_ident("CUSTOM_A").await.unwrap(), created);
        let error = db.runbook_insert(&runbook("CUSTOM_A")).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::RunbookName, .. }));

        let mut changed = created.clone();
        changed.public = true;
        changed.steps.pop();
        db.runbook_save(&created, &mut changed).await.unwrap();
        for filter in [
            RunbookFilter::default(),
            RunbookFilter { public: Some(true), ..RunbookFilter::default() },
            RunbookFilter { owner: Some("us".into()), ..RunbookFilter::default() },
            RunbookFilter { project: Some("them".into()), ..RunbookFilter::default() },
            RunbookFilter { name_in: Some(vec!["CUSTOM_A".into()]), ..RunbookFilter::default() },
            RunbookFilter { disable_ramdisk: Some(true), ..RunbookFilter::default() },
        ] {
            assert_eq!(db.runbook_list(&filter, &Page::all()).await.unwrap(), [changed.clone()]);
        }
        db.runbook_destroy(created.id).await.unwrap();
        let error = db.runbook_destroy(created.id).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::Runbook, .. }));
    }

    async fn traits_are_set_added_and_removed(db) {
        let id = db.runbook_insert(&runbook("CUSTOM_A")).await.unwrap().id;
        db.runbook_traits_set(id, &["CUSTOM_C".into(), "CUSTOM_B".into()]).await.unwrap();
        db.runbook_trait_add(id, "CUSTOM_D").await.unwrap();
        db.runbook_trait_add(id, "CUSTOM_D").await.unwrap();
        db.runbook_trait_remove(id, "CUSTOM_B").await.unwrap();
        assert_eq!(db.runbook_by_id(id).await.unwrap().traits, ["CUSTOM_C", "CUSTOM_D"]);
        let error = db.runbook_trait_remove(id, "CUSTOM_B").await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::RunbookTrait, .. }));
        let error = db.runbook_traits_set(RunbookId(99), &[]).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::Runbook, .. }));
    }
}
