//! Firmware settings and firmware components.

use schemas_db::{BiosSync, DbError, Resource, Shown};
use schemas_model::{BiosSetting, FirmwareComponent, NodeId};

use crate::backends::on_every_backend;
use crate::node::full_node;

pub(crate) fn setting(node: NodeId, name: &str, value: &str) -> BiosSetting {
    BiosSetting {
        node_id: node,
        name: name.into(),
        value: Some(value.into()),
        attribute_type: Some("Enumeration".into()),
        allowable_values: vec!["on".into(), "off".into()],
        lower_bound: None,
        upper_bound: Some(i64::from(i32::MAX) + 1),
        min_length: None,
        max_length: Some(16),
        read_only: Some(false),
        reset_required: None,
        unique: Some(true),
        created_at: None,
        updated_at: None,
    }
}

pub(crate) fn component(node: NodeId, version: &str) -> FirmwareComponent {
    FirmwareComponent {
        node_id: node,
        component: "bmc".into(),
        initial_version: version.into(),
        current_version: Some(version.into()),
        last_version_flashed: None,
        vendor: None,
        model: None,
        serial_number: None,
        created_at: None,
        updated_at: None,
    }
}

fn names(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

on_every_backend! {
    async fn settings_become_those_that_were_read(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let sync = db.bios_setting_sync(node.id, &[setting(node.id, "a", "on"), setting(node.id, "b", "on"), setting(node.id, "c", "on")]).await.unwrap();
        assert_eq!(sync.created, ["a", "b", "c"]);
        let sync = db.bios_setting_sync(node.id, &[setting(node.id, "a", "on"), setting(node.id, "b", "off"), setting(node.id, "d", "on")]).await.unwrap();
        assert_eq!(sync, BiosSync { created: names(&["d"]), updated: names(&["b"]), deleted: names(&["c"]), unchanged: names(&["a"]) });

        let stored = db.bios_setting_list(node.id, Shown::Everything).await.unwrap();
        let shape: Vec<_> = stored.iter().map(|s| (s.name.as_str(), s.value.as_deref().unwrap(), s.updated_at.is_some())).collect();
        assert_eq!(shape, [("a", "on", false), ("b", "off", true), ("d", "on", false)]);
        let mut b = db.bios_setting(node.id, "b").await.unwrap();
        (b.created_at, b.updated_at) = (None, None);
        assert_eq!(b, setting(node.id, "b", "off"));

        let error = db.bios_setting_destroy(node.id, &names(&["a", "z"])).await.unwrap_err();
        assert!(matches!(&error, DbError::NotFound { resource: Resource::BiosSetting, ident } if ident == "z"));
        db.bios_setting_destroy(node.id, &names(&["a", "b"])).await.unwrap();
        let error = db.bios_setting(node.id, "a").await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { .. }));
        assert_eq!(db.bios_setting_list(node.id, Shown::Everything).await.unwrap().len(), 1);
    }

    async fn components_keep_their_first_version(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        assert!(db.firmware_component_put(&component(node.id, "1")).await.unwrap());
        assert!(!db.firmware_component_put(&component(node.id, "1")).await.unwrap());
        assert!(db.firmware_component_put(&component(node.id, "2")).await.unwrap());
        let stored = db.firmware_component(node.id, "bmc").await.unwrap();
        assert_eq!(stored.initial_version, "1");
        assert_eq!(stored.current_version.as_deref(), Some("2"));
        assert!(stored.updated_at.is_some());
        assert_eq!(db.firmware_component_list(node.id).await.unwrap(), [stored]);
        let error = db.firmware_component(node.id, "bios").await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::FirmwareComponent, .. }));
    }
}
