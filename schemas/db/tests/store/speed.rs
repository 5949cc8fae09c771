//! How long it takes with a thousand nodes.

use std::time::Instant;

use schemas_db::{Backend, NodeFilter, Page};
use schemas_model::{Node, NodeId, Uuid};

use crate::backends::Empty;
use crate::node::full_node;

/// Asserts only what every machine manages. `FERRIC_TEST_FIGURES` names a file for the figures.
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
