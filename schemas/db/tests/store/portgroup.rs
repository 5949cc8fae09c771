//! Port groups.

use schemas_db::{DbError, Page, PortFilter, PortgroupFilter, Resource, Unique};
use schemas_model::ids::{NodeId, PortgroupId};
use schemas_model::{Class, Fault, Object, Portgroup, Uuid};

use crate::backends::on_every_backend;
use crate::node::full_node;
use crate::port::port;

pub(crate) fn portgroup(node: NodeId, name: &str) -> Portgroup {
    Portgroup {
        id: PortgroupId(0),
        uuid: Uuid::random(),
        name: Some(name.into()),
        node_id: Some(node),
        address: None,
        mode: Some("active-backup".into()),
        standalone_ports_supported: true,
        properties: Object::default(),
        extra: Object::default(),
        internal_info: Object::default(),
        physical_network: None,
        category: None,
        dynamic_portgroup: false,
        created_at: None,
        updated_at: None,
    }
}

on_every_backend! {
    async fn from_creation_to_deletion(db) {
        let mut node = full_node();
        node.owner = Some("us".into());
        node.shard = Some("s1".into());
        let node = db.node_insert(&node).await.unwrap();
        let created = db.portgroup_insert(&portgroup(node.id, "bond0")).await.unwrap();
        assert_eq!(db.portgroup_by_id(created.id).await.unwrap(), created);
        assert_eq!(db.portgroup_by_uuid(&created.uuid).await.unwrap(), created);
        assert_eq!(db.portgroup_by_name("bond0").await.unwrap(), created);
        assert_eq!(db.portgroup_by_ident("bond0").await.unwrap(), created);
        assert_eq!(db.portgroup_by_ident(created.uuid.as_str()).await.unwrap(), created);
        assert_eq!(db.portgroup_uuids([created.id]).await.unwrap()[&created.id], created.uuid);

        let mut changed = created.clone();
        changed.address = Some("52:54:00:00:00:01".into());
        changed.standalone_ports_supported = false;
        db.portgroup_save(&created, &mut changed).await.unwrap();
        for filter in [
            PortgroupFilter::default(),
            PortgroupFilter { node_id: Some(node.id), ..PortgroupFilter::default() },
            PortgroupFilter { address: changed.address.clone(), ..PortgroupFilter::default() },
            PortgroupFilter { project: Some("us".into()), ..PortgroupFilter::default() },
            PortgroupFilter { shard_in: Some(vec!["s1".into()]), ..PortgroupFilter::default() },
            PortgroupFilter { conductor_group_in: Some(vec!["east".into()]), ..PortgroupFilter::default() },
        ] {
            assert_eq!(db.portgroup_list(&filter, &Page::all()).await.unwrap(), [changed.clone()], "{filter:?}");
        }
        let none = PortgroupFilter { project: Some("them".into()), ..PortgroupFilter::default() };
        assert!(db.portgroup_list(&none, &Page::all()).await.unwrap().is_empty());

        db.portgroup_destroy(&created.uuid).await.unwrap();
        let error = db.portgroup_destroy(&created.uuid).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::Portgroup, .. }));
    }

    async fn what_is_taken_is_named(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let mut first = portgroup(node.id, "bond0");
        first.address = Some("52:54:00:00:00:01".into());
        let first = db.portgroup_insert(&first).await.unwrap();
        let error = db.portgroup_insert(&portgroup(node.id, "bond0")).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::PortgroupName, value } if value == "bond0"));
        let mut other = portgroup(node.id, "bond1");
        other.address = first.address.clone();
        let error = db.portgroup_insert(&other).await.unwrap_err();
        assert_eq!(Fault::from(error).class, Class::PortgroupMACAlreadyExists);
    }

    async fn one_with_ports_stays(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let group = db.portgroup_insert(&portgroup(node.id, "bond0")).await.unwrap();
        let mut member = port(node.id, 1);
        member.portgroup_id = Some(group.id);
        let member = db.port_insert(&member).await.unwrap();
        let filter = PortFilter { portgroup_id: Some(group.id), ..PortFilter::default() };
        assert_eq!(db.port_list(&filter, &Page::all()).await.unwrap(), [member]);
        let error = db.portgroup_destroy(&group.uuid).await.unwrap_err();
        assert_eq!(Fault::from(error).class, Class::PortgroupNotEmpty);
    }
}
