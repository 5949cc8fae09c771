//! Lists of nodes: filters, order, pages.

use std::time::Duration;

use schemas_db::{Children, DbError, NodeFilter, Page, Resource};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::provision::State;
use schemas_model::{Node, NodeId, Uuid};

use crate::backends::on_every_backend;
use crate::chassis::chassis;

/// A node with a name, changed.
async fn add(db: &schemas_db::Database, name: &str, change: impl FnOnce(&mut Node)) -> Node {
    let mut node = Node::new(Uuid::random(), "fake-hardware");
    node.name = Some(name.into());
    change(&mut node);
    db.node_insert(&node).await.unwrap()
}

async fn names(db: &schemas_db::Database, filter: NodeFilter, page: Page) -> String {
    let nodes = db.node_list(&filter, &page).await.unwrap();
    assert_eq!(
        db.node_brief_list(&filter, &page).await.unwrap().len(),
        nodes.len()
    );
    let names: Vec<String> = nodes.into_iter().filter_map(|node| node.name).collect();
    names.join(" ")
}

fn page(key: &str, marker: Option<&Node>, limit: u32, descending: bool) -> Page {
    Page {
        limit: Some(limit),
        marker: marker.map(|node| node.uuid.to_string()),
        sort_key: Some(key.into()),
        descending,
        ..Page::default()
    }
}

