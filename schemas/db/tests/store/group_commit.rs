//! Changes that are committed together on SQLite stay changes of their own.

use schemas_db::{Backend, DbError, NodeFilter, Page};
use schemas_model::{Node, Uuid};
use tokio::task::JoinSet;

use crate::backends::Empty;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_fails_takes_no_other_with_it() {
    let database = Empty::on(Backend::Sqlite).unwrap();
    let db = database.connect().await;
    db.create_schema().await.unwrap();

    // While another process writes, changes queue up and go together afterwards.
    let elsewhere = database.hold_write_lock();
    let mut inserts = JoinSet::new();
    for number in 0..200_usize {
        let db = db.clone();
        inserts.spawn(async move {
            let mut node = Node::new(Uuid::random(), "fake-hardware");
            // Every fourth wants the same name.
            node.name = Some(if number % 4 == 0 {
                "taken".to_owned()
            } else {
                format!("n-{number}")
            });
            db.node_insert(&node).await
        });
    }
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    drop(elsewhere);

    let (mut inserted, mut refused) = (Vec::new(), 0);
    for outcome in inserts.join_all().await {
        match outcome {
            Ok(node) => inserted.push(node),
            Err(DbError::Duplicate { value, .. }) => {
                assert_eq!(value, "taken");
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((inserted.len(), refused), (151, 49));
    let mut stored: Vec<_> = db
        .node_list(&NodeFilter::default(), &Page::all())
        .await
        .unwrap()
        .into_iter()
        .map(|node| (node.id, node.name))
        .collect();
    let mut told: Vec<_> = inserted.into_iter().map(|n| (n.id, n.name)).collect();
    stored.sort();
    told.sort();
    assert_eq!(stored, told, "who was told a number has that row");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_queued_is_stored_when_the_database_is_let_go() {
    let database = Empty::on(Backend::Sqlite).unwrap();
    let db = database.connect().await;
    db.create_schema().await.unwrap();
    let node = db
        .node_insert(&Node::new(Uuid::random(), "fake-hardware"))
        .await
        .unwrap();
    let waiting = {
        let db = db.clone();
        let id = node.id;
        tokio::spawn(async move { db.node_trait_add(id, "CUSTOM_A").await })
    };
    drop(db);
    waiting.await.unwrap().unwrap();
    let again = database.connect().await;
    assert_eq!(again.node_traits(node.id).await.unwrap(), ["CUSTOM_A"]);
}
