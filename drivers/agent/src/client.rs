//! The conductor's side of the agent's HTTP API: run a command, list commands.
//!
//! Source: ironic-python-agent 13.0.0, recorded conversation (`POST /v1/commands/?wait=…&agent_token=…`).

use std::time::Duration;

use drivers_interface::Task;
use schemas_config::value::TlsVersion;
use schemas_model::mask::mask_urls_in_text;
use schemas_model::secret::Secret;
use schemas_model::{Class, Fault, Node};
use serde_json::{Map, Value, json};

use crate::tls::Trust;

/// Answers longer than this (bytes) are refused.
const MAX_ANSWER: usize = 16 << 20;
/// What stands in place of the token in an answer that repeats its request.
const HIDDEN: &str = "***";

/// A command as the agent reports it.
#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct Command {
    /// `execute_clean_step`, `get_deploy_steps`, ...
    #[serde(default)]
    pub command_name: String,
    /// `RUNNING`, `SUCCEEDED`, `FAILED`, `VERSION_MISMATCH`, ...
    #[serde(default)]
    pub command_status: String,
    /// What went wrong.
    #[serde(default)]
    pub command_error: Value,
    /// What came of it.
    #[serde(default)]
    pub command_result: Value,
}

impl Command {
    /// The error as text, without passwords in URLs that the agent was given.
    pub(crate) fn error_text(&self) -> String {
        mask_urls_in_text(&self.whole_error()).into_owned()
    }

    fn whole_error(&self) -> String {
        match &self.command_error {
            Value::Null => "the agent gave no reason".to_owned(),
            Value::String(text) => text.clone(),
            error => ["details", "message"]
                .iter()
                .find_map(|key| error.get(key).and_then(Value::as_str))
                .map_or_else(|| error.to_string(), str::to_owned),
        }
    }
}

/// An agent, reached through what its node knows of it.
pub(crate) struct Agent {
    client: reqwest::Client,
    url: url::Url,
    token: Option<Secret>,
    node: String,
    attempts: u32,
}

impl Agent {
    /// The agent of the task's node.
    ///
    /// # Errors
    /// `AgentConnectionFailed` when the node has no agent.
    pub(crate) fn of(task: &dyn Task) -> Result<Self, Fault> {
        let node = task.node();
        let options = &task.config().agent;
        let Some(base) = node.driver_internal_info.text_member("agent_url") else {
            return Err(Fault::new(
                Class::AgentConnectionFailed,
                format!(
                    "No agent of node {} has said where it listens (driver_internal_info/agent_url is absent): wait for \
                     its heartbeat.",
                    node.uuid
                ),
            ));
        };
        let deadline = Duration::from_secs(u64::try_from(options.command_timeout).unwrap_or(60));
        let builder = reqwest::Client::builder()
            .timeout(deadline)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        let trust = Trust::of(node, &options.verify_ca)?;
        let only_13 = options.tls_minimum_version == TlsVersion::V1_3;
        let client = trust
            .apply(builder, only_13)
            .and_then(|builder| builder.build().map_err(|why| why.to_string()))
            .map_err(|why| unreachable(node, base, &why))?;
        let address = format!(
            "{}/{}/commands/",
            base.trim_end_matches('/'),
            options.agent_api_version
        );
        let url =
            url::Url::parse(&address).map_err(|why| unreachable(node, base, &why.to_string()))?;
        Ok(Agent {
            client,
            url,
            token: node
                .driver_internal_info
                .text_member("agent_secret_token")
                .map(Secret::from),
            node: node.uuid.to_string(),
            attempts: u32::try_from(options.max_command_attempts)
                .unwrap_or(3)
                .max(1),
        })
    }

    /// Runs a command; with `wait` the agent answers when it has ended.
    ///
    /// # Errors
    /// `AgentConnectionFailed`, `AgentInProgress` when it is busy, `AgentAPIError` with its own words.
    pub(crate) async fn run(
        &self,
        name: &str,
        params: Value,
        wait: bool,
    ) -> Result<Command, Fault> {
        let body = json!({"name": name, "params": params}).to_string();
        let mut last = String::new();
        for _ in 0..self.attempts {
            let request = self
                .client
                .post(self.address(Some(wait)))
                .header("Content-Type", "application/json");
            match request.body(body.clone()).send().await {
                Ok(response) => return self.command(name, response).await,
                Err(why) => last = describe(&why),
            }
            // The request may have arrived although its answer did not: never send a command twice.
            if let Ok(commands) = self.commands().await {
                let short = name.rsplit('.').next().unwrap_or(name);
                if let Some(running) = commands.into_iter().next_back()
                    && running.command_name == short
                    && running.command_status == "RUNNING"
                {
                    return Ok(running);
                }
            }
        }
        Err(self.failed(name, &last))
    }

