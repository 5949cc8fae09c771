//! `/v1/volume/connectors`, also below a node.

use schemas_db::{Database, DbResult, Page, VolumeFilter};
use schemas_model::ids::{NodeId, VolumeConnectorId};
use schemas_model::{Class, Fault, Node, Object, Uuid, VolumeConnector};
use schemas_rest::types::volume_connector::{VolumeConnectorResource, VolumeConnectorView};
use schemas_rpc::Versioned;
use schemas_rpc::methods::{DestroyVolumeConnector, UpdateVolumeConnector};

use super::kind::Kind;
use crate::handlers::Answered;
use crate::request::{Access, Call};

type This = VolumeConnectorResource;

impl Kind for This {
    const PATH: &'static str = "volume/connectors";
    const MEMBER: &'static str = "connector";
    const NOT_FOUND: Class = Class::VolumeConnectorNotFound;

    fn blank(uuid: Uuid) -> VolumeConnector {
        VolumeConnector {
            id: VolumeConnectorId(0),
            uuid,
            node_id: None,
            r#type: String::new(),
            connector_id: String::new(),
            extra: Object::default(),
            created_at: None,
            updated_at: None,
        }
    }

    fn uuid(connector: &VolumeConnector) -> &Uuid {
        &connector.uuid
    }

    fn node_id(connector: &VolumeConnector) -> Option<NodeId> {
        connector.node_id
    }

    fn set_node(connector: &mut VolumeConnector, node: NodeId) {
        connector.node_id = Some(node);
    }

    fn view<'a>(
        connector: &'a VolumeConnector,
        node_uuid: Option<&'a str>,
    ) -> VolumeConnectorView<'a> {
        VolumeConnectorView {
            connector,
            node_uuid,
        }
    }

    async fn by_uuid(db: &Database, uuid: &Uuid) -> DbResult<VolumeConnector> {
        db.volume_connector_by_uuid(uuid).await
    }

    async fn page(
        db: &Database,
        filter: &VolumeFilter,
        page: &Page,
    ) -> DbResult<Vec<VolumeConnector>> {
        db.volume_connector_list(filter, page).await
    }

    async fn insert(db: &Database, connector: &VolumeConnector) -> DbResult<VolumeConnector> {
        db.volume_connector_insert(connector).await
    }

    async fn store<T>(
        access: &Access<'_, T>,
        node: &Node,
        connector: VolumeConnector,
        changes: Vec<&'static str>,
    ) -> Result<VolumeConnector, Fault> {
        let request = UpdateVolumeConnector {
            connector: Box::new(Versioned::changed(connector, changes)),
        };
        Ok(access.send_for(node, request).await?.object)
    }

    async fn destroy<T>(
        access: &Access<'_, T>,
        node: &Node,
        connector: VolumeConnector,
    ) -> Result<(), Fault> {
        let request = DestroyVolumeConnector {
            connector: Box::new(Versioned::from(connector)),
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
