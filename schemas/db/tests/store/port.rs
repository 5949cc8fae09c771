//! Ports.

use schemas_db::{DbError, Page, PortFilter, PortIdent, Resource, Shown, Unique};
use schemas_model::ids::{NodeId, PortId};
use schemas_model::{Node, Object, Port, Uuid};

use crate::backends::on_every_backend;

pub(crate) fn port(node: NodeId, number: u8) -> Port {
    Port {
        id: PortId(0),
        uuid: Uuid::random(),
        node_id: Some(node),
        address: format!("52:54:00:00:00:{number:02x}"),
        portgroup_id: None,
        pxe_enabled: true,
        local_link_connection: Object::default(),
        extra: Object::default(),
        internal_info: Object::default(),
        physical_network: None,
        is_smartnic: Some(false),
        name: None,
        description: None,
        vendor: None,
        category: None,
        available_for_dynamic_portgroup: true,
        created_at: None,
        updated_at: None,
    }
}

async fn node_of(db: &schemas_db::Database, change: impl FnOnce(&mut Node)) -> Node {
    let mut node = Node::new(Uuid::random(), "fake-hardware");
    change(&mut node);
    db.node_insert(&node).await.unwrap()
}

fn addresses(ports: &[Port]) -> Vec<&str> {
    ports.iter().map(|port| &port.address[15..]).collect()
}

on_every_backend! {
    async fn a_list_has_what_is_shown_and_nothing_else(db) {
        let node = node_of(&db, |_| {}).await;
        let mut given = port(node.id, 1);
        given.name = Some("eth0".into());
        given.physical_network = Some("left".into());
        given.extra = Object::from_text(r#"{"a": 1}"#);
        given.pxe_enabled = false;
        let created = db.port_insert(&given).await.unwrap();
        let list = async |shown| {
            let page = Page { shown, sort_key: Some("name".into()), ..Page::default() };
            db.port_list(&PortFilter::default(), &page).await.unwrap()
        };
        assert_eq!(list(Shown::Everything).await, std::slice::from_ref(&created));
        let every = ["address", "name", "extra", "physical_network", "pxe_enabled", "is_smartnic", "created_at"];
        assert_eq!(list(Shown::Only(every.to_vec())).await, std::slice::from_ref(&created));
        let short = &list(Shown::Only(vec!["address", "extra", "links"])).await[0];
        assert_eq!((&short.uuid, short.node_id, &short.address), (&created.uuid, created.node_id, &created.address));
        assert_eq!(short.extra, created.extra);
        assert_eq!((&short.name, &short.physical_network, short.created_at), (&None, &None, None));
    }

    async fn from_creation_to_deletion(db) {
        let node = node_of(&db, |_| {}).await;
        let mut given = port(node.id, 1);
        given.name = Some("eth0".into());
        let created = db.port_insert(&given).await.unwrap();
        for ident in [
            PortIdent::Id(created.id),
            PortIdent::Uuid(created.uuid.clone()),
            PortIdent::Address(created.address.clone()),
            PortIdent::Name("eth0".into()),
        ] {
            assert_eq!(db.port(ident).await.unwrap(), created);
        }
        assert_eq!(db.port_by_id(created.id).await.unwrap(), created);
        assert_eq!(db.port_by_uuid(&created.uuid).await.unwrap(), created);
        assert_eq!(db.port_by_address(&created.address).await.unwrap(), created);
        assert_eq!(db.port_by_name("eth0").await.unwrap(), created);

        let mut changed = created.clone();
        changed.pxe_enabled = false;
        changed.local_link_connection.set("port_id", "Gi0/1");
        db.port_save(&created, &mut changed).await.unwrap();
        assert_eq!(db.port_by_id(created.id).await.unwrap(), changed);

        db.port_destroy(&created.uuid).await.unwrap();
        let error = db.port_destroy(&created.uuid).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::Port, .. }));
    }

    async fn what_is_taken_is_named(db) {
        let node = node_of(&db, |_| {}).await;
        let mut given = port(node.id, 1);
        given.name = Some("eth0".into());
        let first = db.port_insert(&given).await.unwrap();

        let mut other = port(node.id, 1);
        let error = db.port_insert(&other).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::PortAddress, value } if *value == first.address), "{error}");
        other.address = "52:54:00:00:00:02".into();
        other.uuid = first.uuid.clone();
        let error = db.port_insert(&other).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::PortUuid, .. }), "{error}");
        other.uuid = Uuid::random();
        other.name = Some("eth0".into());
        let error = db.port_insert(&other).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::PortName, value } if value == "eth0"), "{error}");

        other.name = None;
        let second = db.port_insert(&other).await.unwrap();
        let mut renamed = second.clone();
        renamed.name = Some("eth0".into());
        let error = db.port_save(&second, &mut renamed).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::PortName, .. }), "{error}");
    }

    async fn lists_are_filtered_and_paged(db) {
        let east = node_of(&db, |node| {
            node.owner = Some("us".into());
            node.shard = Some("s1".into());
            node.conductor_group = "east".into();
        }).await;
        let west = node_of(&db, |node| node.lessee = Some("us".into())).await;
        for (node, number) in [(&east, 1), (&east, 2), (&west, 3)] {
            let mut given = port(node.id, number);
            given.description = Some(format!("uplink {number}"));
            db.port_insert(&given).await.unwrap();
        }
        let list = async |filter: PortFilter| db.port_list(&filter, &Page::all()).await.unwrap();
        assert_eq!(addresses(&list(PortFilter::of_node(east.id)).await), ["01", "02"]);
        assert_eq!(list(PortFilter { node_id_in: Some(vec![east.id, west.id]), ..PortFilter::default() }).await.len(), 3);
        assert_eq!(list(PortFilter { owner: Some("us".into()), ..PortFilter::default() }).await.len(), 2);
        assert_eq!(list(PortFilter { project: Some("us".into()), ..PortFilter::default() }).await.len(), 3);
        assert_eq!(list(PortFilter { shard_in: Some(vec!["s1".into()]), ..PortFilter::default() }).await.len(), 2);
        assert_eq!(list(PortFilter { conductor_group_in: Some(vec!["east".into()]), ..PortFilter::default() }).await.len(), 2);
        assert_eq!(list(PortFilter { conductor_group_in: Some(vec![]), ..PortFilter::default() }).await.len(), 3);
        let found = list(PortFilter { description_contains: Some("link 3".into()), ..PortFilter::default() }).await;
        assert_eq!(addresses(&found), ["03"]);
        let found = list(PortFilter { address: Some("52:54:00:00:00:02".into()), ..PortFilter::default() }).await;
        let page = Page { limit: Some(5), marker: Some(found[0].uuid.to_string()), ..Page::default() };
        let rest = db.port_list(&PortFilter::default(), &page).await.unwrap();
        assert_eq!(addresses(&rest), ["03"]);

        assert_eq!(db.node_by_port_addresses(&["52:54:00:00:00:01".into(), "52:54:00:00:00:02".into()]).await.unwrap().id, east.id);
        let error = db.node_by_port_addresses(&["52:54:00:00:00:01".into(), "52:54:00:00:00:03".into()]).await.unwrap_err();
        assert!(matches!(error, DbError::AmbiguousLookup { .. }));
        let error = db.node_by_port_addresses(&["52:54:00:00:00:09".into()]).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { .. }));
    }
}
