//! `GET /v1/lookup`: which node is this ramdisk running on, and what is it to do?

use schemas_db::Database;
use schemas_model::provision::Lookup;
use schemas_model::{Class, Fault, Node};
use schemas_rest::shape::{Scope, Selection};
use schemas_rest::types::node::NodeResource;
use schemas_rest::{Feature, ident};
use schemas_rpc::NodeRef;
use schemas_rpc::methods::GetNodeWithToken;
use serde_json::{Value, json};

use super::check_enabled;
use crate::handlers::node::beside::Beside;
use crate::handlers::{Answered, no_host_is_400};
use crate::request::{Access, Answer, Call};

/// The fields of a node a ramdisk is told.
const FIELDS: &[&str] = &[
    "uuid",
    "properties",
    "instance_info",
    "driver_internal_info",
];

/// Finds the node by UUID or by the addresses of its ports.
pub async fn lookup(call: &Call) -> Answered {
    check_enabled(call)?;
    let access = call.authorise()?;
    let addresses: Vec<String> = call
        .args
        .list("addresses")
        .unwrap_or_default()
        .iter()
        .filter_map(|address| ident::mac(address))
        .collect();
    let uuid = call.args.uuid("node_uuid");
    if addresses.is_empty() && uuid.is_none() {
        return Err(Fault::new(
            Class::IncompleteLookup,
            "At least one of 'addresses' and 'node_uuid' parameters is required",
        ));
    }
    let db: &Database = access.db();
    let found = match &uuid {
        Some(uuid) => db.node_by_uuid(uuid).await,
        None => db.node_by_port_addresses(&addresses).await,
    };
    // One answer for "unknown" and "in the wrong state": nobody learns which nodes exist.
    let node = found.map_err(Fault::from).map_err(|fault| {
        if fault.is_a(Class::NotFound) {
            not_found()
        } else {
            fault
        }
    })?;
    if call.config().api.restrict_lookup && !lookup_allowed(call, &node) {
        tracing::error!(
            node.uuid = %node.uuid,
            state = %node.provision_state,
            "lookup is not allowed in this state"
        );
        return Err(not_found());
    }
    let node = if call.allows(Feature::AgentToken) {
        let to = access
            .ring()
            .destination(&node)
            .await
            .map_err(no_host_is_400)?;
        let request = GetNodeWithToken {
            node_id: NodeRef::from(&node.uuid),
        };
        access.send(&to, request).await?.object
    } else {
        node
    };
    answer(&access, &node).await
}

fn not_found() -> Fault {
    Fault::not_found("Resource could not be found.")
}

fn lookup_allowed(call: &Call, node: &Node) -> bool {
    let fast_track = match node.driver_info.member("fast_track") {
        Some(value) => schemas_rest::params::boolean(value).unwrap_or(false),
        None => call.config().deploy.fast_track,
    };
    match node.provision_state.lookup() {
        Lookup::Always => true,
        Lookup::FastTrack => fast_track,
        Lookup::Never => false,
    }
}

/// The answer to a ramdisk: its node, and how it is to behave.
///
/// # Errors
/// When the database does not answer.
pub async fn answer<T>(access: &Access<'_, T>, node: &Node) -> Result<Answer, Fault> {
    let names: Vec<String> = FIELDS.iter().map(|name| (*name).to_owned()).collect();
    let selection = Selection::<NodeResource>::chosen(&names, access.version, Scope::One)?;
    let beside = Beside::of(access, std::slice::from_ref(node), &selection).await?;
    let mut out = access.out();
    out.visible = access.visibility(Some(node));
    out.object(|out| {
        selection.write(&beside.view(node), out.key("node"));
        out.key("config").value(&config(access.call(), node));
    });
    Ok(access.answer(out.finish()))
}

/// How the agent is to behave.
fn config(call: &Call, node: &Node) -> Value {
    let config = call.config();
    let management = node
        .interfaces
        .get(schemas_model::interface::InterfaceKind::Management);
    json!({
        "metrics": {
            "backend": config.metrics.agent_backend.to_string(),
            "prepend_host": config.metrics.agent_prepend_host,
            "prepend_uuid": config.metrics.agent_prepend_uuid,
            "prepend_host_reverse": config.metrics.agent_prepend_host_reverse,
            "global_prefix": config.metrics.agent_global_prefix,
        },
        "metrics_statsd": {
            "statsd_host": config.metrics_statsd.agent_statsd_host.to_string(),
            "statsd_port": config.metrics_statsd.agent_statsd_port,
        },
        "heartbeat_timeout": config.api.ramdisk_heartbeat_timeout,
        "agent_containers": {
            "allow_arbitrary_containers": config.agent_containers.allow_arbitrary_containers,
            "allowed_containers": config.agent_containers.allowed_containers,
            "container_steps_file": config.agent_containers.container_steps_file,
            "runner": config.agent_containers.runner.to_string(),
            "pull_options": config.agent_containers.pull_options,
            "run_options": config.agent_containers.run_options,
        },
        "agent_token": node.driver_internal_info.member("agent_secret_token"),
        "agent_token_required": true,
        "agent_md5_checksum_enable": config.agent.allow_md5_checksum,
        "disable_deep_image_inspection": config.conductor.disable_deep_image_inspection,
        "permitted_image_formats": config.conductor.permitted_image_formats,
        "agent_skip_bmc_detect": matches!(management, Some("redfish" | "idrac-redfish")),
        "enable_bios_bootloader_install": config.agent.enable_bios_bootloader_install,
        "tls_min_version": config.agent.tls_minimum_version.to_string(),
        "tls_cipher_suites": config.agent.tls_ciphers,
    })
}
