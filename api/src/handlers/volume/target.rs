//! `/v1/volume/targets`, also below a node.

use schemas_db::{Database, DbResult, Page, VolumeFilter};
use schemas_model::ids::{NodeId, VolumeTargetId};
use schemas_model::{Class, Fault, Node, Object, Uuid, VolumeTarget};
use schemas_rest::types::volume_target::{VolumeTargetResource, VolumeTargetView};
use schemas_rpc::Versioned;
use schemas_rpc::methods::{DestroyVolumeTarget, UpdateVolumeTarget};

use super::kind::Kind;
use crate::handlers::Answered;
use crate::request::{Access, Call};

type This = VolumeTargetResource;

impl Kind for This {
    const PATH: &'static str = "volume/targets";
    const MEMBER: &'static str = "target";
    const NOT_FOUND: Class = Class::VolumeTargetNotFound;

    fn blank(uuid: Uuid) -> VolumeTarget {
        VolumeTarget {
            id: VolumeTargetId(0),
            uuid,
            node_id: None,
            volume_type: String::new(),
            volume_id: String::new(),
            boot_index: 0,
            properties: Object::default(),
            extra: Object::default(),
            created_at: None,
            updated_at: None,
        }
    }

    fn uuid(target: &VolumeTarget) -> &Uuid {
        &target.uuid
    }

    fn node_id(target: &VolumeTarget) -> Option<NodeId> {
        target.node_id
    }

    fn set_node(target: &mut VolumeTarget, node: NodeId) {
        target.node_id = Some(node);
    }

    fn view<'a>(target: &'a VolumeTarget, node_uuid: Option<&'a str>) -> VolumeTargetView<'a> {
        VolumeTargetView { target, node_uuid }
    }

    async fn by_uuid(db: &Database, uuid: &Uuid) -> DbResult<VolumeTarget> {
        db.volume_target_by_uuid(uuid).await
    }

    async fn page(
        db: &Database,
        filter: &VolumeFilter,
        page: &Page,
    ) -> DbResult<Vec<VolumeTarget>> {
        db.volume_target_list(filter, page).await
    }

    async fn insert(db: &Database, target: &VolumeTarget) -> DbResult<VolumeTarget> {
        db.volume_target_insert(target).await
    }

    async fn store<T>(
        access: &Access<'_, T>,
        node: &Node,
        target: VolumeTarget,
        changes: Vec<&'static str>,
    ) -> Result<VolumeTarget, Fault> {
        let request = UpdateVolumeTarget {
            target: Box::new(Versioned::changed(target, changes)),
        };
        Ok(access.send_for(node, request).await?.object)
    }

    async fn destroy<T>(
        access: &Access<'_, T>,
        node: &Node,
        target: VolumeTarget,
    ) -> Result<(), Fault> {
        let request = DestroyVolumeTarget {
            target: Box::new(Versioned::from(target)),
        };
        access.send_for(node, request).await
    }
}

/// A list.
pub async fn list(call: &Call) -> Answered {
    super::list::list::<This>(call).await
}

/// Creates one.
pub async fn create(call: &Call) -> Answered {
    super::create::create::<This>(call).await
}

/// Shows one.
pub async fn show(call: &Call) -> Answered {
    super::show::show::<This>(call).await
}

/// Changes one.
pub async fn update(call: &Call) -> Answered {
    super::update::update::<This>(call).await
}

/// Deletes one.
pub async fn delete(call: &Call) -> Answered {
    super::delete::delete::<This>(call).await
}
