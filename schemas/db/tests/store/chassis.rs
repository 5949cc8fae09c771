//! Chassis.

use schemas_db::{DbError, Page, Resource, Unique};
use schemas_model::ids::ChassisId;
use schemas_model::{Chassis, Class, Fault, Object, Uuid};

use crate::backends::on_every_backend;
use crate::node::full_node;

pub(crate) fn chassis(description: &str) -> Chassis {
    Chassis {
        id: ChassisId(0),
        uuid: Uuid::random(),
        description: Some(description.into()),
        extra: Object::default(),
        created_at: None,
        updated_at: None,
    }
}

on_every_backend! {
    async fn from_creation_to_deletion(db) {
        let created = db.chassis_insert(&chassis("row 1")).await.unwrap();
        assert_eq!(db.chassis_by_uuid(&created.uuid).await.unwrap(), created);
        assert_eq!(db.chassis_by_id(created.id).await.unwrap(), created);

        let error = db.chassis_insert(&created).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::ChassisUuid, value } if value == created.uuid.as_str()));

        let mut changed = created.clone();
        changed.description = None;
        changed.extra.set("a", 1);
        db.chassis_save(&created, &mut changed).await.unwrap();
        assert_eq!(db.chassis_list(&Page::all()).await.unwrap(), [changed.clone()]);

        db.chassis_destroy(&created.uuid).await.unwrap();
        for error in [
            db.chassis_destroy(&created.uuid).await.unwrap_err(),
            db.chassis_by_uuid(&created.uuid).await.unwrap_err(),
            db.chassis_by_id(created.id).await.unwrap_err(),
            db.chassis_save(&created, &mut changed.clone()).await.unwrap_err(),
        ] {
            assert!(matches!(error, DbError::NotFound { resource: Resource::Chassis, .. }));
        }
    }

    async fn one_with_nodes_stays(db) {
        let created = db.chassis_insert(&chassis("row 1")).await.unwrap();
        let mut node = full_node();
        node.chassis_id = Some(created.id);
        db.node_insert(&node).await.unwrap();
        let error = db.chassis_destroy(&created.uuid).await.unwrap_err();
        assert_eq!(Fault::from(error).class, Class::ChassisNotEmpty);

        let uuids = db.chassis_uuids([created.id, ChassisId(99)]).await.unwrap();
        assert_eq!(uuids.len(), 1);
        assert_eq!(uuids[&created.id], created.uuid);
    }
}
