//! Finding the runbook of the path, and who may use which steps.

use schemas_model::{Class, Fault, Runbook};
use schemas_rest::ident;
use serde_json::Value;

use crate::request::{Access, Call};

/// Finds the runbook.
///
/// # Errors
/// 400 for what is neither UUID nor name, 404 when there is none.
pub async fn find(call: &Call) -> Result<Runbook, Fault> {
    let name = call.path("runbook");
    if !ident::is_uuid_or_name(name) {
        return Err(Fault::new(
            Class::InvalidUuidOrName,
            format!("Expected a logical name or UUID but received {name}."),
        ));
    }
    Ok(call.before_policy().runbook_by_ident(name).await?)
}

/// Finds the runbook and asks the rule of the operation about it.
///
/// # Errors
/// As [`find`]; 403.
pub async fn authorised(call: &Call) -> Result<Access<'_, Runbook>, Fault> {
    let runbook = find(call).await?;
    let access = call.authorise_owned(call.operation.rule, runbook.owner.as_deref())?;
    Ok(access.with(runbook))
}

/// Asks the rules of single steps, where an operator wrote any.
///
/// # Errors
/// 403 with all steps that are denied.
pub fn check_steps<T>(access: &Access<'_, T>, steps: &Value) -> Result<(), Fault> {
    let text = |step: &Value, name: &str| {
        let text = step.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let denied: Vec<String> = steps
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .map(|step| (text(step, "interface"), text(step, "step")))
        .filter(|(interface, step)| {
            access.forbids_where_written(&format!("baremetal:step:execute:{interface}.{step}"))
        })
        .map(|(interface, step)| {
            format!("insufficient privileges to execute step {step} on interface {interface}")
        })
        .collect();
    if denied.is_empty() {
        Ok(())
    } else {
        Err(Fault::new(Class::NotAuthorized, denied.join("; ")))
    }
}