    /// The commands the agent has run since it came up, oldest first.
    ///
    /// # Errors
    /// `AgentConnectionFailed`.
    pub(crate) async fn commands(&self) -> Result<Vec<Command>, Fault> {
        #[derive(serde::Deserialize)]
        struct Listing {
            commands: Vec<Command>,
        }
        let mut last = String::new();
        let mut answer = None;
        for _ in 0..self.attempts {
            match self.client.get(self.address(None)).send().await {
                Ok(response) => {
                    answer = Some(response);
                    break;
                }
                Err(why) => last = describe(&why),
            }
        }
        let response = answer.ok_or_else(|| self.failed("list commands", &last))?;
        let body = self
            .body(response)
            .await
            .map_err(|why| self.failed("list commands", &why))?;
        let listing: Listing = serde_json::from_str(&body)
            .map_err(|why| self.failed("list commands", &why.to_string()))?;
        Ok(listing.commands)
    }

    /// The address with its query; it holds the token, so it is never shown.
    fn address(&self, wait: Option<bool>) -> url::Url {
        let mut address = self.url.clone();
        let mut query = address.query_pairs_mut();
        if let Some(wait) = wait {
            query.append_pair("wait", if wait { "true" } else { "false" });
        }
        if let Some(token) = &self.token {
            query.append_pair("agent_token", token.expose());
        }
        drop(query);
        address
    }

    /// The body of an answer, whose sender may repeat the request, without the token.
    async fn body(&self, response: reqwest::Response) -> Result<String, String> {
        let body = bounded(response).await?;
        let body = String::from_utf8(body).map_err(|why| why.to_string())?;
        Ok(match &self.token {
            Some(token) if !token.expose().is_empty() => body.replace(token.expose(), HIDDEN),
            _ => body,
        })
    }

    async fn command(&self, name: &str, response: reqwest::Response) -> Result<Command, Fault> {
        let status = response.status();
        let body = self
            .body(response)
            .await
            .map_err(|why| self.failed(name, &why))?;
        let answer: Map<String, Value> = serde_json::from_str(&body)
            .map_err(|why| self.failed(name, &format!("its answer is no JSON: {why}")))?;
        if !status.is_success() {
            let reason = answer
                .get("faultstring")
                .and_then(Value::as_str)
                .unwrap_or("no reason given");
            let busy =
                status.as_u16() == 409 || reason.to_ascii_lowercase().contains("agent is busy");
            let class = if busy {
                Class::AgentInProgress
            } else {
                Class::AgentAPIError
            };
            let reason = mask_urls_in_text(reason);
            return Err(Fault::new(
                class,
                format!(
                    "The agent of node {} at {} refused the command {name} with HTTP {status}: {reason}",
                    self.node, self.url
                ),
            ));
        }
        serde_json::from_value(Value::Object(answer))
            .map_err(|why| self.failed(name, &why.to_string()))
    }

    fn failed(&self, what: &str, why: &str) -> Fault {
        Fault::new(
            Class::AgentConnectionFailed,
            format!(
                "The agent of node {} at {} could not be asked to {what}: {why}",
                self.node, self.url
            ),
        )
    }
}

fn unreachable(node: &Node, url: &str, why: &str) -> Fault {
    Fault::new(
        Class::AgentConnectionFailed,
        format!(
            "The agent of node {} at {url} cannot be asked: {why}",
            node.uuid
        ),
    )
}

/// The innermost reason, without the URL, which holds the token.
fn describe(error: &reqwest::Error) -> String {
    let mut source: &dyn std::error::Error = error;
    while let Some(inner) = source.source() {
        source = inner;
    }
    if error.is_timeout() {
        format!("no answer in time ({source})")
    } else {
        source.to_string()
    }
}

async fn bounded(mut response: reqwest::Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|why| describe(&why))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(format!("its answer is longer than {MAX_ANSWER} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::Command;
    use serde_json::json;

    fn failed(error: serde_json::Value) -> String {
        let command: Command = serde_json::from_value(
            json!({"command_name": "x", "command_status": "FAILED", "command_error": error}),
        )
        .unwrap();
        command.error_text()
    }

    #[test]
    fn errors_are_readable_in_every_shape() {
        assert_eq!(failed(json!("boom")), "boom");
        assert_eq!(
            failed(json!({"details": "no disk", "message": "x"})),
            "no disk"
        );
        assert_eq!(failed(json!({"message": "no disk"})), "no disk");
        assert_eq!(failed(json!(null)), "the agent gave no reason");
    }
}
