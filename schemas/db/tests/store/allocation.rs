//! Allocations.

use schemas_db::{AllocationFilter, DbError, Page, Resource, Unique};
use schemas_model::ids::{AllocationId, ConductorId};
use schemas_model::{Allocation, AllocationState, Class, Fault, Object, Uuid};
use serde_json::json;

use crate::backends::on_every_backend;
use crate::conductor::registration;
use crate::node::full_node;

pub(crate) fn allocation(name: &str) -> Allocation {
    Allocation {
        id: AllocationId(0),
        uuid: Uuid::random(),
        name: Some(name.into()),
        node_id: None,
        state: AllocationState::Allocating,
        owner: Some("us".into()),
        last_error: None,
        resource_class: Some("big".into()),
        traits: vec!["CUSTOM_A".into()],
        candidate_nodes: vec![],
        extra: Object::default(),
        conductor_affinity: None,
        created_at: None,
        updated_at: None,
    }
}

on_every_backend! {
    async fn from_creation_to_deletion(db) {
        let created = db.allocation_insert(&allocation("web")).await.unwrap();
        assert_eq!(db.allocation_by_id(created.id).await.unwrap(), created);
        assert_eq!(db.allocation_by_uuid(&created.uuid).await.unwrap(), created);
        assert_eq!(db.allocation_by_name("web").await.unwrap(), created);
        assert_eq!(db.allocation_by_ident("web").await.unwrap(), created);
        assert_eq!(db.allocation_uuids([created.id]).await.unwrap()[&created.id], created.uuid);
        let error = db.allocation_insert(&allocation("web")).await.unwrap_err();
        assert!(matches!(&error, DbError::Duplicate { unique: Unique::AllocationName, value } if value == "web"));

        let mut failed = created.clone();
        failed.state = AllocationState::Error;
        failed.last_error = Some("nothing fits".into());
        db.allocation_save(&created, &mut failed).await.unwrap();
        for filter in [
            AllocationFilter::default(),
            AllocationFilter { state: Some(AllocationState::Error), ..AllocationFilter::default() },
            AllocationFilter { resource_class: Some("big".into()), ..AllocationFilter::default() },
            AllocationFilter { owner: Some("us".into()), ..AllocationFilter::default() },
        ] {
            assert_eq!(db.allocation_list(&filter, &Page::all()).await.unwrap(), [failed.clone()]);
        }
        db.allocation_destroy(created.id).await.unwrap();
        let error = db.allocation_destroy(created.id).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { resource: Resource::Allocation, .. }));
    }

    async fn a_node_goes_to_one_allocation(db) {
        let node = db.node_insert(&full_node()).await.unwrap();
        let web = db.allocation_insert(&allocation("web")).await.unwrap();
        let mail = db.allocation_insert(&allocation("mail")).await.unwrap();
        let taken = |allocation: &Allocation| {
            let mut after = allocation.clone();
            after.node_id = Some(node.id);
            after.state = AllocationState::Active;
            after
        };
        let mut active = taken(&web);
        db.allocation_associate(&web, &mut active).await.unwrap();
        let mut late = taken(&mail);
        let error = db.allocation_associate(&mail, &mut late).await.unwrap_err();
        assert!(matches!(&error, DbError::NodeAssociated { instance, .. } if instance == web.uuid.as_str()), "{error}");
        assert_eq!(Fault::from(error).class, Class::NodeAssociated);
        assert_eq!(db.allocation_by_id(mail.id).await.unwrap(), mail);

        let stored = db.node_by_id(node.id).await.unwrap();
        assert_eq!(stored.allocation_id, Some(web.id));
        assert_eq!(stored.instance_uuid.as_deref(), Some(web.uuid.as_str()));
        assert_eq!(stored.instance_info.member("traits"), Some(&json!(["CUSTOM_A"])));
        let filter = AllocationFilter { node_id: Some(node.id), ..AllocationFilter::default() };
        assert_eq!(db.allocation_list(&filter, &Page::all()).await.unwrap(), [active]);

        db.allocation_destroy(web.id).await.unwrap();
        let free = db.node_by_id(node.id).await.unwrap();
        assert_eq!((free.allocation_id, free.instance_uuid), (None, None));
    }

    async fn one_conductor_takes_it_over(db) {
        let one = db.conductor_register(&registration("one"), false).await.unwrap().id;
        let two = db.conductor_register(&registration("two"), false).await.unwrap().id;
        let created = db.allocation_insert(&allocation("web")).await.unwrap();
        assert!(db.allocation_take_over(created.id, None, one).await.unwrap());
        assert!(!db.allocation_take_over(created.id, None, two).await.unwrap());
        assert!(db.allocation_take_over(created.id, Some(one), two).await.unwrap());
        let filter = AllocationFilter { conductor_affinity: Some(two), ..AllocationFilter::default() };
        assert_eq!(db.allocation_list(&filter, &Page::all()).await.unwrap().len(), 1);
        let error = db.allocation_take_over(AllocationId(99), Some(ConductorId(1)), two).await.unwrap_err();
        assert!(matches!(error, DbError::NotFound { .. }));
    }
}
