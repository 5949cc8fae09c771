//! Which nodes a list is of (Ironic 39.0.0, observed).

use std::time::Duration;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use schemas_model::ids::{NodeId, Uuid};
use schemas_model::interface::InterfaceKind;
use schemas_model::provision::State;
use schemas_model::time::Timestamp;

use crate::connection::{AnyConnection, MultiBackend};
use crate::error::{DbResult, Resource};
use crate::store::one;
use crate::tables::{chassis, node_traits, nodes};

/// True of a node without a parent, as nearly all are: written so that no index is used for it.
/// SQLite would take the one on `parent_node`, and then look for each row by itself.
const NO_CHILD: &str = "coalesce(nodes.parent_node, NULL) IS NULL";

/// Whether nodes with a parent are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Children {
    /// Only nodes without a parent; Ironic's default everywhere.
    #[default]
    Excluded,
    /// All nodes.
    Included,
    /// Only the children of this node.
    Of(Uuid),
}

/// Which nodes: all conditions that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct NodeFilter {
    /// Whether an instance is on it.
    pub associated: Option<bool>,
    /// Whether it is locked.
    pub reserved: Option<bool>,
    /// Whether its power state is known.
    pub with_power_state: Option<bool>,
    /// Whether it belongs to a shard.
    pub sharded: Option<bool>,
    /// Maintenance mode.
    pub maintenance: Option<bool>,
    /// Retired.
    pub retired: Option<bool>,
    /// Console switched on.
    pub console_enabled: Option<bool>,
    /// Hardware type.
    pub driver: Option<String>,
    /// Resource class.
    pub resource_class: Option<String>,
    /// Provision state.
    pub provision_state: Option<State>,
    /// One of these provision states.
    pub provision_state_in: Option<Vec<State>>,
    /// Fault.
    pub fault: Option<String>,
    /// Conductor group.
    pub conductor_group: Option<String>,
    /// One of these conductor groups.
    pub conductor_group_in: Option<Vec<String>>,
    /// Owner.
    pub owner: Option<String>,
    /// Lessee.
    pub lessee: Option<String>,
    /// Owner or lessee.
    pub project: Option<String>,
    /// One of these shards.
    pub shard_in: Option<Vec<String>>,
    /// Instance.
    pub instance_uuid: Option<String>,
    /// Name of the instance.
    pub instance_name: Option<String>,
    /// UUID.
    pub uuid: Option<Uuid>,
    /// One of these UUIDs.
    pub uuid_in: Option<Vec<Uuid>>,
    /// One of these numbers.
    pub id_in: Option<Vec<NodeId>>,
    /// In this chassis; it must exist.
    pub chassis_uuid: Option<Uuid>,
    /// Locked by one of these hosts.
    pub reserved_by_any_of: Option<Vec<String>>,
    /// The provision state has not changed for this long.
    pub provisioned_before: Option<Duration>,
    /// The inspection began at least this long ago.
    pub inspection_started_before: Option<Duration>,
    /// Part of the description. `%` and `_` are wildcards; case counts on PostgreSQL only.
    pub description_contains: Option<String>,
    /// Has this trait.
    pub with_trait: Option<String>,
    /// Has this name for an interface of this kind.
    pub interface: Option<(InterfaceKind, String)>,
    /// Nodes with a parent.
    pub children: Children,
}

/// A query on `nodes`.
pub(super) type NodeQuery = nodes::BoxedQuery<'static, MultiBackend>;