on_every_backend! {
    async fn every_filter_lets_the_right_ones_through(db) {
        let row = db.chassis_insert(&chassis("row")).await.unwrap();
        let a = add(&db, "a", |node| {
            node.instance_uuid = Some("inst-a".into());
            node.instance_name = Some("web".into());
            node.power_state = Some(PowerState::On);
            node.maintenance = true;
            node.driver = "ipmi".into();
            node.resource_class = Some("big".into());
            node.provision_state = State::Active;
            node.owner = Some("us".into());
            node.shard = Some("s1".into());
            node.conductor_group = "east".into();
            node.description = Some("The First".into());
            node.fault = Some("power failure".into());
            node.chassis_id = Some(row.id);
            node.interfaces.set(InterfaceKind::Inspect, Some("agent".into()));
        }).await;
        let b = add(&db, "b", |node| {
            node.lessee = Some("us".into());
            node.retired = Some(true);
            node.console_enabled = true;
            node.shard = Some("s2".into());
        }).await;
        add(&db, "child", |node| node.parent_node = Some(b.uuid.to_string())).await;
        db.node_reserve(b.id, "host-b").await.unwrap();

        let cases: Vec<(NodeFilter, &str)> = vec![
            (NodeFilter::default(), "a b"),
            (NodeFilter { children: Children::Included, ..NodeFilter::default() }, "a b child"),
            (NodeFilter { children: Children::Of(b.uuid.clone()), ..NodeFilter::default() }, "child"),
            (NodeFilter { associated: Some(true), ..NodeFilter::default() }, "a"),
            (NodeFilter { associated: Some(false), ..NodeFilter::default() }, "b"),
            (NodeFilter { reserved: Some(true), ..NodeFilter::default() }, "b"),
            (NodeFilter { with_power_state: Some(true), ..NodeFilter::default() }, "a"),
            (NodeFilter { sharded: Some(true), ..NodeFilter::default() }, "a b"),
            (NodeFilter { sharded: Some(false), ..NodeFilter::default() }, ""),
            (NodeFilter { maintenance: Some(true), ..NodeFilter::default() }, "a"),
            (NodeFilter { retired: Some(true), ..NodeFilter::default() }, "b"),
            (NodeFilter { console_enabled: Some(true), ..NodeFilter::default() }, "b"),
            (NodeFilter { driver: Some("ipmi".into()), ..NodeFilter::default() }, "a"),
            (NodeFilter { resource_class: Some("big".into()), ..NodeFilter::default() }, "a"),
            (NodeFilter { provision_state: Some(State::Active), ..NodeFilter::default() }, "a"),
            (NodeFilter { provision_state_in: Some(vec![State::Active, State::Enroll]), ..NodeFilter::default() }, "a b"),
            (NodeFilter { provision_state_in: Some(vec![]), ..NodeFilter::default() }, ""),
            (NodeFilter { fault: Some("power failure".into()), ..NodeFilter::default() }, "a"),
            (NodeFilter { conductor_group: Some("east".into()), ..NodeFilter::default() }, "a"),
            (NodeFilter { conductor_group_in: Some(vec!["east".into(), String::new()]), ..NodeFilter::default() }, "a b"),
            (NodeFilter { owner: Some("us".into()), ..NodeFilter::default() }, "a"),
            (NodeFilter { lessee: Some("us".into()), ..NodeFilter::default() }, "b"),
            (NodeFilter { project: Some("us".into()), ..NodeFilter::default() }, "a b"),
            (NodeFilter { shard_in: Some(vec!["s2".into()]), ..NodeFilter::default() }, "b"),
            (NodeFilter { instance_uuid: Some("inst-a".into()), ..NodeFilter::default() }, "a"),
            (NodeFilter { instance_name: Some("web".into()), ..NodeFilter::default() }, "a"),
            (NodeFilter { uuid: Some(a.uuid.clone()), ..NodeFilter::default() }, "a"),
            (NodeFilter { uuid_in: Some(vec![a.uuid.clone(), b.uuid.clone()]), ..NodeFilter::default() }, "a b"),
            (NodeFilter { id_in: Some(vec![b.id, NodeId(999)]), ..NodeFilter::default() }, "b"),
            (NodeFilter { chassis_uuid: Some(row.uuid.clone()), ..NodeFilter::default() }, "a"),
            (NodeFilter { reserved_by_any_of: Some(vec!["host-b".into()]), ..NodeFilter::default() }, "b"),
            (NodeFilter { description_contains: Some("e Fir".into()), ..NodeFilter::default() }, "a"),
            (NodeFilter { description_contains: Some("T%t".into()), ..NodeFilter::default() }, "a"),
            (NodeFilter { interface: Some((InterfaceKind::Inspect, "agent".into())), ..NodeFilter::default() }, "a"),
            (NodeFilter { with_trait: Some("CUSTOM_X".into()), ..NodeFilter::default() }, ""),
        ];
        for (filter, expected) in cases {
            let what = format!("{filter:?}");
            assert_eq!(names(&db, filter, Page::all()).await, expected, "{what}");
        }
        let unknown = NodeFilter { chassis_uuid: Some(Uuid::random()), ..NodeFilter::default() };
        let error = db.node_list(&unknown, &Page::all()).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::Chassis, .. }));
    }

    async fn ages_are_counted_from_now(db) {
        let before = add(&db, "a", |_| {}).await;
        let mut node = before.clone();
        node.provision_state = State::Inspecting;
        db.node_save(&before, &mut node, None).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1100)).await;
        for (age, expected) in [(Duration::ZERO, "a"), (Duration::from_secs(60), "")] {
            let filter = NodeFilter { provisioned_before: Some(age), ..NodeFilter::default() };
            assert_eq!(names(&db, filter, Page::all()).await, expected);
            let filter = NodeFilter { inspection_started_before: Some(age), ..NodeFilter::default() };
            assert_eq!(names(&db, filter, Page::all()).await, expected);
        }
    }

    async fn pages_follow_each_other_in_both_directions(db) {
        // Two with the same owner, one without: the order within is that of creation.
        let c = add(&db, "c", |node| node.owner = Some("x".into())).await;
        let a = add(&db, "a", |node| node.owner = Some("y".into())).await;
        let b = add(&db, "b", |node| node.owner = Some("x".into())).await;
        let n = add(&db, "n", |_| {}).await;
        let all = NodeFilter::default;

        assert_eq!(names(&db, all(), Page { limit: Some(2), ..Page::default() }).await, "c a");
        assert_eq!(names(&db, all(), page("id", Some(&a), 9, false)).await, "b n");
        assert_eq!(names(&db, all(), page("id", Some(&a), 9, true)).await, "c");
        assert_eq!(names(&db, all(), page("name", None, 9, false)).await, "a b c n");
        assert_eq!(names(&db, all(), page("name", Some(&b), 1, false)).await, "c");
        assert_eq!(names(&db, all(), page("name", Some(&b), 9, true)).await, "a");

        // NULL comes first but on PostgreSQL.
        let nulls_first = db.backend() != schemas_db::Backend::Postgresql;
        let by_owner = if nulls_first { "n c b a" } else { "c b a n" };
        assert_eq!(names(&db, all(), page("owner", None, 9, false)).await, by_owner);
        let backwards: Vec<&str> = by_owner.split(' ').rev().collect();
        assert_eq!(names(&db, all(), page("owner", None, 9, true)).await, backwards.join(" "));
        // Behind a marker with a value, NULL is never greater nor smaller.
        assert_eq!(names(&db, all(), page("owner", Some(&c), 9, false)).await, "b a");
        assert_eq!(names(&db, all(), page("owner", Some(&a), 9, true)).await, "b c");
        // Behind a marker without one, only the number counts.
        assert_eq!(names(&db, all(), page("owner", Some(&n), 9, true)).await, {
            let rest: Vec<&str> = backwards.into_iter().filter(|name| *name != "n").collect();
            rest.join(" ")
        });
        // Booleans and times are sorted by, too.
        assert_eq!(names(&db, all(), page("maintenance", Some(&a), 9, false)).await, "b n");
        assert_eq!(names(&db, all(), page("provision_updated_at", Some(&a), 9, false)).await, "b n");
    }

    async fn only_columns_sort_and_markers_must_exist(db) {
        for key in ["owner; DROP TABLE nodes", "traits", "chassis_uuid", ""] {
            let error = db.node_list(&NodeFilter::default(), &page(key, None, 1, false)).await.unwrap_err();
            assert!(matches!(&error, DbError::InvalidSortKey { .. }), "{key}");
        }
        let stranger = Node::new(Uuid::random(), "x");
        let error = db.node_list(&NodeFilter::default(), &page("id", Some(&stranger), 1, false)).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::Node, .. }));
        for (marker, is_found) in [(None, true), (Some(&stranger), false)] {
            let unsortable = Page { unsortable: true, ..page("extra", marker, 1, false) };
            let error = db.node_list(&NodeFilter::default(), &unsortable).await.unwrap_err();
            assert_eq!(matches!(error, DbError::InvalidSortKey { .. }), is_found);
        }
        let hostile = Page { marker: Some("' OR '1'='1".into()), ..Page::default() };
        let error = db.node_list(&NodeFilter::default(), &hostile).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { .. }));
    }

    async fn nodes_are_counted_and_named_together(db) {
        let a = add(&db, "a", |node| {
            node.shard = Some("s1".into());
            node.owner = Some("us".into());
        }).await;
        let b = add(&db, "b", |node| node.shard = Some("s1".into())).await;
        add(&db, "c", |node| {
            node.provision_state = State::Deploying;
            node.conductor_group = "east".into();
        }).await;
        let shards = db.shard_list().await.unwrap();
        let shape: Vec<(Option<&str>, u64)> = shards.iter().map(|s| (s.name.as_deref(), s.count)).collect();
        assert_eq!(shape, [(Some("s1"), 2), (None, 1)]);
        assert_eq!(db.node_count_in_states(&[State::Enroll, State::Deploying], None).await.unwrap(), 3);
        assert_eq!(db.node_count_in_states(&[State::Deploying], Some("west")).await.unwrap(), 0);
        assert_eq!(db.node_count_in_states(&[State::Deploying], Some("east")).await.unwrap(), 1);

        let found = db.node_uuids_by_ident(&["a".into(), b.uuid.to_string()], None).await.unwrap();
        assert_eq!(found["a"], a.uuid);
        assert_eq!(found[b.uuid.as_str()], b.uuid);
        let error = db.node_uuids_by_ident(&["a".into(), "b".into(), "z".into()], Some("us")).await.unwrap_err();
        assert!(matches!(&error, DbError::NotFound { ident, .. } if ident == "b, z"), "{error}");
        assert_eq!(db.node_uuids([a.id, b.id, NodeId(99)]).await.unwrap().len(), 2);

        for (name, dedicated) in [("k1", true), ("k2", false)] {
            add(&db, name, |node| {
                node.parent_node = Some(a.uuid.to_string());
                node.driver_info.set("has_dedicated_power_supply", dedicated);
            }).await;
        }
        assert_eq!(db.node_child_ids(&a.uuid, false).await.unwrap().len(), 2);
        assert_eq!(db.node_child_ids(&a.uuid, true).await.unwrap().len(), 1);
    }
}
