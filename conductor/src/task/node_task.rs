//! A hold with interfaces and children: what drivers see.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use drivers_interface::{InterfaceSet, Task, TaskPort, TaskPortgroup};
use schemas_config::Config;
use schemas_db::{Database, DbError, Page, PortFilter, PortgroupFilter, VolumeFilter};
use schemas_model::power::PowerState;
use schemas_model::{
    BiosSetting, Fault, FirmwareComponent, Node, NodeId, NodeInventory, Object, Port, Portgroup,
    Uuid, VolumeConnector, VolumeTarget,
};
use schemas_rpc::{NodeRef, RequestContext};

use super::hold::NodeHold;
use super::lease::{Lease, Patience};
use crate::core::Core;

/// A node with its interfaces and children.
///
/// Reads like the [`NodeHold`] it contains.
pub struct NodeTask {
    hold: NodeHold,
    interfaces: Arc<InterfaceSet>,
    children: Children,
    /// Whether the children were left unread, as [`Core::glance`] does.
    bare: bool,
}

/// What belongs to a node.
#[derive(Default)]
struct Children {
    ports: Vec<Port>,
    portgroups: Vec<Portgroup>,
    connectors: Vec<VolumeConnector>,
    targets: Vec<VolumeTarget>,
}

impl Children {
    async fn load(database: &Database, node: NodeId) -> Result<Self, Fault> {
        let page = Page::all();
        let of_port = PortFilter::of_node(node);
        let of_group = PortgroupFilter {
            node_id: Some(node),
            ..PortgroupFilter::default()
        };
        let of_volume = VolumeFilter {
            node_id: Some(node),
            ..VolumeFilter::default()
        };
        let (ports, portgroups, connectors, targets) = tokio::try_join!(
            database.port_list(&of_port, &page),
            database.portgroup_list(&of_group, &page),
            database.volume_connector_list(&of_volume, &page),
            database.volume_target_list(&of_volume, &page),
        )?;
        Ok(Children {
            ports,
            portgroups,
            connectors,
            targets,
        })
    }
}

impl Deref for NodeTask {
    type Target = NodeHold;
    fn deref(&self) -> &NodeHold {
        &self.hold
    }
}

impl DerefMut for NodeTask {
    fn deref_mut(&mut self) -> &mut NodeHold {
        &mut self.hold
    }
}

impl Core {
    /// Holds a node exclusively, without its interfaces.
    ///
    /// # Errors
    /// `NodeNotFound`, `NodeLocked`.
    pub async fn hold(
        self: &Arc<Self>,
        context: &Arc<RequestContext>,
        node: &NodeRef,
    ) -> Result<NodeHold, Fault> {
        let (node, lease) = self.lock(node, Patience::Usual).await?;
        Ok(NodeHold::new(
            Arc::clone(self),
            Arc::clone(context),
            node,
            Some(lease),
        ))
    }

    /// The same, if the node is free right now.
    ///
    /// # Errors
    /// As [`Core::hold`].
    pub async fn try_hold(
        self: &Arc<Self>,
        context: &Arc<RequestContext>,
        node: &Uuid,
    ) -> Result<NodeHold, Fault> {
        let (node, lease) = self.leases.acquire(node, Patience::None).await?;
        Ok(NodeHold::new(
            Arc::clone(self),
            Arc::clone(context),
            node,
            Some(lease),
        ))
    }

    /// Holds a node exclusively.
    ///
    /// # Errors
    /// `NodeNotFound`, `NodeLocked`, and those of resolving its interfaces.
    pub async fn exclusive(
        self: &Arc<Self>,
        context: &Arc<RequestContext>,
        node: &NodeRef,
        patience: Patience,
    ) -> Result<NodeTask, Fault> {
        let (node, lease) = self.lock(node, patience).await?;
        let hold = NodeHold::new(Arc::clone(self), Arc::clone(context), node, Some(lease));
        NodeTask::equip(hold).await
    }

