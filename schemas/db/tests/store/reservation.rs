//! The lock of a node.

use schemas_db::DbError;
use schemas_model::{Class, Fault};

use crate::backends::on_every_backend;
use crate::node::full_node;

on_every_backend! {
    async fn a_lock_excludes_others_until_it_is_given_back(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let held = db.node_reserve(&node.uuid, "one").await.unwrap();
        assert_eq!(held.reservation.as_deref(), Some("one"));
        assert!(held.updated_at.is_some());

        for host in ["one", "two"] {
            let error = db.node_reserve(node.id, host).await.unwrap_err();
            assert!(matches!(&error, DbError::Locked { host, .. } if host == "one"), "{error}");
            let fault = Fault::from(error);
            assert_eq!(fault.class, Class::NodeLocked);
            assert!(fault.message.contains("is locked by host one"));
        }
        let error = db.node_release(node.id, "two").await.unwrap_err();
        assert!(matches!(&error, DbError::Locked { host, .. } if host == "one"));

        db.node_release(node.id, "one").await.unwrap();
        let error = db.node_release(node.id, "one").await.unwrap_err();
        assert!(matches!(error, DbError::NotLocked { .. }));
        db.node_reserve(node.id, "two").await.unwrap();
    }

    async fn of_many_racers_one_wins(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let racers: Vec<_> = (0..24)
            .map(|number| {
                let (db, id) = (db.clone(), node.id);
                tokio::spawn(async move { db.node_reserve(id, &format!("host-{number}")).await })
            })
            .collect();
        let mut winners = 0;
        for racer in racers {
            match racer.await.unwrap() {
                Ok(_) => winners += 1,
                Err(DbError::Locked { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(winners, 1);
    }

    async fn who_lost_the_lock_writes_nothing(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let held = db.node_reserve(node.id, "paused").await.unwrap();
        db.conductor_clear_reservations("paused").await.unwrap();
        db.node_reserve(node.id, "heir").await.unwrap();

        let mut late = held.clone();
        late.last_error = Some("too late".into());
        let error = db.node_save(&held, &mut late, Some("paused")).await.unwrap_err();
        assert!(matches!(error, DbError::ReservationLost { .. }), "{error}");
        assert_eq!(db.node_by_id(node.id).await.unwrap().last_error, None);

        let heirs = db.node_by_id(node.id).await.unwrap();
        let mut after = heirs.clone();
        after.last_error = Some("mine".into());
        db.node_save(&heirs, &mut after, Some("heir")).await.unwrap();
        assert_eq!(db.node_by_id(node.id).await.unwrap().last_error.as_deref(), Some("mine"));
        assert_eq!(db.node_by_id(node.id).await.unwrap().reservation.as_deref(), Some("heir"));
    }
}
