//! What is different between connectors and targets.

use schemas_db::{Database, DbResult, Page, VolumeFilter};
use schemas_model::ids::NodeId;
use schemas_model::{Class, Fault, Node, Uuid};
use schemas_rest::Resource;
use schemas_rpc::notification::Subject;

use crate::request::Access;

/// Connectors or targets.
#[allow(
    async_fn_in_trait,
    reason = "handlers are polled by the worker that took the request"
)]
pub trait Kind: Resource<Model: Clone + Subject> {
    /// The collection below `/v1/`.
    const PATH: &'static str;
    /// What the path calls a member.
    const MEMBER: &'static str;
    /// What one is called when it is not there.
    const NOT_FOUND: Class;

    /// One that is about to be created.
    fn blank(uuid: Uuid) -> Self::Model;
    /// Its UUID.
    fn uuid(model: &Self::Model) -> &Uuid;
    /// Its node.
    fn node_id(model: &Self::Model) -> Option<NodeId>;
    /// Gives it to a node.
    fn set_node(model: &mut Self::Model, node: NodeId);
    /// It, with the UUID of its node.
    fn view<'a>(model: &'a Self::Model, node_uuid: Option<&'a str>) -> Self::View<'a>;

    /// One by UUID.
    async fn by_uuid(db: &Database, uuid: &Uuid) -> DbResult<Self::Model>;
    /// A page of those that a filter lets through.
    async fn page(db: &Database, filter: &VolumeFilter, page: &Page) -> DbResult<Vec<Self::Model>>;
    /// Creates one.
    async fn insert(db: &Database, model: &Self::Model) -> DbResult<Self::Model>;

    /// Has the conductor of a node store one, of which the named fields are new.
    async fn store<T>(
        access: &Access<'_, T>,
        node: &Node,
        model: Self::Model,
        changes: Vec<&'static str>,
    ) -> Result<Self::Model, Fault>;
    /// Has the conductor of a node delete one.
    async fn destroy<T>(
        access: &Access<'_, T>,
        node: &Node,
        model: Self::Model,
    ) -> Result<(), Fault>;
}