    /// Reads a node without locking it.
    ///
    /// # Errors
    /// `NodeNotFound`, and those of resolving its interfaces.
    pub async fn shared(
        self: &Arc<Self>,
        context: &Arc<RequestContext>,
        node: &NodeRef,
    ) -> Result<NodeTask, Fault> {
        let node = match node {
            NodeRef::Uuid(text) => self.database.node_by_ident(text).await?,
            NodeRef::Id(id) => self.database.node(*id).await?,
        };
        let hold = NodeHold::new(Arc::clone(self), Arc::clone(context), node, None);
        NodeTask::equip(hold).await
    }

    /// Reads a node without locking it and without its ports, groups and volumes, which a sweep over
    /// thousands of nodes has no use for; they are read when the task is made exclusive.
    ///
    /// # Errors
    /// As [`Core::shared`].
    pub async fn glance(
        self: &Arc<Self>,
        context: &Arc<RequestContext>,
        node: NodeId,
    ) -> Result<NodeTask, Fault> {
        let node = self.database.node(node).await?;
        let interfaces = self.registry.resolve(&node)?;
        Ok(NodeTask {
            hold: NodeHold::new(Arc::clone(self), Arc::clone(context), node, None),
            interfaces,
            children: Children::default(),
            bare: true,
        })
    }

    async fn lock(&self, node: &NodeRef, patience: Patience) -> Result<(Node, Lease), Fault> {
        let uuid = match node {
            NodeRef::Uuid(text) if Uuid::is_like(text) => Uuid::from_stored(text.clone()),
            NodeRef::Uuid(name) => self.database.node_by_name(name).await?.uuid,
            NodeRef::Id(id) => self.database.node(*id).await?.uuid,
        };
        self.leases.acquire(&uuid, patience).await
    }
}

impl NodeTask {
    /// Finds the interfaces and children of a held node.
    ///
    /// # Errors
    /// When an interface is not enabled any more; those of the database. The hold ends then.
    pub async fn equip(hold: NodeHold) -> Result<Self, Fault> {
        let core = Arc::clone(hold.core());
        let equipped = async {
            let interfaces = core.registry.resolve(hold.node())?;
            let children = Children::load(&core.database, hold.node().id).await?;
            Ok((interfaces, children))
        };
        match equipped.await {
            Ok((interfaces, children)) => Ok(NodeTask {
                hold,
                interfaces,
                children,
                bare: false,
            }),
            Err(fault) => {
                hold.release().await;
                Err(fault)
            }
        }
    }

    /// The interfaces again, after the node was given other ones.
    ///
    /// # Errors
    /// As [`NodeTask::equip`].
    pub fn resolve_again(&mut self) -> Result<(), Fault> {
        self.interfaces = self.hold.core().registry.resolve(self.hold.node())?;
        Ok(())
    }

    /// Reads ports and port groups again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reload_children(&mut self) -> Result<(), Fault> {
        let id = self.hold.node().id;
        self.children = Children::load(&self.hold.core().database, id).await?;
        self.bare = false;
        Ok(())
    }

    /// Makes a shared task exclusive; the node is read again.
    ///
    /// # Errors
    /// `NodeLocked`; those of the database.
    pub async fn upgrade(&mut self, patience: Patience) -> Result<(), Fault> {
        self.hold.upgrade(patience).await?;
        if self.bare {
            self.reload_children().await?;
        }
        Ok(())
    }

    /// Ends the task and hands `result` on.
    ///
    /// # Errors
    /// Those of `result`.
    pub async fn finish<T>(self, result: Result<T, Fault>) -> Result<T, Fault> {
        self.hold.release().await;
        result
    }

    /// The hold without interfaces and children.
    pub fn into_hold(self) -> NodeHold {
        self.hold
    }

    /// Ends the task.
    pub async fn release(self) {
        self.hold.release().await;
    }

    fn may_write(&self) -> Result<Database, Fault> {
        if self.hold.is_exclusive() {
            Ok(self.hold.core().database.clone())
        } else {
            Err(Fault::new(
                schemas_model::Class::ExclusiveLockRequired,
                format!(
                    "Node {} is not locked, so nothing of it can be changed.",
                    self.hold.node().uuid
                ),
            ))
        }
    }
}

