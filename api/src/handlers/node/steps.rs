//! Steps that a person asks for: their shape, those nobody may ask for, and nodes they name.

use schemas_model::{Class, Fault, Uuid};
use schemas_rest::{ident, schema};
use serde_json::Value;

use crate::request::Call;

/// What steps are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Manual cleaning.
    Clean,
    /// Deployment.
    Deploy,
    /// Servicing.
    Service,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Purpose::Clean => "clean",
            Purpose::Deploy => "deploy",
            Purpose::Service => "service",
        }
    }
}

/// Checks steps.
///
/// # Errors
/// 400 for a wrong shape or a step of `[api]disallow_*_steps`; 404 or 403 for a child node that the
/// caller may not provision.
pub async fn check(call: &Call, purpose: Purpose, steps: &Value) -> Result<(), Fault> {
    let what = format!("{}_steps", purpose.word());
    let api = &call.config().api;
    let refused = match purpose {
        Purpose::Clean => &api.disallow_clean_steps,
        Purpose::Deploy => &api.disallow_deploy_steps,
        Purpose::Service => &api.disallow_service_steps,
    };
    if purpose == Purpose::Deploy {
        schema::deploy_steps(&what, steps)?;
    } else {
        schema::user_steps(&what, steps)?;
    }
    for step in steps.as_array().into_iter().flatten() {
        check_children(call, step).await?;
    }
    for step in steps.as_array().into_iter().flatten() {
        let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
        let id = format!("{}.{}", text("interface"), text("step"));
        if refused.contains(&id) {
            return Err(Fault::new(
                Class::StepNotAllowed,
                format!(
                    "The {} step {id} is not allowed by the configuration.",
                    purpose.word()
                ),
            ));
        }
    }
    Ok(())
}

async fn check_children(call: &Call, step: &Value) -> Result<(), Fault> {
    let wrong = || {
        Fault::invalid_parameter(
            "Invalid entry for execute_on_child_nodes: a boolean, and UUIDs of nodes, are expected",
        )
    };
    let on_children = step.get("execute_on_child_nodes").unwrap_or(&Value::Null);
    if !schemas_rest::mask::is_truthy(on_children) {
        return Ok(());
    }
    match step.get("limit_child_node_execution") {
        Some(Value::Array(nodes)) => {
            for node in nodes {
                let uuid = node.as_str().filter(|text| Uuid::is_like(text));
                let uuid = uuid.ok_or_else(wrong)?;
                call.authorise_node_for("baremetal:node:set_provision_state", uuid)
                    .await?;
            }
            Ok(())
        }
        _ => match on_children {
            Value::Bool(_) => Ok(()),
            Value::String(word) if ident::boolean(word).is_some() => Ok(()),
            _ => Err(wrong()),
        },
    }
}
