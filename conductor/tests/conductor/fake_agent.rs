//! An agent on a machine that is not there: the HTTP side of ironic-python-agent 13.0.0, as far as
//! the conductor calls it (recorded conversation), in plain HTTP.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the agent's hardware manager offers, recorded and cut down.
const DEPLOY_STEPS: &str = r#"{"deploy_steps": {"GenericHardwareManager": [
    {"step": "erase_devices_metadata", "priority": 0, "interface": "deploy", "reboot_requested": false},
    {"step": "apply_configuration", "priority": 0, "interface": "raid", "reboot_requested": false},
    {"step": "write_image", "priority": 0, "interface": "deploy", "reboot_requested": false}]},
    "hardware_manager_version": {"generic_hardware_manager": "1.2"}}"#;
const CLEAN_STEPS: &str = r#"{"clean_steps": {"GenericHardwareManager": [
    {"step": "erase_devices", "priority": 10, "interface": "deploy", "reboot_requested": false, "abortable": true},
    {"step": "erase_devices_metadata", "priority": 99, "interface": "deploy", "reboot_requested": false, "abortable": true},
    {"step": "update_nic", "priority": 100, "interface": "deploy", "reboot_requested": true}]},
    "hardware_manager_version": {"generic_hardware_manager": "1.2"}}"#;

#[derive(Default)]
struct Memory {
    commands: Vec<Value>,
    /// Names of commands since the agent was made, over reboots.
    run: Vec<String>,
    tokens: Vec<String>,
    last_params: Value,
}

/// The agent.
pub struct FakeAgent {
    pub url: String,
    memory: Arc<Mutex<Memory>>,
}

impl FakeAgent {
    pub async fn boot() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let memory = Arc::new(Mutex::new(Memory::default()));
        let shared = Arc::clone(&memory);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                answer(stream, &shared).await;
            }
        });
        FakeAgent { url, memory }
    }

    /// The machine was rebooted: a new agent knows no commands.
    pub fn reboot(&self) {
        self.memory.lock().unwrap().commands.clear();
    }

    /// The running command ends with this status.
    pub fn end(&self, status: &str, error: Value) {
        let mut memory = self.memory.lock().unwrap();
        let step = memory.last_params["step"].clone();
        let command = memory.commands.last_mut().unwrap();
        let name = command["command_name"].as_str().unwrap().to_owned();
        let kind = name.split('_').nth(1).unwrap().to_owned();
        command["command_status"] = json!(status);
        command["command_error"] = error;
        if status == "SUCCEEDED" {
            command["command_result"] =
                json!({format!("{kind}_step"): step, format!("{kind}_result"): {"result": "ok"}});
        }
    }

    /// The commands it was given, in order.
    pub fn ran(&self) -> Vec<String> {
        self.memory.lock().unwrap().run.clone()
    }

    /// The parameters of the last command.
    pub fn last_params(&self) -> Value {
        self.memory.lock().unwrap().last_params.clone()
    }

    /// The tokens it was shown, without repetitions.
    pub fn tokens(&self) -> Vec<String> {
        let mut tokens = self.memory.lock().unwrap().tokens.clone();
        tokens.dedup();
        tokens
    }
}

async fn answer(mut stream: TcpStream, memory: &Mutex<Memory>) {
    let mut bytes = Vec::new();
    let (head, body) = loop {
        let mut chunk = [0; 8192];
        let n = stream.read(&mut chunk).await.unwrap();
        if n == 0 {
            return;
        }
        bytes.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse().unwrap());
            if body.len() >= length {
                break (head.to_owned(), body.to_owned());
            }
        }
    };
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let token = path
        .split_once("agent_token=")
        .map_or("", |(_, token)| token.split('&').next().unwrap());
    let result = {
        let mut memory = memory.lock().unwrap();
        memory.tokens.push(token.to_owned());
        if head.starts_with("GET") {
            let listing = json!({"commands": memory.commands});
            // What is asked after has ended by the next time.
            for command in &mut memory.commands {
                if command["command_name"] == "install_bootloader" {
                    command["command_status"] = json!("SUCCEEDED");
                }
            }
            listing
        } else {
            run(&mut memory, &serde_json::from_str(&body).unwrap())
        }
    };
    let body = result.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
}

fn run(memory: &mut Memory, request: &Value) -> Value {
    let name = request["name"].as_str().unwrap();
    let short = name.split('.').nth(1).unwrap();
    memory.run.push(name.to_owned());
    memory.last_params = request["params"].clone();
    let (status, result) = match short {
        "get_deploy_steps" => ("SUCCEEDED", serde_json::from_str(DEPLOY_STEPS).unwrap()),
        "get_clean_steps" => ("SUCCEEDED", serde_json::from_str(CLEAN_STEPS).unwrap()),
        "get_partition_uuids" => ("SUCCEEDED", json!({})),
        "collect_system_logs" => ("SUCCEEDED", json!({"system_logs": "bG9ncw=="})),
        "finalize_rescue" => ("SUCCEEDED", Value::Null),
        _ => ("RUNNING", Value::Null),
    };
    let command = json!({
        "id": memory.commands.len().to_string(),
        "command_name": short,
        "command_status": status,
        "command_error": null,
        "command_result": result,
    });
    memory.commands.push(command.clone());
    command
}
