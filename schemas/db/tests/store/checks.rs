//! What the checks before an upgrade find.

use schemas_db::schema::{MysqlTable, NodeWord, OwnerMismatch};
use schemas_db::{Backend, Database};
use schemas_model::Node;
use schemas_model::ids::Uuid;
use schemas_model::interface::InterfaceKind;

use crate::backends::{Empty, on_every_backend};

/// A node with an owner and a parent.
async fn node(db: &Database, owner: Option<&str>, parent: Option<&Node>) -> Node {
    let mut node = Node::new(Uuid::random(), "fake-hardware");
    node.owner = owner.map(str::to_owned);
    node.parent_node = parent.map(|parent| parent.uuid.to_string());
    db.node_insert(&node).await.unwrap()
}

on_every_backend! {
    async fn a_fresh_database_is_as_it_should_be(db) {
        assert!(db.missing_indexes().await.unwrap().is_empty());
        assert!(db.unsupported_objects().await.unwrap().is_empty());
        let table = db.mysql_table().await.unwrap();
        let good = MysqlTable { is_utf8mb4: true, is_innodb: true };
        assert_eq!(table, (db.backend() == Backend::Mysql).then_some(good));
    }

    async fn children_of_others_are_found(db) {
        let mine = node(&db, Some("me"), None).await;
        let nobodys = node(&db, None, None).await;
        node(&db, Some("me"), Some(&mine)).await;
        node(&db, None, Some(&nobodys)).await;
        let yours = node(&db, Some("you"), Some(&mine)).await;
        let orphan = node(&db, None, Some(&mine)).await;
        let claimed = node(&db, Some("me"), Some(&nobodys)).await;
        let pair = |child: &Node, parent: &Node| OwnerMismatch {
            child: child.uuid.to_string(),
            child_owner: child.owner.clone(),
            parent: parent.uuid.to_string(),
            parent_owner: parent.owner.clone(),
        };
        assert_eq!(
            db.owner_mismatches().await.unwrap(),
            [pair(&yours, &mine), pair(&orphan, &mine), pair(&claimed, &nobodys)]
        );
    }

    async fn words_nobody_knows_are_found(db) {
        let node = node(&db, None, None).await;
        let all = db.unknown_words(|_, _| false).await.unwrap();
        let driver = NodeWord { node: node.uuid.to_string(), kind: None, word: "fake-hardware".to_owned() };
        assert_eq!(all.first(), Some(&driver));
        let none = db.unknown_words(|_, word| !word.is_empty()).await.unwrap();
        assert_eq!(none, []);
        let power = db.unknown_words(|kind, _| kind != Some(InterfaceKind::Power)).await.unwrap();
        assert_eq!(power, [], "a node without a power interface has none that is unknown");
    }
}

#[tokio::test]
async fn what_is_missing_and_what_is_too_old() {
    let database = Empty::on(Backend::Sqlite).unwrap();
    let db = database.connect().await;
    db.create_schema().await.unwrap();
    node(&db, None, None).await;
    database.execute("DROP INDEX owner_idx; DROP INDEX shard_idx");
    assert_eq!(db.missing_indexes().await.unwrap(), ["owner_idx"]);
    for (version, found) in [("'1.20'", 1), ("NULL", 1), ("'1.21'", 0), ("'1.45'", 1)] {
        database.execute(&format!("UPDATE nodes SET version = {version}"));
        assert_eq!(
            db.unsupported_objects().await.unwrap().len(),
            found,
            "{version}"
        );
    }
}
