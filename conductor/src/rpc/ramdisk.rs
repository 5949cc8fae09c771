//! Ramdisks reporting in: lookup tokens, heartbeats, inspection results.

use std::path::Path;
use std::sync::Arc;

use drivers_interface::{Heartbeat as Beat, Inspection, Task};
use schemas_model::provision::{Event, State};
use schemas_model::{Class, Fault, Node, Object};
use schemas_rpc::methods::{ContinueInspection, GetNodeWithToken, Heartbeat};
use schemas_rpc::{RequestContext, Versioned};
use serde_json::Value;

use crate::agent;
use crate::agent_certificate;
use crate::core::Core;
use crate::flow::Work;
use crate::flow::work::{Beginning, start};
use crate::history::EventType;
use crate::task::Patience;
use crate::workers::Lane;

pub async fn get_node_with_token(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: GetNodeWithToken,
) -> Result<Box<Versioned<Node>>, Fault> {
    let mut task = core.shared(context, &request.node_id).await?;
    if agent::has_token(task.node()) {
        tracing::warn!(node.uuid = %task.node().uuid, "an agent asks for a token again and does not get it");
        agent::mask_token(task.node_mut());
        return Ok(Box::new(Versioned::from(task.node().clone())));
    }
    task.upgrade(Patience::None).await?;
    agent::add_token(task.node_mut());
    let saved = task.save().await;
    let id = task.node().id;
    task.finish(saved).await?;
    Ok(Box::new(Versioned::from(core.database.node(id).await?)))
}

pub async fn heartbeat(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: Heartbeat,
) -> Result<(), Fault> {
    if request.agent_version.is_none() && request.agent_status.is_none() {
        return Err(Fault::invalid_parameter(
            "Agent did not transmit a version, and a version is required. Please update the agent \
             being used.",
        ));
    }
    let task = core.shared(context, &request.node_id).await?;
    let token = request
        .agent_token
        .as_ref()
        .map(|token| token.expose().as_str());
    if !token.is_some_and(|token| agent::is_token(task.node(), token)) {
        return Err(Fault::invalid_parameter(
            "Invalid or missing agent token received.",
        ));
    }
    let url = request.callback_url;
    if core.config.agent.require_tls && !url.is_empty() && !url.starts_with("https://") {
        return Err(Fault::invalid_parameter("TLS is required by configuration"));
    }
    let agent_verify_ca = match request.agent_verify_ca.filter(|pem| !pem.is_empty()) {
        Some(pem) => {
            let directory = Path::new(&core.config.agent.certificates_path);
            Some(agent_certificate::store(task.node(), directory, &pem).await?)
        }
        None => None,
    };
    if let Some(host) = task
        .node()
        .reservation
        .as_deref()
        .filter(|_| !agent::is_known(task.node()))
    {
        return Err(Fault::node_locked(format!(
            "Node {} is locked by host {host}, please retry after the current operation is completed.",
            task.node().uuid
        )));
    }
    let place = core.workers.place(Lane::Background)?;
    let beat = Beat {
        callback_url: url,
        agent_version: request.agent_version,
        agent_verify_ca,
        agent_status: request.agent_status,
        agent_status_message: request.agent_status_message,
    };
    start(place, task, Work::Heartbeat(Box::new(beat)));
    Ok(())
}

pub async fn continue_inspection(
    core: &Arc<Core>,
    context: &Arc<RequestContext>,
    request: ContinueInspection,
) -> Result<(), Fault> {
    let task = core
        .exclusive(context, &request.node_id, Patience::Usual)
        .await?;
    let inspection = Inspection {
        inventory: object(request.inventory),
        plugin_data: object(request.plugin_data),
    };
    let work = Work::InspectionResults(Box::new(inspection));
    match task.node().provision_state {
        State::InspectWait => {
            let beginning = Beginning::of(Event::Resume, work).filed(EventType::Introspection);
            task.begin(beginning).await
        }
        State::Enroll if core.config.auto_discovery.enabled => task.hand_over(work).await,
        state => {
            tracing::error!(node.uuid = %task.node().uuid, %state, "inspection data for a node that is not inspected");
            let fault = Fault::new(Class::NotFound, "Resource could not be found.");
            task.finish(Err(fault)).await
        }
    }
}

fn object(value: Value) -> Object {
    match value {
        Value::Object(members) => members.into(),
        _ => Object::default(),
    }
}
