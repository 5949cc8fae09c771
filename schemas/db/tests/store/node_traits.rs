//! Traits of nodes.

use schemas_db::{DbError, NodeFilter, Page, Resource};
use schemas_model::{Class, Fault, NodeId};

use crate::backends::on_every_backend;
use crate::node::full_node;

fn names(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

on_every_backend! {
    async fn traits_are_set_added_and_removed(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        db.node_traits_set(node.id, &names(&["CUSTOM_B", "CUSTOM_A", "CUSTOM_B"])).await.unwrap();
        assert_eq!(db.node_traits(node.id).await.unwrap(), ["CUSTOM_A", "CUSTOM_B"]);
        assert_eq!(db.node_by_id(node.id).await.unwrap().traits, ["CUSTOM_A", "CUSTOM_B"]);
        db.node_trait_add(node.id, "CUSTOM_C").await.unwrap();
        db.node_trait_add(node.id, "CUSTOM_C").await.unwrap();
        db.node_trait_remove(node.id, "CUSTOM_A").await.unwrap();
        let listed = db.node_list(&NodeFilter::default(), &Page::all()).await.unwrap();
        assert_eq!(listed[0].traits, ["CUSTOM_B", "CUSTOM_C"]);

        let with = NodeFilter { with_trait: Some("CUSTOM_C".into()), ..NodeFilter::default() };
        assert_eq!(db.node_count(&with).await.unwrap(), 1);
        let error = db.node_trait_remove(node.id, "CUSTOM_A").await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::NodeTrait, .. }));
        db.node_traits_set(node.id, &[]).await.unwrap();
        assert!(db.node_traits(node.id).await.unwrap().is_empty());
    }

    async fn fifty_is_the_limit(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let many: Vec<String> = (0..51).map(|number| format!("CUSTOM_{number:02}")).collect();
        let error = db.node_traits_set(node.id, &many).await.unwrap_err();
        assert!(matches!(error, DbError::TooManyTraits { count: 51, limit: 50, .. }));
        assert_eq!(Fault::from(error).class, Class::InvalidParameterValue);
        db.node_traits_set(node.id, &many[..50]).await.unwrap();
        let error = db.node_trait_add(node.id, "CUSTOM_MORE").await.unwrap_err();
        assert!(matches!(error, DbError::TooManyTraits { .. }));
        db.node_trait_add(node.id, "CUSTOM_00").await.unwrap();
        assert_eq!(db.node_traits(node.id).await.unwrap().len(), 50);
    }

    async fn without_a_node_there_are_none(db) {
        let nobody = NodeId(999);
        for error in [
            db.node_traits(nobody).await.unwrap_err(),
            db.node_traits_set(nobody, &names(&["CUSTOM_A"])).await.unwrap_err(),
            db.node_trait_add(nobody, "CUSTOM_A").await.unwrap_err(),
            db.node_trait_remove(nobody, "CUSTOM_A").await.unwrap_err(),
        ] {
            assert!(matches!(error, DbError::NotFound { resource: Resource::Node, .. }), "{error}");
        }
    }
}
