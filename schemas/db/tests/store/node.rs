//! Creating, reading, changing and deleting one node.

use schemas_db::{DbError, NodeIdent, Resource, Unique};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_model::{Node, Object, Uuid};
use serde_json::json;

use crate::backends::on_every_backend;

/// A node with something in every kind of column.
pub(crate) fn full_node() -> Node {
    let mut node = Node::new(Uuid::random(), "fake-hardware");
    node.name = Some("rack-1-é".into());
    node.description = Some("first of \u{1F600} its kind".into());
    node.power_state = Some(PowerState::On);
    node.maintenance = true;
    node.automated_clean = Some(false);
    node.conductor_group = "east".into();
    node.interfaces
        .set(InterfaceKind::Boot, Some("fake".into()));
    node.interfaces
        .set(InterfaceKind::Vendor, Some("no-vendor".into()));
    node.driver_info = Object::from_iter([("password".to_owned(), json!("p\u{1F600}"))]);
    node.properties = Object::from_iter([("cpus".to_owned(), json!(4))]);
    node
}

on_every_backend! {
    async fn a_node_is_read_back_as_it_was_written(db) {
        let created = db.node_insert(&full_node()).await.unwrap();
        assert!(created.id.0 > 0);
        assert!(created.created_at.is_some());
        assert_eq!(created.updated_at, None);
        assert_eq!(db.node_by_id(created.id).await.unwrap(), created);
        assert_eq!(db.node_by_uuid(&created.uuid).await.unwrap(), created);
        assert_eq!(db.node_by_name("rack-1-é").await.unwrap(), created);
        assert_eq!(db.node_by_ident("rack-1-é").await.unwrap(), created);
        assert_eq!(db.node_by_ident(created.uuid.as_str()).await.unwrap(), created);
    }

    async fn what_is_not_there_is_not_found(db) {
        let uuid = Uuid::random();
        for ident in [NodeIdent::Uuid(uuid.clone()), NodeIdent::Name("x".into()), NodeIdent::Id(schemas_model::NodeId(77))] {
            let error = db.node(ident).await.unwrap_err();
            assert!(matches!(error, DbError::NotFound { resource: Resource::Node, .. }), "{error}");
        }
        let error = db.node_by_instance_uuid(uuid.as_str()).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::Instance, .. }));
        let error = db.node_destroy(&uuid).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { .. }));
    }

    async fn what_is_taken_is_named(db) {
        let mut first = full_node();
        first.instance_uuid = Some(Uuid::random().to_string());
        let first = db.node_insert(&first).await.unwrap();

        let mut other = Node::new(first.uuid.clone(), "fake-hardware");
        let error = db.node_insert(&other).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::NodeUuid, value } if value == first.uuid.as_str()), "{error}");

        other.uuid = Uuid::random();
        other.name = first.name.clone();
        let error = db.node_insert(&other).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::NodeName, value } if value == "rack-1-é"), "{error}");

        other.name = None;
        other.instance_uuid = first.instance_uuid.clone();
        let error = db.node_insert(&other).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::NodeInstance, .. }), "{error}");
        assert_eq!(schemas_model::Fault::from(error).class, schemas_model::Class::InstanceAssociated);
    }

    async fn only_what_changed_is_written(db) {
        let before = db.node_insert(&full_node()).await.unwrap();
        // Somebody else changes another column meanwhile.
        let mut theirs = before.clone();
        theirs.owner = Some("them".into());
        db.node_save(&before, &mut theirs, None).await.unwrap();

        let mut ours = before.clone();
        ours.name = None;
        ours.extra.set("note", "é");
        db.node_save(&before, &mut ours, None).await.unwrap();
        assert!(ours.updated_at.is_some());

        let stored = db.node_by_id(before.id).await.unwrap();
        assert_eq!(stored.owner.as_deref(), Some("them"));
        assert_eq!(stored.name, None);
        assert_eq!(stored.extra.stored_text(), Some(r#"{"note": "\u00e9"}"#));
        assert_eq!(stored.updated_at, ours.updated_at);
    }

    async fn saving_nothing_touches_nothing(db) {
        let before = db.node_insert(&full_node()).await.unwrap();
        let mut after = before.clone();
        db.node_save(&before, &mut after, None).await.unwrap();
        assert_eq!(after.updated_at, None);
        assert_eq!(db.node_by_id(before.id).await.unwrap().updated_at, None);
    }

    async fn the_times_of_a_provision_state_are_kept(db) {
        let mut before = db.node_insert(&full_node()).await.unwrap();
        let mut node = before.clone();
        node.provision_state = State::Inspecting;
        db.node_save(&before, &mut node, None).await.unwrap();
        assert!(node.provision_updated_at.is_some());
        assert_eq!(node.inspection_started_at, node.provision_updated_at);
        assert_eq!(db.node_by_id(node.id).await.unwrap(), node);

        before = node.clone();
        node.provision_state = State::Manageable;
        db.node_save(&before, &mut node, None).await.unwrap();
        assert_eq!(node.inspection_started_at, None);
        assert_eq!(node.inspection_finished_at, node.provision_updated_at);
        assert_eq!(db.node_by_id(node.id).await.unwrap(), node);
    }

    async fn a_timeout_starts_again(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        db.node_touch_provisioning(node.id).await.unwrap();
        let touched = db.node_by_id(node.id).await.unwrap();
        assert!(touched.provision_updated_at.is_some());
        assert!(touched.updated_at.is_some());
        let error = db.node_touch_provisioning(schemas_model::NodeId(999)).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { .. }));
    }
}