impl NodeFilter {
    /// The filter's query. Looks up the chassis, if one is named.
    pub(super) fn query(
        &self,
        connection: &mut AnyConnection,
        now: Timestamp,
    ) -> DbResult<NodeQuery> {
        let mut query = nodes::table.into_boxed();
        macro_rules! equal {
            ($($field:ident),+ $(,)?) => {$(
                if let Some(value) = &self.$field {
                    query = query.filter(nodes::$field.eq(value.clone()));
                }
            )+};
        }
        macro_rules! present {
            ($($field:ident => $column:ident),+ $(,)?) => {$(
                match self.$field {
                    Some(true) => query = query.filter(nodes::$column.is_not_null()),
                    Some(false) => query = query.filter(nodes::$column.is_null()),
                    None => {}
                }
            )+};
        }
        macro_rules! any_of {
            ($($field:ident => $column:ident),+ $(,)?) => {$(
                if let Some(values) = &self.$field {
                    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                    query = query.filter(nodes::$column.eq_any(values));
                }
            )+};
        }
        equal!(
            maintenance,
            retired,
            console_enabled,
            driver,
            resource_class,
            fault,
            conductor_group,
            owner,
            lessee,
            instance_uuid,
            instance_name,
        );
        present!(
            associated => instance_uuid,
            reserved => reservation,
            with_power_state => power_state,
            sharded => shard,
        );
        any_of!(
            provision_state_in => provision_state,
            conductor_group_in => conductor_group,
            shard_in => shard,
            uuid_in => uuid,
            reserved_by_any_of => reservation,
        );
        if let Some(state) = self.provision_state {
            query = query.filter(nodes::provision_state.eq(state.to_string()));
        }
        if let Some(uuid) = &self.uuid {
            query = query.filter(nodes::uuid.eq(uuid.to_string()));
        }
        if let Some(ids) = &self.id_in {
            let ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
            query = query.filter(nodes::id.eq_any(ids));
        }
        if let Some(uuid) = &self.chassis_uuid {
            let id = one(
                chassis::table
                    .filter(chassis::uuid.eq(uuid.as_str()))
                    .select(chassis::id)
                    .get_result::<i32>(connection),
                Resource::Chassis,
                uuid,
            )?;
            query = query.filter(nodes::chassis_id.eq(id));
        }
        if let Some(age) = self.provisioned_before {
            query = query.filter(nodes::provision_updated_at.lt(ago(now, age)));
        }
        if let Some(age) = self.inspection_started_before {
            query = query.filter(nodes::inspection_started_at.lt(ago(now, age)));
        }
        if let Some(part) = &self.description_contains {
            query = query.filter(nodes::description.like(format!("%{part}%")));
        }
        if let Some(project) = &self.project {
            query = query.filter(
                nodes::owner
                    .eq(project.clone())
                    .or(nodes::lessee.eq(project.clone())),
            );
        }
        if let Some(name) = &self.with_trait {
            let holders = node_traits::table
                .filter(node_traits::trait_.eq(name.clone()))
                .select(node_traits::node_id);
            query = query.filter(nodes::id.eq_any(holders));
        }
        if let Some((kind, name)) = &self.interface {
            query = with_interface(query, *kind, name.clone());
        }
        query = match &self.children {
            Children::Excluded => query.filter(sql::<Bool>(NO_CHILD)),
            Children::Included => query,
            Children::Of(parent) => query.filter(nodes::parent_node.eq(parent.to_string())),
        };
        Ok(query)
    }
}

fn with_interface(query: NodeQuery, kind: InterfaceKind, name: String) -> NodeQuery {
    match kind {
        InterfaceKind::Bios => query.filter(nodes::bios_interface.eq(name)),
        InterfaceKind::Boot => query.filter(nodes::boot_interface.eq(name)),
        InterfaceKind::Console => query.filter(nodes::console_interface.eq(name)),
        InterfaceKind::Deploy => query.filter(nodes::deploy_interface.eq(name)),
        InterfaceKind::Firmware => query.filter(nodes::firmware_interface.eq(name)),
        InterfaceKind::Inspect => query.filter(nodes::inspect_interface.eq(name)),
        InterfaceKind::Management => query.filter(nodes::management_interface.eq(name)),
        InterfaceKind::Network => query.filter(nodes::network_interface.eq(name)),
        InterfaceKind::Power => query.filter(nodes::power_interface.eq(name)),
        InterfaceKind::Raid => query.filter(nodes::raid_interface.eq(name)),
        InterfaceKind::Rescue => query.filter(nodes::rescue_interface.eq(name)),
        InterfaceKind::Storage => query.filter(nodes::storage_interface.eq(name)),
        InterfaceKind::Vendor => query.filter(nodes::vendor_interface.eq(name)),
    }
}

fn ago(now: Timestamp, age: Duration) -> crate::column::Moment {
    let age = chrono::Duration::from_std(age).unwrap_or(chrono::Duration::MAX);
    crate::column::Moment(now.checked_sub_signed(age).unwrap_or(Timestamp::MIN))
}
