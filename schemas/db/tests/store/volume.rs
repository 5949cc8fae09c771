//! Volume connectors and targets.

use schemas_db::{DbError, Page, Resource, Unique, VolumeFilter};
use schemas_model::ids::{NodeId, VolumeConnectorId, VolumeTargetId};
use schemas_model::{Class, Fault, Object, Uuid, VolumeConnector, VolumeTarget};

use crate::backends::on_every_backend;
use crate::node::full_node;

pub(crate) fn connector(node: NodeId) -> VolumeConnector {
    VolumeConnector {
        id: VolumeConnectorId(0),
        uuid: Uuid::random(),
        node_id: Some(node),
        r#type: "iqn".into(),
        connector_id: "iqn.2026-01.org.example:a".into(),
        extra: Object::default(),
        created_at: None,
        updated_at: None,
    }
}

pub(crate) fn target(node: NodeId, boot_index: i32) -> VolumeTarget {
    VolumeTarget {
        id: VolumeTargetId(0),
        uuid: Uuid::random(),
        node_id: Some(node),
        volume_type: "iscsi".into(),
        volume_id: "vol-1".into(),
        boot_index,
        properties: Object::default(),
        extra: Object::default(),
        created_at: None,
        updated_at: None,
    }
}

on_every_backend! {
    async fn connectors_from_creation_to_deletion(db) {
        let mut node = full_node();
        node.lessee = Some("us".into());
        let node = db.node_insert(&node).await.unwrap();
        let created = db.volume_connector_insert(&connector(node.id)).await.unwrap();
        assert_eq!(db.volume_connector_by_id(created.id).await.unwrap(), created);
        assert_eq!(db.volume_connector_by_uuid(&created.uuid).await.unwrap(), created);

        let error = db.volume_connector_insert(&connector(node.id)).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::VolumeConnectorId, value } if value.contains("iqn.2026-01")), "{error}");

        let mut changed = created.clone();
        changed.connector_id = "iqn.2026-01.org.example:b".into();
        db.volume_connector_save(&created, &mut changed).await.unwrap();
        for filter in [VolumeFilter::of_node(node.id), VolumeFilter { project: Some("us".into()), ..VolumeFilter::default() }] {
            assert_eq!(db.volume_connector_list(&filter, &Page::all()).await.unwrap(), [changed.clone()]);
        }
        let by_type = Page { sort_key: Some("type".into()), ..Page::default() };
        assert_eq!(db.volume_connector_list(&VolumeFilter::default(), &by_type).await.unwrap().len(), 1);

        db.volume_connector_destroy(&created.uuid).await.unwrap();
        let error = db.volume_connector_destroy(&created.uuid).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::VolumeConnector, .. }));
    }

    async fn targets_from_creation_to_deletion(db) {
        let mut node = full_node();
        node.owner = Some("us".into());
        let node = db.node_insert(&node).await.unwrap();
        let created = db.volume_target_insert(&target(node.id, 0)).await.unwrap();
        assert_eq!(db.volume_target_by_id(created.id).await.unwrap(), created);
        assert_eq!(db.volume_target_by_uuid(&created.uuid).await.unwrap(), created);
        let error = db.volume_target_insert(&target(node.id, 0)).await.unwrap_err();
        assert_eq!(Fault::from(error).class, Class::VolumeTargetBootIndexAlreadyExists);

        let mut changed = created.clone();
        changed.boot_index = 1;
        db.volume_target_save(&created, &mut changed).await.unwrap();
        for filter in [
            VolumeFilter::of_node(node.id),
            VolumeFilter { volume_id: Some("vol-1".into()), ..VolumeFilter::default() },
            VolumeFilter { project: Some("us".into()), ..VolumeFilter::default() },
        ] {
            assert_eq!(db.volume_target_list(&filter, &Page::all()).await.unwrap(), [changed.clone()]);
        }
        db.volume_target_destroy(&created.uuid).await.unwrap();
        let error = db.volume_target_destroy(&created.uuid).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::VolumeTarget, .. }));
    }
}
