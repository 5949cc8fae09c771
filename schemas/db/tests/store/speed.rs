//! A list costs a constant number of statements, and a second process on one file is safe.

use std::time::Instant;

use schemas_db::{Backend, DbError, NodeFilter, Page};
use schemas_model::{Node, NodeId, Uuid};

use crate::backends::Empty;
use crate::node::full_node;

/// Prints nothing and asserts only what every machine manages; `--nocapture` is not needed: a
/// failure shows the figures.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_nodes_are_listed_at_once() {
    let database = Empty::on(Backend::Sqlite).unwrap();
    let db = database.connect().await;
    db.create_schema().await.unwrap();
    let started = Instant::now();
    let mut last = NodeId(0);
    for number in 0..1000 {
        let mut node = full_node();
        node.uuid = Uuid::random();
        node.name = Some(format!("node-{number}"));
        last = db.node_insert(&node).await.unwrap().id;
        if number % 10 == 0 {
            db.node_traits_set(last, &["CUSTOM_A".into()])
                .await
                .unwrap();
        }
    }
    let inserted = started.elapsed() / 1000;

    let mut best_list = std::time::Duration::MAX;
    for _ in 0..10 {
        let started = Instant::now();
        let nodes = db
            .node_list(&NodeFilter::default(), &Page::all())
            .await
            .unwrap();
        best_list = best_list.min(started.elapsed());
        assert_eq!(nodes.len(), 1000);
        assert_eq!(
            nodes.iter().filter(|node| !node.traits.is_empty()).count(),
            100
        );
    }
    let started = Instant::now();
    for _ in 0..1000 {
        db.node_by_id(last).await.unwrap();
    }
    let one = started.elapsed() / 1000;
    let started = Instant::now();
    for _ in 0..200 {
        db.node_reserve(last, "one").await.unwrap();
        db.node_release(last, "one").await.unwrap();
    }
    let lock = started.elapsed() / 400;
    let before: Node = db.node_by_id(last).await.unwrap();
    let started = Instant::now();
    let mut current = before;
    for number in 0..200 {
        let mut next = current.clone();
        next.description = Some(number.to_string());
        db.node_save(&current, &mut next, None).await.unwrap();
        current = next;
    }
    let save = started.elapsed() / 200;
    let figures = format!(
        "insert {inserted:?}, list {best_list:?}, one {one:?}, lock {lock:?}, save {save:?}"
    );
    if let Ok(file) = std::env::var("FERRIC_TEST_FIGURES") {
        std::fs::write(file, &figures).unwrap();
    }
    assert!(best_list.as_millis() < 500, "{figures}");
    assert!(one.as_millis() < 10, "{figures}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_services_on_one_file_do_not_hurt_each_other() {
    let database = Empty::on(Backend::Sqlite).unwrap();
    let (first, second) = (database.connect().await, database.connect().await);
    first.create_schema().await.unwrap();
    let node = first.node_insert(&full_node()).await.unwrap();
    let contend = async |db: schemas_db::Database, host: &'static str| {
        let mut won = 0;
        for _ in 0..50 {
            match db.node_reserve(node.id, host).await {
                Ok(_) => {
                    won += 1;
                    db.node_release(node.id, host).await.unwrap();
                }
                Err(DbError::Locked { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
        won
    };
    let (a, b) = tokio::join!(contend(first.clone(), "a"), contend(second, "b"));
    assert!(a > 0 && b > 0, "{a} {b}");
    assert_eq!(first.node_by_id(node.id).await.unwrap().reservation, None);
    assert_eq!(
        database.facts("SELECT integrity_check AS fact FROM pragma_integrity_check"),
        ["ok"]
    );
}

#[tokio::test]
async fn a_database_in_memory_lives_as_long_as_its_connection() {
    let options = schemas_db::ConnectOptions::new("sqlite://");
    let db = schemas_db::Database::connect(&options).await.unwrap();
    db.create_or_adopt().await.unwrap();
    db.node_insert(&full_node()).await.unwrap();
    let clone = db.clone();
    drop(db);
    assert_eq!(clone.node_count(&NodeFilter::default()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_without_the_password() {
    for url in [
        "mysql+pymysql://u:hunter2@127.0.0.1:1/x",
        "postgresql://u:hunter2@127.0.0.1:1/x",
        "sqlite:////nonexistent/directory/x.db",
    ] {
        let options = schemas_db::ConnectOptions::new(url);
        let error = schemas_db::Database::connect(&options).await.err().unwrap();
        assert!(matches!(error, DbError::Unavailable { .. }), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
