//! The system logs of a ramdisk, kept as `[agent]deploy_logs_*` say.
//!
//! A failure to get or to keep them is logged and never fails the work they belong to.

use std::path::Path;

use base64::Engine;
use drivers_interface::Task;
use schemas_config::section::agent::{LogsBackend, LogsCollect};
use schemas_model::Node;
use schemas_model::time::Timestamp;
use serde_json::{Value, json};

use crate::client::Agent;

/// After what logs are collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// The deployment went well.
    Success,
    /// Something failed; the label is part of the file's name.
    Failure(Option<&'static str>),
}

/// Fetches and keeps the logs, if the configuration says so.
pub(crate) async fn collect(task: &dyn Task, after: After) {
    let options = &task.config().agent;
    let wanted = match options.deploy_logs_collect {
        LogsCollect::Always => true,
        LogsCollect::OnFailure => after != After::Success,
        LogsCollect::Never => false,
    };
    if !wanted {
        return;
    }
    let uuid = &task.node().uuid;
    if options.deploy_logs_storage_backend == LogsBackend::Swift {
        tracing::error!(node.uuid = %uuid, "the ramdisk's logs are not kept: [agent]deploy_logs_storage_backend = swift is not supported");
        return;
    }
    match fetch(task).await {
        Ok(archive) => {
            let label = match after {
                After::Failure(label) => label,
                After::Success => None,
            };
            let name = file_name(task.node(), label, schemas_model::time::now());
            let directory = Path::new(&options.deploy_logs_local_path);
            match keep(directory, &name, &archive).await {
                Ok(()) => {
                    tracing::info!(node.uuid = %uuid, "the ramdisk's logs are in {}", directory.join(name).display());
                }
                Err(why) => {
                    tracing::error!(node.uuid = %uuid, error = %why, "the ramdisk's logs cannot be written to {}", directory.display());
                }
            }
        }
        Err(why) => {
            tracing::error!(node.uuid = %uuid, error = why, "the ramdisk's logs cannot be collected");
        }
    }
}

async fn fetch(task: &dyn Task) -> Result<Vec<u8>, String> {
    let agent = Agent::of(task).map_err(|fault| fault.message)?;
    let answer = agent
        .run("log.collect_system_logs", json!({}), true)
        .await
        .map_err(|fault| fault.message)?;
    let text = answer
        .command_result
        .get("system_logs")
        .and_then(Value::as_str)
        .ok_or("the agent gave no logs")?;
    base64::engine::general_purpose::STANDARD
        .decode(text.as_bytes())
        .map_err(|why| format!("the agent's logs are not base64: {why}"))
}

async fn keep(directory: &Path, name: &str, archive: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(directory).await?;
    tokio::fs::write(directory.join(name), archive).await
}

/// `uuid[_name][_instance][_label]_time.tar.gz` (Ironic 39.0.0).
fn file_name(node: &Node, label: Option<&str>, now: Timestamp) -> String {
    let time = now.format("%Y-%m-%d-%H-%M-%S").to_string();
    let parts = [
        Some(node.uuid.as_str()),
        node.name.as_deref(),
        node.instance_uuid.as_deref(),
        label,
        Some(&time),
    ];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join("_");
    let safe: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .take(200)
        .collect();
    format!("{safe}.tar.gz")
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    #[test]
    fn a_file_name_stays_in_its_directory() {
        let uuid = Uuid::from_stored("1be26c0b-03f2-4d2e-ae87-c02d7f33c123".to_owned());
        let mut node = Node::new(uuid, "fake-hardware");
        node.name = Some("../../etc/x".to_owned());
        let now = Timestamp::parse_from_str("2026-11-20T18:28:11", "%Y-%m-%dT%H:%M:%S").unwrap();
        assert_eq!(
            file_name(&node, Some("cleaning"), now),
            "1be26c0b-03f2-4d2e-ae87-c02d7f33c123_..-..-etc-x_cleaning_2026-11-20-18-28-11.tar.gz"
        );
    }
}
