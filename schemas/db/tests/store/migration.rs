//! Online data migrations and object versions.

use schemas_db::DbError;
use schemas_model::{Node, Uuid};

use crate::backends::Empty;
use crate::runbook::runbook;

#[tokio::test]
async fn old_rows_are_raised_in_batches() {
    for backend in schemas_db::Backend::ALL {
        let Some(database) = Empty::on(*backend) else {
            continue;
        };
        let db = database.connect().await;
        db.create_schema().await.unwrap();
        let mut ids = Vec::new();
        for _ in 0..3 {
            let node = Node::new(Uuid::random(), "fake-hardware");
            ids.push(db.node_insert(&node).await.unwrap().id);
        }
        let mut book = runbook("CUSTOM_OLD");
        book.traits.clear();
        let book = db.runbook_insert(&book).await.unwrap();
        database.execute("UPDATE nodes SET version = '1.40', inspect_interface = 'inspector'");
        database.execute("UPDATE runbooks SET version = '1.0'");

        // Older versions are read.
        db.node_by_id(ids[0]).await.unwrap();
        let counts = async |max: u64| {
            let done = db.online_data_migrations(max).await.unwrap();
            done.iter()
                .map(|m| (m.total, m.migrated))
                .collect::<Vec<_>>()
        };
        assert_eq!(counts(2).await, [(3, 2), (1, 0), (4, 0)]);
        assert_eq!(counts(3).await, [(1, 1), (1, 1), (4, 1)]);
        assert_eq!(counts(0).await, [(0, 0), (0, 0), (3, 3)]);
        assert_eq!(counts(0).await, [(0, 0), (0, 0), (0, 0)]);
        assert_eq!(
            db.runbook_by_id(book.id).await.unwrap().traits,
            ["CUSTOM_OLD"]
        );
        assert_eq!(
            database.facts("SELECT version AS fact FROM nodes"),
            ["1.44"; 3]
        );
        assert_eq!(
            database.facts("SELECT inspect_interface AS fact FROM nodes"),
            ["agent"; 3]
        );
    }
}

#[tokio::test]
async fn what_a_newer_release_wrote_is_refused_and_kept() {
    let database = Empty::on(schemas_db::Backend::Sqlite).unwrap();
    let db = database.connect().await;
    db.create_schema().await.unwrap();
    let node = Node::new(Uuid::random(), "fake-hardware");
    let id = db.node_insert(&node).await.unwrap().id;
    database.execute("UPDATE nodes SET version = '1.99'");
    for error in [
        db.node_by_id(id).await.unwrap_err(),
        db.online_data_migrations(0).await.unwrap_err(),
    ] {
        assert!(
            matches!(error, DbError::NewerVersion { table: "nodes", .. }),
            "{error}"
        );
    }
    assert_eq!(
        database.facts("SELECT version AS fact FROM nodes"),
        ["1.99"]
    );
}

#[tokio::test]
async fn a_word_that_is_not_known_is_named() {
    let database = Empty::on(schemas_db::Backend::Sqlite).unwrap();
    let db = database.connect().await;
    db.create_schema().await.unwrap();
    let node = Node::new(Uuid::random(), "fake-hardware");
    let id = db.node_insert(&node).await.unwrap().id;
    database.execute("UPDATE nodes SET provision_state = 'dancing'");
    let error = db.node_by_id(id).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("nodes.provision_state holds 'dancing'"),
        "{error}"
    );
}

#[tokio::test]
async fn times_and_json_are_stored_as_python_reads_them() {
    let database = Empty::on(schemas_db::Backend::Sqlite).unwrap();
    let db = database.connect().await;
    db.create_schema().await.unwrap();
    let mut node = Node::new(Uuid::random(), "fake-hardware");
    node.extra.set("é", serde_json::json!([1, {"a": null}]));
    db.node_insert(&node).await.unwrap();
    assert_eq!(
        database.facts("SELECT extra || ' ' || driver_info AS fact FROM nodes"),
        [r#"{"\u00e9": [1, {"a": null}]} {}"#]
    );
    let created = &database.facts("SELECT created_at AS fact FROM nodes")[0];
    assert_eq!(
        created.len(),
        "2026-01-02 03:04:05.000006".len(),
        "{created}"
    );
}
