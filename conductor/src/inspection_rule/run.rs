//! Driving the engine: rules from database and file, the requests they want, and storing what they
//! changed. The only part with I/O; nothing is held while a server is asked.

use std::path::Path;
use std::time::Duration;

use drivers_interface::{Inspection, Task};
use schemas_config::Config;
use schemas_db::{InspectionRuleFilter, Page};
use schemas_model::time::Timestamp;
use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value};
use yaml_rust2::{Yaml, YamlLoader};

use super::built_in;
use super::engine::{ApiCall, Engine, Progress, Rule, Subject};
use crate::task::NodeTask;

/// The largest file of built-in rules, in bytes.
const MAX_FILE: u64 = 1024 * 1024;
/// The longest wait between two attempts.
const MAX_BACKOFF: Duration = Duration::from_secs(120);
/// Answers that are worth another attempt.
const PASSING: &[u16] = &[429, 500, 502, 503, 504];

/// Runs the rules on what a ramdisk found; `inspection` stands in when nothing is stored.
///
/// # Errors
/// What made a rule fail. What rules changed before is stored all the same.
pub async fn after_ramdisk(task: &mut NodeTask, inspection: &Inspection) -> Result<(), Fault> {
    let database = &task.core().database;
    let found = match database.node_inventory(task.node().id).await {
        Ok(stored) => Inspection {
            inventory: stored.inventory_data,
            plugin_data: stored.plugin_data,
        },
        Err(_) => inspection.clone(),
    };
    apply(task, found).await
}

/// Runs the rules on what the BMC told, if something was stored since the inspection began.
///
/// # Errors
/// As [`after_ramdisk`].
pub async fn after_bmc(task: &mut NodeTask, began: Timestamp) -> Result<(), Fault> {
    // Some databases keep whole seconds only.
    let began = began - chrono::Duration::seconds(1);
    let database = &task.core().database;
    match database.node_inventory(task.node().id).await {
        Ok(stored) if stored.created_at.is_some_and(|at| at > began) => {
            let found = Inspection {
                inventory: stored.inventory_data,
                plugin_data: stored.plugin_data,
            };
            apply(task, found).await
        }
        _ => Ok(()),
    }
}

async fn apply(task: &mut NodeTask, found: Inspection) -> Result<(), Fault> {
    let filter = InspectionRuleFilter::default();
    let database = &task.core().database;
    let stored = database.inspection_rule_list(&filter, &Page::all()).await?;
    let mut rules = Rule::of_main_phase(&stored);
    if let Some(path) = &task.config().inspection_rules.built_in_rules {
        rules.extend(read_file(Path::new(path)).await?);
    }
    if rules.is_empty() {
        return Ok(());
    }
    let subject = Subject {
        node: task.node().clone(),
        ports: task.ports().to_vec(),
        inventory: found.inventory.to_value(),
        plugin_data: found.plugin_data.to_value(),
    };
    let mask = task.config().inspection_rules.mask_secrets;
    let mut engine = Engine::new(rules, subject, mask);
    let outcome = drive(&mut engine, task.config()).await;
    store(task, found, engine.subject).await?;
    outcome
}

async fn drive(engine: &mut Engine, config: &Config) -> Result<(), Fault> {
    loop {
        match engine.run()? {
            Progress::Done => return Ok(()),
            Progress::Call(call) => request(&call, &config.default.webserver_verify_ca).await?,
        }
    }
}

async fn store(task: &mut NodeTask, found: Inspection, after: Subject) -> Result<(), Fault> {
    let traits = after.node.traits.clone();
    let other_traits = traits != task.node().traits;
    if after.node != *task.node() {
        *task.node_mut() = after.node;
        task.save().await?;
    }
    if other_traits {
        let database = &task.core().database;
        database.node_traits_set(task.node().id, &traits).await?;
    }
    for port in after.ports {
        if !task.ports().contains(&port) {
            task.port_save(port).await?;
        }
    }
    if let Value::Object(mut plugin_data) = after.plugin_data
        && plugin_data != *found.plugin_data.get()
    {
        plugin_data.shift_remove("logs");
        let plugin_data = Object::from_parsed(plugin_data);
        task.inventory_store(found.inventory, plugin_data).await?;
    }
    Ok(())
}

