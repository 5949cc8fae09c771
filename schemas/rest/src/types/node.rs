//! The fields of a node.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.node`.

use schemas_model::Node;
use schemas_model::interface::InterfaceKind;
use schemas_model::provision::State;

use crate::field::{Accept, BOOLEAN, Field, Json, NEEDED_TEXT, OBJECT, Resource, Set, TEXT, UUID};
use crate::out::Out;
use crate::validate::{doc, filled_text, flag, text};
use crate::versions::Feature;

/// A node in the API.
pub struct NodeResource;

type Row = Field<NodeResource>;

/// A node and what had to be looked up beside it.
#[derive(Clone, Copy, Debug)]
pub struct NodeView<'a> {
    /// The node.
    pub node: &'a Node,
    /// The UUID of its chassis.
    pub chassis_uuid: Option<&'a str>,
    /// The UUID of its allocation.
    pub allocation_uuid: Option<&'a str>,
    /// The host that serves it now.
    pub conductor: Option<&'a str>,
}

/// Longest description, in characters.
pub const DESCRIPTION_LIMIT: usize = 4096;

/// A row of plain text.
const fn words(name: &'static str, show: crate::field::Show<NodeResource>) -> Field<NodeResource> {
    Row::shown(name, Json::String, show)
}

macro_rules! interface {
    ($field:literal, $kind:ident, $since:ident) => {
        words($field, |v, out| {
            out.maybe_text(v.node.interfaces.get(InterfaceKind::$kind));
        })
        .since(Feature::$since)
        .accept(Set::Both, TEXT, |n, v| {
            n.interfaces.set(InterfaceKind::$kind, text(v));
        })
    };
}

