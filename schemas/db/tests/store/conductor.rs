//! Conductors.

use std::time::Duration;

use schemas_db::{ConductorPresence, ConductorRegistration, DbError, Page, Resource};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::{Conductor, ConductorInterface, Uuid};

use crate::backends::on_every_backend;
use crate::node::full_node;

const PRESENCE: ConductorPresence = ConductorPresence {
    heartbeat_timeout: Duration::from_secs(60),
};

pub(crate) fn registration(hostname: &str) -> ConductorRegistration {
    ConductorRegistration {
        hostname: hostname.into(),
        drivers: vec!["fake-hardware".into(), "ipmi".into()],
        conductor_group: "east".into(),
    }
}

fn offered(conductor: &Conductor, name: &str, default: bool) -> ConductorInterface {
    ConductorInterface {
        conductor_id: conductor.id,
        hardware_type: "fake-hardware".into(),
        kind: InterfaceKind::Deploy,
        name: name.into(),
        default,
    }
}

on_every_backend! {
    async fn a_conductor_comes_and_goes(db) {
        let first = db.conductor_register(&registration("one"), false).await.unwrap();
        assert!(first.online);
        assert_eq!(first.drivers, ["fake-hardware", "ipmi"]);
        assert!(first.updated_at.is_some());
        assert!(db.conductor_is_alive(&first, PRESENCE));
        let error = db.conductor_register(&registration("one"), false).await.unwrap_err();
        assert!(matches!(error, DbError::ConductorRegistered { .. }));
        let again = db.conductor_register(&registration("one"), true).await.unwrap();
        assert_eq!(again.id, first.id);

        db.conductor_touch("one", true).await.unwrap();
        assert_eq!(db.conductor_list_alive(PRESENCE).await.unwrap().len(), 1);
        db.conductor_unregister("one").await.unwrap();
        assert!(db.conductor_list_alive(PRESENCE).await.unwrap().is_empty());
        let stored = db.conductor_by_hostname("one").await.unwrap();
        assert!(!stored.online);
        assert!(!db.conductor_is_alive(&stored, PRESENCE));
        assert_eq!(db.conductor_list(&Page::all()).await.unwrap(), [stored]);
        assert_eq!(db.conductor_hostnames([first.id]).await.unwrap()[&first.id], "one");

        for error in [
            db.conductor_unregister("one").await.unwrap_err(),
            db.conductor_touch("nobody", true).await.unwrap_err(),
            db.conductor_by_hostname("nobody").await.unwrap_err(),
            db.conductor_destroy("nobody").await.unwrap_err(),
        ] {
            assert!(matches!(error, DbError::NotFound { resource: Resource::Conductor, .. }));
        }
    }

    async fn the_dead_are_told_by_the_clock_where_there_is_one(db) {
        db.conductor_register(&registration("one"), false).await.unwrap();
        let already = ConductorPresence { heartbeat_timeout: Duration::from_nanos(1) };
        tokio::time::sleep(Duration::from_millis(1100)).await;
        let offline = db.conductor_list_offline(already).await.unwrap().len();
        let alive = db.conductor_list_alive(already).await.unwrap().len();
        if db.backend().has_clock_rules() {
            assert_eq!((offline, alive), (1, 0));
        } else {
            assert_eq!((offline, alive), (0, 1));
            db.conductor_unregister("one").await.unwrap();
            assert_eq!(db.conductor_list_offline(already).await.unwrap().len(), 1);
        }
        assert_eq!(db.conductor_purge_stale(Duration::from_nanos(1), 10).await.unwrap(), ["one"]);
        assert!(db.conductor_list(&Page::all()).await.unwrap().is_empty());
    }

    async fn a_list_is_paged_by_host_name(db) {
        for name in ["b", "a", "c"] {
            db.conductor_register(&registration(name), false).await.unwrap();
        }
        let page = Page { limit: Some(1), marker: Some("a".into()), sort_key: Some("hostname".into()), descending: false, ..Page::default() };
        let found = db.conductor_list(&page).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].hostname, "b");
    }

    async fn interfaces_are_replaced(db) {
        let one = db.conductor_register(&registration("one"), false).await.unwrap();
        let two = db.conductor_register(&registration("two"), false).await.unwrap();
        let error = db
            .conductor_interfaces_register(one.id, &[offered(&one, "fake", true), offered(&one, "fake", false)])
            .await
            .unwrap_err();
        assert!(matches!(error, DbError::Duplicate { .. }), "{error}");
        assert!(db.conductor_interface_list(one.id).await.unwrap().is_empty());

        db.conductor_interfaces_register(one.id, &[offered(&one, "old", true)]).await.unwrap();
        let wanted = [offered(&one, "direct", true), offered(&one, "fake", false)];
        db.conductor_interfaces_register(one.id, &wanted).await.unwrap();
        assert_eq!(db.conductor_interface_list(one.id).await.unwrap(), wanted);
        db.conductor_interfaces_register(two.id, &[offered(&two, "ramdisk", true)]).await.unwrap();

        let all = db.conductor_interface_list_alive(PRESENCE).await.unwrap();
        let shape: Vec<(&str, usize)> = all.iter().map(|(c, its)| (c.hostname.as_str(), its.len())).collect();
        assert_eq!(shape, [("one", 2), ("two", 1)]);
        db.conductor_unregister("one").await.unwrap();
        assert_eq!(db.conductor_interface_list_alive(PRESENCE).await.unwrap().len(), 1);
        db.conductor_interfaces_unregister(one.id).await.unwrap();
        assert!(db.conductor_interface_list(one.id).await.unwrap().is_empty());
    }

    async fn what_it_leaves_behind_is_cleared(db) {
        let conductor = db.conductor_register(&registration("Host_A"), false).await.unwrap();
        let mut node = full_node();
        node.target_power_state = Some(PowerState::Reboot);
        node.conductor_affinity = Some(conductor.id);
        let node = db.node_insert(&node).await.unwrap();
        let mut other = full_node();
        other.uuid = Uuid::random();
        other.name = None;
        let other = db.node_insert(&other).await.unwrap();
        // Host names are compared without regard to case.
        db.node_reserve(node.id, "host_a").await.unwrap();
        db.node_reserve(other.id, "host-b").await.unwrap();

        let uuids = db.conductor_clear_target_power("Host_A").await.unwrap();
        assert_eq!(uuids, [node.uuid.to_string()]);
        let stored = db.node_by_id(node.id).await.unwrap();
        assert_eq!(stored.target_power_state, None);
        assert!(stored.last_error.unwrap().contains("aborted due to conductor restart"));
        assert!(stored.reservation.is_some());

        let uuids = db.conductor_clear_reservations("Host_A").await.unwrap();
        assert_eq!(uuids, [node.uuid.to_string()]);
        assert_eq!(db.node_by_id(node.id).await.unwrap().reservation, None);
        assert_eq!(db.node_by_id(other.id).await.unwrap().reservation.as_deref(), Some("host-b"));

        db.conductor_destroy("Host_A").await.unwrap();
        assert_eq!(db.node_by_id(node.id).await.unwrap().conductor_affinity, None);
    }
}
