//! Actions, executed on a subject.

use schemas_model::rule::{Action, Args};
use schemas_model::{Class, Fault, Port};
use serde_json::{Value, json};

use super::engine::{ApiCall, Subject};
use super::{fields, nested, python};

/// Executes an action with its arguments filled in. Returns the request it wants made, if any.
///
/// # Errors
/// `HardwareInspectionFailure` for `fail`, `PortNotFound`, `RuleActionExecutionFailure` for
/// anything that cannot be done.
pub fn execute(
    action: Action,
    args: &Args,
    subject: &mut Subject,
) -> Result<Option<ApiCall>, Fault> {
    let arg = |name: &str| args.get(name).cloned().unwrap_or_default();
    let text = |name: &str| python::text(&arg(name));
    let unique = python::is_truthy(&arg("unique"));
    let done = match action {
        Action::Fail => {
            return Err(Fault::new(
                Class::HardwareInspectionFailure,
                format!("Failed to inspect hardware. Reason: {}", text("msg")),
            ));
        }
        Action::Log => return log(&text("msg"), args.get("level")).map(|()| None),
        Action::ApiCall => return api_call(args).map(Some).map_err(failed),
        Action::SetAttribute => set(&mut subject.node, &arg("path"), arg("value")),
        Action::ExtendAttribute => extend(&mut subject.node, &arg("path"), arg("value"), unique),
        Action::DelAttribute => delete(&mut subject.node, &arg("path")),
        Action::SetCapability => set_capability(subject, &arg("name"), &arg("value")),
        Action::UnsetCapability => unset_capability(subject, &text("name")),
        Action::AddTrait => {
            let name = text("name");
            let traits = &mut subject.node.traits;
            if !traits.contains(&name) {
                traits.push(name);
                traits.sort_unstable();
            }
            Ok(())
        }
        Action::RemoveTrait => {
            let name = text("name");
            subject.node.traits.retain(|known| *known != name);
            Ok(())
        }
        Action::SetPluginData => keys(&arg("path"))
            .and_then(|path| nested::set(&mut subject.plugin_data, &path, arg("value"))),
        Action::ExtendPluginData => keys(&arg("path"))
            .and_then(|path| extend_plugin_data(subject, &path, arg("value"), unique)),
        Action::UnsetPluginData => keys(&arg("path")).map(|path| {
            if !nested::unset(&mut subject.plugin_data, &path) {
                tracing::warn!(node.uuid = %subject.node.uuid, "an inspection rule unsets plugin data that are not there");
            }
        }),
        Action::SetPortAttribute => set(port(subject, &text("port_id"))?, &arg("path"), arg("value")),
        Action::ExtendPortAttribute => extend(
            port(subject, &text("port_id"))?,
            &arg("path"),
            arg("value"),
            unique,
        ),
        Action::DelPortAttribute => delete(port(subject, &text("port_id"))?, &arg("path")),
    };
    done.map(|()| None).map_err(|reason| {
        failed(format!(
            "'{}' with {}: {reason}",
            action.as_str(),
            text("path")
        ))
    })
}

fn failed(reason: impl std::fmt::Display) -> Fault {
    Fault::new(
        Class::RuleActionExecutionFailure,
        format!("Failed to execute inspection rule action: {reason}"),
    )
}

fn log(message: &str, level: Option<&Value>) -> Result<(), Fault> {
    let level = level.map_or("info".to_owned(), |level| {
        python::text(level).to_lowercase()
    });
    match level.as_str() {
        "debug" => tracing::debug!(rule = true, "{message}"),
        "info" => tracing::info!(rule = true, "{message}"),
        "warning" => tracing::warn!(rule = true, "{message}"),
        "error" | "critical" => tracing::error!(rule = true, "{message}"),
        other => {
            return Err(Fault::new(
                Class::InspectionRuleExecutionFailure,
                format!(
                    "Invalid log level: {other}. Choose from debug, info, warning, error, critical"
                ),
            ));
        }
    }
    Ok(())
}

fn path(value: &Value) -> Result<Vec<String>, String> {
    value
        .as_str()
        .map(nested::parts)
        .ok_or_else(|| format!("{} is no path", python::repr(value)))
}

fn keys(value: &Value) -> Result<Vec<String>, String> {
    nested::keys(value).ok_or_else(|| format!("{} is no path", python::repr(value)))
}

/// What is put beside the fields is kept by nobody, and no error (Ironic 39.0.0, observed).
fn is_beside<T: schemas_rpc::Object>(name: &str, rest: &[String]) -> bool {
    rest.is_empty() && !fields::is_known::<T>(name)
}