async fn request(call: &ApiCall, verify: &str) -> Result<(), Fault> {
    let failed = |reason: String| {
        Fault::new(
            Class::RuleActionExecutionFailure,
            format!("Request to {} failed: {reason}", call.url),
        )
    };
    let client = client(call, verify).await.map_err(failed)?;
    let mut attempt = 0;
    loop {
        let mut request = client.get(&call.url);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let reason = match request.send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                if status < 400 {
                    return Ok(());
                }
                let reason = format!("HTTP status {status}");
                if !PASSING.contains(&status) {
                    return Err(failed(reason));
                }
                reason
            }
            Err(error) => error.without_url().to_string(),
        };
        attempt += 1;
        if attempt > call.retries {
            return Err(failed(reason));
        }
        let wait = call.backoff_factor * 2_f64.powi(i32::try_from(attempt - 1).unwrap_or(i32::MAX));
        let wait = Duration::try_from_secs_f64(wait).unwrap_or(MAX_BACKOFF);
        tokio::time::sleep(wait.min(MAX_BACKOFF)).await;
    }
}

/// A client that trusts whom `[DEFAULT]webserver_verify_ca` says: everybody, nobody unknown, or a
/// CA file.
async fn client(call: &ApiCall, verify: &str) -> Result<reqwest::Client, String> {
    let mut builder = reqwest::Client::builder()
        .timeout(call.timeout)
        .redirect(reqwest::redirect::Policy::limited(10))
        .no_proxy();
    for (scheme, proxy) in &call.proxies {
        let proxy = match scheme.as_str() {
            "http" => reqwest::Proxy::http(proxy),
            "https" => reqwest::Proxy::https(proxy),
            _ => continue,
        };
        builder = builder.proxy(proxy.map_err(|error| error.to_string())?);
    }
    builder = match verify.to_lowercase().as_str() {
        "1" | "t" | "true" | "on" | "y" | "yes" => builder,
        "0" | "f" | "false" | "off" | "n" | "no" => builder.tls_danger_accept_invalid_certs(true),
        _ => {
            let pem = tokio::fs::read(verify)
                .await
                .map_err(|error| format!("{verify}: {error}"))?;
            let roots = reqwest::Certificate::from_pem_bundle(&pem);
            builder.tls_certs_only(roots.map_err(|error| error.to_string())?)
        }
    };
    builder.build().map_err(|error| error.to_string())
}

async fn read_file(path: &Path) -> Result<Vec<Rule>, Fault> {
    let failed = |reason: String| {
        Fault::new(
            Class::IronicException,
            format!(
                "Error loading built-in inspection rules from {}: {reason}",
                path.display()
            ),
        )
    };
    let facts = tokio::fs::metadata(path).await;
    let facts = facts.map_err(|error| failed(error.to_string()))?;
    if facts.len() > MAX_FILE {
        return Err(failed(format!("more than {MAX_FILE} bytes")));
    }
    let text = tokio::fs::read_to_string(path).await;
    let text = text.map_err(|error| failed(error.to_string()))?;
    let documents = YamlLoader::load_from_str(&text).map_err(|error| failed(error.to_string()))?;
    let first = documents.first().map_or(Value::Null, json);
    built_in::rules(&first)
}

/// YAML as JSON; what has no equal there becomes null.
fn json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::String(text) => Value::from(text.as_str()),
        Yaml::Integer(number) => Value::from(*number),
        Yaml::Real(digits) => digits.parse::<f64>().map_or(Value::Null, Value::from),
        Yaml::Boolean(flag) => Value::from(*flag),
        Yaml::Array(items) => items.iter().map(json).collect(),
        Yaml::Hash(members) => {
            let members: Map<String, Value> = members
                .iter()
                .map(|(key, value)| (super::python::text(&json(key)), json(value)))
                .collect();
            Value::Object(members)
        }
        Yaml::Alias(_) | Yaml::Null | Yaml::BadValue => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn rules_are_read_from_a_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("rules.yaml");
        let text =
            "- description: x\n  priority: 5\n  actions:\n  - op: fail\n    args: {msg: 'no'}\n";
        std::fs::write(&path, text).unwrap();
        let rules = read_file(&path).await.unwrap();
        assert_eq!(rules[0].priority, 5);
        assert_eq!(
            rules[0].actions,
            [json!({"op": "fail", "args": {"msg": "no"}})]
        );
        assert!(read_file(&directory.path().join("nosuch")).await.is_err());
    }
}
