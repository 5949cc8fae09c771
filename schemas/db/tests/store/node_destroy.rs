//! Deleting a node with everything that is its own.

use schemas_db::{
    AllocationFilter, DbError, Page, PortFilter, PortgroupFilter, Shown, VolumeFilter,
};
use schemas_model::AllocationState;

use crate::allocation::allocation;
use crate::backends::on_every_backend;
use crate::bios_and_firmware::{component, setting};
use crate::history_and_inventory::{entry, inventory};
use crate::node::full_node;
use crate::port::port;
use crate::portgroup::portgroup;
use crate::volume::{connector, target};

on_every_backend! {
    async fn nothing_of_it_is_left(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let group = db.portgroup_insert(&portgroup(node.id, "bond0")).await.unwrap();
        let mut member = port(node.id, 1);
        member.portgroup_id = Some(group.id);
        db.port_insert(&member).await.unwrap();
        db.volume_connector_insert(&connector(node.id)).await.unwrap();
        db.volume_target_insert(&target(node.id, 0)).await.unwrap();
        db.node_traits_set(node.id, &["CUSTOM_A".into()]).await.unwrap();
        db.bios_setting_sync(node.id, &[setting(node.id, "a", "on")]).await.unwrap();
        db.firmware_component_put(&component(node.id, "1")).await.unwrap();
        db.node_history_insert(&entry(node.id, "x")).await.unwrap();
        db.node_inventory_put(&inventory(node.id, 1)).await.unwrap();
        let before = db.allocation_insert(&allocation("web")).await.unwrap();
        let mut after = before.clone();
        after.node_id = Some(node.id);
        after.state = AllocationState::Active;
        db.allocation_associate(&before, &mut after).await.unwrap();

        db.node_destroy(&node.uuid).await.unwrap();
        assert!(matches!(db.node_by_id(node.id).await.unwrap_err(), DbError::NotFound { .. }));
        let all = Page::all();
        assert!(db.port_list(&PortFilter::default(), &all).await.unwrap().is_empty());
        assert!(db.portgroup_list(&PortgroupFilter::default(), &all).await.unwrap().is_empty());
        assert!(db.volume_connector_list(&VolumeFilter::default(), &all).await.unwrap().is_empty());
        assert!(db.volume_target_list(&VolumeFilter::default(), &all).await.unwrap().is_empty());
        assert!(db.bios_setting_list(node.id, Shown::Everything).await.unwrap().is_empty());
        assert!(db.firmware_component_list(node.id).await.unwrap().is_empty());
        assert!(db.node_history_list(node.id, &all).await.unwrap().is_empty());
        assert!(db.node_inventory(node.id).await.is_err());
        assert!(db.allocation_list(&AllocationFilter::default(), &all).await.unwrap().is_empty());
    }
}