impl Resource for NodeResource {
    type View<'a> = NodeView<'a>;
    type Model = Node;
    const NAME: &'static str = "node";
    const COLLECTION: &'static str = "nodes";
    const SHORT: &'static [&'static str] = &[
        "instance_uuid",
        "maintenance",
        "power_state",
        "provision_state",
        "uuid",
        "name",
    ];
    const FIELDS: &'static [Field<Self>] = &[
        words("uuid", |v, out| out.text(v.node.uuid.as_str())).resolved(Set::Create, UUID),
        Row::shown("created_at", Json::String, |v, out| {
            out.time(v.node.created_at)
        })
        .unselectable(),
        Row::shown("updated_at", Json::String, |v, out| {
            out.time(v.node.updated_at)
        })
        .unselectable(),
        words("name", |v, out| out.maybe_text(v.node.name.as_deref()))
            .since(Feature::NodeName)
            .accept(Set::Both, TEXT, |n, v| n.name = text(v)),
        words("driver", |v, out| out.text(&v.node.driver))
            .accept(Set::Both, NEEDED_TEXT, |n, v| {
                n.driver = text(v).unwrap_or_default()
            })
            .required(),
        words("provision_state", |v, out| {
            provision_state(v.node.provision_state, out)
        }),
        words("target_provision_state", |v, out| {
            out.maybe_text(v.node.target_provision_state.map(State::as_str));
        }),
        Row::shown("provision_updated_at", Json::String, |v, out| {
            out.time(v.node.provision_updated_at);
        }),
        words("power_state", |v, out| {
            out.maybe_text(v.node.power_state.map(|state| state.as_str()));
        }),
        words("target_power_state", |v, out| {
            out.maybe_text(v.node.target_power_state.map(|state| state.as_str()));
        }),
        words("last_error", |v, out| {
            if out.visible.last_error {
                out.maybe_text(v.node.last_error.as_deref());
            } else {
                out.text(
                    "** Value Redacted - Requires baremetal:node:get:last_error permission. **",
                );
            }
        }),
        words("reservation", |v, out| {
            if out.visible.reservation {
                out.maybe_text(v.node.reservation.as_deref());
            } else {
                out.text("** Redacted - requires baremetal:node:get:reservation permission. **");
            }
        }),
        Row::shown("maintenance", Json::Boolean, |v, out| {
            out.boolean(v.node.maintenance)
        })
        .accept(Set::Both, BOOLEAN, |n, v| n.maintenance = flag(v)),
        words("maintenance_reason", |v, out| {
            out.maybe_text(v.node.maintenance_reason.as_deref());
        }),
        words("fault", |v, out| out.maybe_text(v.node.fault.as_deref())).since(Feature::Fault),
        words("health", |v, out| out.maybe_text(v.node.health.as_deref()))
            .since(Feature::NodeHealth),
        Row::shown("console_enabled", Json::Boolean, |v, out| {
            out.boolean(v.node.console_enabled);
        })
        .accept(Set::Create, BOOLEAN, |n, v| n.console_enabled = flag(v)),
        words("instance_uuid", |v, out| {
            out.maybe_text(v.node.instance_uuid.as_deref())
        })
        .accept(Set::Both, UUID, |n, v| n.instance_uuid = text(v)),
        words("instance_name", |v, out| {
            out.maybe_text(v.node.instance_name.as_deref())
        })
        .since(Feature::NodeInstanceName)
        .accept(Set::Both, TEXT.length(1, 255), |n, v| {
            n.instance_name = text(v)
        }),
        words("chassis_uuid", |v, out| out.maybe_text(v.chassis_uuid))
            .resolved(Set::Both, UUID)
            .one_only(),
        words("allocation_uuid", |v, out| {
            out.maybe_text(v.allocation_uuid)
        })
        .since(Feature::Allocation)
        .one_only(),
        words("conductor", |v, out| out.maybe_text(v.conductor))
            .since(Feature::Conductors)
            .one_only(),
        words("resource_class", |v, out| {
            out.maybe_text(v.node.resource_class.as_deref())
        })
        .since(Feature::ResourceClass)
        .accept(Set::Both, TEXT.length(0, 80), |n, v| {
            n.resource_class = filled_text(v)
        }),
        words("conductor_group", |v, out| {
            out.text(&v.node.conductor_group)
        })
        .blank_text()
        .since(Feature::NodeConductorGroup)
        .accept(Set::Both, TEXT, |n, v| {
            n.conductor_group = text(v).unwrap_or_default().to_lowercase();
        }),
        words("description", |v, out| {
            out.maybe_text(v.node.description.as_deref())
        })
        .since(Feature::NodeDescription)
        .accept(Set::Both, TEXT.length(0, DESCRIPTION_LIMIT), |n, v| {
            n.description = text(v);
        }),
        words("owner", |v, out| out.maybe_text(v.node.owner.as_deref()))
            .since(Feature::NodeOwner)
            .accept(Set::Both, TEXT, |n, v| n.owner = text(v)),
        words("lessee", |v, out| out.maybe_text(v.node.lessee.as_deref()))
            .since(Feature::NodeLessee)
            .accept(Set::Both, TEXT, |n, v| n.lessee = text(v)),
        words("shard", |v, out| out.maybe_text(v.node.shard.as_deref()))
            .since(Feature::NodeShard)
            .accept(Set::Both, TEXT, |n, v| n.shard = text(v)),
        words("parent_node", |v, out| {
            out.maybe_text(v.node.parent_node.as_deref())
        })
        .since(Feature::ParentChildNodes)
        .accept(Set::Both, TEXT.length(0, 36), |n, v| {
            n.parent_node = text(v)
        }),
        Row::shown("automated_clean", Json::Boolean, |v, out| {
            out.maybe_boolean(v.node.automated_clean);
        })
        .since(Feature::NodeAutomatedClean)
        .accept(Set::Both, BOOLEAN, |n, v| n.automated_clean = v.as_bool()),
        Row::shown("disable_power_off", Json::Boolean, |v, out| {
            out.maybe_boolean(v.node.disable_power_off);
        })
        .since(Feature::DisablePowerOff)
        .accept(Set::Both, BOOLEAN, |n, v| n.disable_power_off = v.as_bool()),
        Row::shown("protected", Json::Boolean, |v, out| {
            out.boolean(v.node.protected)
        })
        .since(Feature::NodeProtected)
        .accept(Set::Patch, BOOLEAN, |n, v| n.protected = flag(v)),
        words("protected_reason", |v, out| {
            out.maybe_text(v.node.protected_reason.as_deref());
        })
        .since(Feature::NodeProtected)
        .accept(Set::Patch, TEXT, |n, v| n.protected_reason = text(v)),
        Row::shown("retired", Json::Boolean, |v, out| {
            out.maybe_boolean(v.node.retired)
        })
        .since(Feature::NodeRetired)
        .accept(Set::Both, BOOLEAN, |n, v| n.retired = v.as_bool()),
        words("retired_reason", |v, out| {
            out.maybe_text(v.node.retired_reason.as_deref())
        })
        .since(Feature::NodeRetired)
        .accept(Set::Both, TEXT, |n, v| n.retired_reason = text(v)),
        words("boot_mode", |v, out| {
            out.maybe_text(v.node.boot_mode.as_deref());
        })
        .since(Feature::NodeBootMode)
        .accept(Set::Create, TEXT, |n, v| n.boot_mode = text(v)),
        Row::shown("secure_boot", Json::Boolean, |v, out| {
            out.maybe_boolean(v.node.secure_boot);
        })
        .since(Feature::NodeBootMode)
        .accept(
            Set::Create,
            Accept::of(&[Json::String, Json::Boolean, Json::Null]),
            // Whatever is not empty is true here; oslo's words are not consulted.
            |n, v| n.secure_boot = (!v.is_null()).then(|| flag(v)),
        ),
        Row::shown("inspection_started_at", Json::String, |v, out| {
            out.time(v.node.inspection_started_at);
        })
        .since(Feature::InspectState),
        Row::shown("inspection_finished_at", Json::String, |v, out| {
            out.time(v.node.inspection_finished_at);
        })
        .since(Feature::InspectState),
        interface!("bios_interface", Bios, BiosInterface),
        interface!("boot_interface", Boot, DynamicInterfaces),
        interface!("console_interface", Console, DynamicInterfaces),
        interface!("deploy_interface", Deploy, DynamicInterfaces),
        interface!("firmware_interface", Firmware, FirmwareInterface),
        interface!("inspect_interface", Inspect, DynamicInterfaces),
        interface!("management_interface", Management, DynamicInterfaces),
        interface!("network_interface", Network, NetworkInterface),
        interface!("power_interface", Power, DynamicInterfaces),
        interface!("raid_interface", Raid, DynamicInterfaces),
        interface!("rescue_interface", Rescue, RescueInterface),
        interface!("storage_interface", Storage, StorageInterface),
        interface!("vendor_interface", Vendor, DynamicInterfaces),
        Row::shown("driver_info", Json::Object, |v, out| {
            if !out.visible.driver_info {
                redacted("requires baremetal:node:get:driver_info", out);
            } else if out.visible.driver_secrets {
                out.doc(&v.node.driver_info);
            } else {
                out.masked(&v.node.driver_info, &["snmp_auth_key", "snmp_priv_key"]);
            }
        })
        .accept(Set::Both, OBJECT, |n, v| n.driver_info = doc(v)),
        Row::shown("driver_internal_info", Json::Object, |v, out| {
            if !out.visible.driver_internal_info {
                redacted("Requires baremetal:node:get:driver_internal_info", out);
            } else if out.visible.driver_secrets {
                out.doc(&v.node.driver_internal_info);
            } else {
                out.masked(&v.node.driver_internal_info, &[]);
            }
        })
        .since(Feature::DriverInternalInfo),
        Row::shown("instance_info", Json::Object, |v, out| {
            if out.visible.instance_secrets {
                out.doc(&v.node.instance_info);
            } else {
                out.masked(&v.node.instance_info, &["configdrive", "image_url"]);
            }
        })
        .accept(Set::Both, OBJECT, |n, v| n.instance_info = doc(v)),
        object("properties", |v, out| out.doc(&v.node.properties)).accept(
            Set::Both,
            OBJECT,
            |n, v| n.properties = doc(v),
        ),
        object("extra", |v, out| out.doc(&v.node.extra))
            .accept(Set::Both, OBJECT, |n, v| n.extra = doc(v)),
        object("network_data", |v, out| {
            out.doc(&v.node.network_data);
        })
        .since(Feature::NodeNetworkData)
        .accept(
            Set::Both,
            OBJECT.check(crate::schema::network_data),
            |n, v| {
                n.network_data = doc(v);
            },
        ),
        object("clean_step", |v, out| out.doc(&v.node.clean_step)).since(Feature::NodeClean),
        object("deploy_step", |v, out| out.doc(&v.node.deploy_step)).since(Feature::NodeDeployStep),
        object("service_step", |v, out| {
            out.doc(&v.node.service_step);
        })
        .since(Feature::Service),
        object("raid_config", |v, out| out.doc(&v.node.raid_config)).since(Feature::RaidConfig),
        object("target_raid_config", |v, out| {
            out.doc(&v.node.target_raid_config);
        })
        .since(Feature::RaidConfig),
        Row::shown("traits", Json::Array, |v, out| out.texts(&v.node.traits))
            .since(Feature::NodeTraits),
        Row::shown("links", Json::Array, |v, out| {
            out.links(format_args!("nodes/{}", v.node.uuid));
        })
        .unselectable()
        .always(),
        Row::shown("ports", Json::Array, |v, out| {
            out.links(format_args!("nodes/{}/ports", v.node.uuid));
        })
        .unselectable(),
        Row::shown("states", Json::Array, |v, out| {
            out.links(format_args!("nodes/{}/states", v.node.uuid));
        })
        .since(Feature::LinksNodestatesDriverproperties)
        .ungated()
        .unselectable(),
        Row::shown("portgroups", Json::Array, |v, out| {
            out.links(format_args!("nodes/{}/portgroups", v.node.uuid));
        })
        .since(Feature::PortgroupsSubcontrollers)
        .ungated()
        .unselectable(),
        Row::shown("volume", Json::Array, |v, out| {
            out.links(format_args!("nodes/{}/volume", v.node.uuid));
        })
        .since(Feature::Volume)
        .ungated()
        .unselectable(),
    ];
}

/// A row of a JSON object that needs no masking.
const fn object(name: &'static str, show: crate::field::Show<NodeResource>) -> Field<NodeResource> {
    Row::shown(name, Json::Object, show)
}

fn redacted(need: &str, out: &mut Out<'_>) {
    out.object(|out| {
        out.key("content")
            .text(&format!("** Redacted - {need} permission. **"));
    });
}

/// The provision state by the name a version has for it.
pub fn provision_state(state: State, out: &mut Out<'_>) {
    let version = out.version();
    match state {
        State::Available if !version.allows(Feature::AvailableState) => out.null(),
        State::InspectWait if !version.allows(Feature::InspectWait) => {
            out.text(State::Inspecting.as_str());
        }
        other => out.text(other.as_str()),
    }
}
