//! Connecting, sharing a file, losing a connection, waiting for a lock.

use std::time::Duration;

use schemas_db::{Backend, ConnectOptions, Database, DbError, NodeFilter};
use schemas_model::{Class, Fault};

use crate::backends::Empty;
use crate::node::full_node;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_services_on_one_file_do_not_hurt_each_other() {
    let database = Empty::on(Backend::Sqlite).unwrap();
    let (first, second) = (database.connect().await, database.connect().await);
    first.create_schema().await.unwrap();
    let node = first.node_insert(&full_node()).await.unwrap();
    let contend = async |db: schemas_db::Database, host: &'static str| {
        let mut won = 0;
        // As often as it takes: who finds the node locked is told so at once.
        while won < 25 {
            match db.node_reserve(node.id, host).await {
                Ok(_) => {
                    won += 1;
                    db.node_release(node.id, host).await.unwrap();
                }
                Err(DbError::Locked { .. }) => tokio::task::yield_now().await,
                Err(other) => panic!("{other}"),
            }
        }
    };
    let both = async { tokio::join!(contend(first.clone(), "a"), contend(second, "b")) };
    tokio::time::timeout(std::time::Duration::from_secs(60), both)
        .await
        .expect("neither keeps the other from the node");
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

#[tokio::test]
async fn a_file_locked_by_another_process_is_waited_for_but_not_for_ever() {
    let database = Empty::on(Backend::Sqlite).unwrap();
    database.connect().await.create_schema().await.unwrap();
    let options = ConnectOptions {
        statement_timeout: Duration::from_millis(200),
        ..ConnectOptions::new(database.url.as_str())
    };
    let db = Database::connect(&options).await.unwrap();
    let lock = database.hold_write_lock();
    // Who only reads does not notice.
    assert_eq!(db.node_count(&NodeFilter::default()).await.unwrap(), 0);
    let error = db.node_insert(&full_node()).await.unwrap_err();
    assert!(matches!(error, DbError::Busy { .. }), "{error}");
    assert_eq!(Fault::from(error).class, Class::TemporaryFailure);
    drop(lock);
    db.node_insert(&full_node()).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_was_cut_is_replaced() {
    for backend in [Backend::Postgresql, Backend::Mysql] {
        let Some(database) = Empty::on(backend) else {
            continue;
        };
        let db = database.connect().await;
        db.create_schema().await.unwrap();
        let node = db.node_insert(&full_node()).await.unwrap();
        database.cut_connections();
        assert_eq!(db.node_by_id(node.id).await.unwrap(), node);

        database.cut_connections();
        match db.node_touch_provisioning(node.id).await {
            // A change is not repeated: whether it was made is not known.
            Err(error) => assert!(matches!(error, DbError::Unavailable { .. }), "{error}"),
            Ok(()) => panic!("the connection was not cut"),
        }
        db.node_touch_provisioning(node.id).await.unwrap();
    }
}