fn set<T: schemas_rpc::Object>(object: &mut T, at: &Value, value: Value) -> Result<(), String> {
    let parts = path(at)?;
    let (name, rest) = parts.split_first().ok_or("the path is empty")?;
    if is_beside::<T>(name, rest) {
        return Ok(());
    }
    fields::edit(object, name, |field| {
        if rest.is_empty() {
            *field = value;
            Ok(())
        } else {
            nested::set(field, rest, value)
        }
    })
}

fn extend<T: schemas_rpc::Object>(
    object: &mut T,
    at: &Value,
    value: Value,
    unique: bool,
) -> Result<(), String> {
    let parts = path(at)?;
    let (name, rest) = parts.split_first().ok_or("the path is empty")?;
    if is_beside::<T>(name, rest) {
        return Ok(());
    }
    fields::edit(object, name, |field| {
        if rest.is_empty() {
            return nested::extend(field, value, unique);
        }
        let (holder, last) = nested::holder(field, rest)?;
        let list = holder.entry(last.to_owned()).or_insert_with(|| json!([]));
        nested::extend(list, value, unique)
    })
}

fn delete<T: schemas_rpc::Object>(object: &mut T, at: &Value) -> Result<(), String> {
    let parts = path(at)?;
    let (name, rest) = parts.split_first().ok_or("the path is empty")?;
    if rest.is_empty() {
        return if fields::is_known::<T>(name) {
            // It comes back with the next reading of the node (Ironic 39.0.0, observed).
            Ok(())
        } else {
            Err(format!("there is no field '{name}'"))
        };
    }
    fields::edit(object, name, |field| nested::remove(field, rest))
}

/// Capabilities are one text, `name:value,name:value`; a name set twice is there twice.
fn set_capability(subject: &mut Subject, name: &Value, value: &Value) -> Result<(), String> {
    let (Value::String(name), Value::String(value)) = (name, value) else {
        return Err("name and value of a capability must be text".to_owned());
    };
    let properties = &mut subject.node.properties;
    let new = format!("{name}:{value}");
    let all = match properties.text_member("capabilities") {
        Some(old) if !old.is_empty() => format!("{old},{new}"),
        _ => new,
    };
    properties.set("capabilities", all);
    Ok(())
}

fn unset_capability(subject: &mut Subject, name: &str) -> Result<(), String> {
    let properties = &mut subject.node.properties;
    let old = properties.text_member("capabilities").unwrap_or_default();
    let start = format!("{name}:");
    let left: Vec<&str> = old
        .split(',')
        .filter(|one| !one.starts_with(&start))
        .collect();
    let left = left.join(",");
    properties.set("capabilities", left);
    Ok(())
}

fn extend_plugin_data(
    subject: &mut Subject,
    path: &[String],
    value: Value,
    unique: bool,
) -> Result<(), String> {
    let (holder, last) = nested::holder(&mut subject.plugin_data, path)?;
    let list = holder.entry(last.to_owned()).or_insert_with(|| json!([]));
    if !python::is_truthy(list) {
        *list = json!([]);
    }
    nested::extend(list, value, unique)
}

fn port<'s>(subject: &'s mut Subject, uuid: &str) -> Result<&'s mut Port, Fault> {
    subject
        .ports
        .iter_mut()
        .find(|port| port.uuid.as_str() == uuid)
        .ok_or_else(|| {
            Fault::new(
                Class::PortNotFound,
                format!("Port {uuid} could not be found."),
            )
        })
}

/// What `api-call` asks for, with the defaults of the reference.
fn api_call(args: &Args) -> Result<ApiCall, String> {
    let number = |name: &str, default: f64| match args.get(name) {
        None => Ok(default),
        Some(Value::Number(number)) => Ok(number.as_f64().unwrap_or(default)),
        Some(Value::String(text)) => text
            .trim()
            .parse()
            .map_err(|_| format!("{name} '{text}' is no number")),
        Some(other) => Err(format!("{name} {} is no number", python::repr(other))),
    };
    let texts = |name: &str| -> Vec<(String, String)> {
        args.get(name)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), python::text(value)))
            .collect()
    };
    let timeout = number("timeout", 5.0)?;
    if timeout.is_nan() || timeout <= 0.0 {
        return Err("timeout must be greater than zero".to_owned());
    }
    let url = args.get("url").and_then(Value::as_str);
    Ok(ApiCall {
        url: url.ok_or("the URL must be text")?.to_owned(),
        headers: texts("headers"),
        proxies: texts("proxies"),
        timeout: std::time::Duration::try_from_secs_f64(timeout).map_err(|e| e.to_string())?,
        retries: number("retries", 3.0)?.clamp(0.0, 100.0) as u32,
        backoff_factor: number("backoff_factor", 0.3)?.clamp(0.0, 60.0),
    })
}
