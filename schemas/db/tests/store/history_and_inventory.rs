//! History and inventory of nodes.

use std::time::Duration;

use schemas_db::{DbError, Page, Resource};
use schemas_model::{NodeHistory, NodeId, NodeInventory, Object, Uuid};
use serde_json::json;

use crate::backends::on_every_backend;
use crate::conductor::registration;
use crate::node::full_node;

pub(crate) fn entry(node: NodeId, event: &str) -> NodeHistory {
    NodeHistory {
        uuid: Uuid::random(),
        node_id: node,
        conductor: Some("one".into()),
        event_type: Some("deploying".into()),
        severity: Some("ERROR".into()),
        event: Some(event.into()),
        user: Some("admin".into()),
        project: None,
        state: Some("deploying".into()),
        target_provision_state: Some("active".into()),
        duration_seconds: Some(3),
        created_at: None,
        updated_at: None,
    }
}

pub(crate) fn inventory(node: NodeId, cpus: i64) -> NodeInventory {
    NodeInventory {
        node_id: node,
        inventory_data: Object::from_iter([("cpu".to_owned(), json!({ "count": cpus }))]),
        plugin_data: Object::default(),
        created_at: None,
        updated_at: None,
    }
}

on_every_backend! {
    async fn history_is_listed_in_order(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let first = db.node_history_insert(&entry(node.id, "first")).await.unwrap();
        let second = db.node_history_insert(&entry(node.id, "second")).await.unwrap();
        assert_eq!(db.node_history_by_uuid(&first.uuid).await.unwrap(), first);
        assert_eq!(db.node_history_list(node.id, &Page::all()).await.unwrap(), [first.clone(), second.clone()]);
        let by_user = Page { sort_key: Some("user".into()), marker: Some(first.uuid.to_string()), ..Page::default() };
        assert_eq!(db.node_history_list(node.id, &by_user).await.unwrap(), [second]);
        assert!(matches!(db.node_history_insert(&first).await.unwrap_err(), DbError::Duplicate { .. }));
        db.node_history_destroy(&first.uuid).await.unwrap();
        let error = db.node_history_destroy(&first.uuid).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::NodeHistory, .. }));
    }

    async fn a_very_long_event_is_cut(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let long = db.node_history_insert(&entry(node.id, &"é".repeat(50_000))).await.unwrap();
        let stored = db.node_history_by_uuid(&long.uuid).await.unwrap();
        assert_eq!(stored, long);
        let event = stored.event.unwrap();
        assert!(event.len() <= 65_535 && event.contains(" ... [truncated] ... "));
    }

    async fn old_history_is_purged(db) {
        let conductor = db.conductor_register(&registration("one"), false).await.unwrap();
        let mut node = full_node();
        node.conductor_affinity = Some(conductor.id);
        let node = db.node_insert(&node).await.unwrap();
        for number in 0..5 {
            db.node_history_insert(&entry(node.id, &number.to_string())).await.unwrap();
        }
        let day = Duration::from_secs(86_400);
        assert_eq!(db.node_history_purge(conductor.id, 2, day, 100).await.unwrap(), 0);
        assert_eq!(db.node_history_purge(conductor.id, 2, Duration::ZERO, 100).await.unwrap(), 3);
        let left = db.node_history_list(node.id, &Page::all()).await.unwrap();
        let events: Vec<_> = left.iter().filter_map(|entry| entry.event.as_deref()).collect();
        assert_eq!(events, ["3", "4"]);
    }

    async fn the_last_inventory_counts(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        db.node_inventory_put(&inventory(node.id, 1)).await.unwrap();
        let second = db.node_inventory_put(&inventory(node.id, 2)).await.unwrap();
        assert_eq!(db.node_inventory(node.id).await.unwrap(), second);
        db.node_inventory_destroy(node.id).await.unwrap();
        for error in [
            db.node_inventory(node.id).await.unwrap_err(),
            db.node_inventory_destroy(node.id).await.unwrap_err(),
        ] {
            assert!(matches!(error, DbError::NotFound { resource: Resource::NodeInventory, .. }));
        }
    }
}