#[async_trait]
impl Task for NodeTask {
    fn node(&self) -> &Node {
        self.hold.node()
    }

    fn node_mut(&mut self) -> &mut Node {
        self.hold.node_mut()
    }

    fn interfaces(&self) -> &Arc<InterfaceSet> {
        &self.interfaces
    }

    fn config(&self) -> &Arc<Config> {
        &self.hold.core().config
    }

    fn ports(&self) -> &[TaskPort] {
        &self.children.ports
    }

    fn portgroups(&self) -> &[TaskPortgroup] {
        &self.children.portgroups
    }

    fn volume_connectors(&self) -> &[VolumeConnector] {
        &self.children.connectors
    }

    fn volume_targets(&self) -> &[VolumeTarget] {
        &self.children.targets
    }

    fn is_exclusive(&self) -> bool {
        self.hold.is_exclusive()
    }

    async fn save(&mut self) -> Result<(), Fault> {
        self.hold.save().await
    }

    async fn power_action(
        &mut self,
        state: PowerState,
        timeout: Option<Duration>,
    ) -> Result<(), Fault> {
        crate::power::set_power(self, state, timeout).await
    }

    async fn bios_settings_replace(&mut self, settings: Vec<BiosSetting>) -> Result<(), Fault> {
        let node = self.hold.node().id;
        self.may_write()?.bios_setting_sync(node, &settings).await?;
        Ok(())
    }

    async fn firmware_components_update(
        &mut self,
        components: Vec<FirmwareComponent>,
    ) -> Result<(), Fault> {
        let database = self.may_write()?;
        for mut component in components {
            component.node_id = self.hold.node().id;
            database.firmware_component_put(&component).await?;
        }
        Ok(())
    }

    async fn port_create(&mut self, address: &str, pxe_enabled: bool) -> Result<bool, Fault> {
        let database = self.may_write()?;
        let port = crate::port::blank(self.hold.node().id, address, pxe_enabled);
        match database.port_insert(&port).await {
            Ok(port) => {
                self.children.ports.push(port);
                Ok(true)
            }
            Err(DbError::Duplicate { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn port_save(&mut self, mut port: TaskPort) -> Result<(), Fault> {
        let database = self.may_write()?;
        let before = database.port_by_id(port.id).await?;
        database.port_save(&before, &mut port).await?;
        replace(&mut self.children.ports, port, |port| port.id);
        Ok(())
    }

    async fn portgroup_save(&mut self, mut portgroup: TaskPortgroup) -> Result<(), Fault> {
        let database = self.may_write()?;
        let before = database.portgroup_by_id(portgroup.id).await?;
        database.portgroup_save(&before, &mut portgroup).await?;
        replace(&mut self.children.portgroups, portgroup, |group| group.id);
        Ok(())
    }

    async fn port_destroy(&mut self, port: &TaskPort) -> Result<(), Fault> {
        self.may_write()?.port_destroy(&port.uuid).await?;
        self.children.ports.retain(|known| known.id != port.id);
        Ok(())
    }

    async fn inventory_store(
        &mut self,
        inventory: Object,
        plugin_data: Object,
    ) -> Result<(), Fault> {
        let inventory = NodeInventory {
            node_id: self.hold.node().id,
            inventory_data: inventory,
            plugin_data,
            created_at: None,
            updated_at: None,
        };
        self.may_write()?.node_inventory_put(&inventory).await?;
        Ok(())
    }
}

fn replace<T, I: PartialEq>(list: &mut [T], new: T, id: impl Fn(&T) -> I) {
    if let Some(old) = list.iter_mut().find(|old| id(old) == id(&new)) {
        *old = new;
    }
}
