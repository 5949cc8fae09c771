//! A BMC made of a closure: a small HTTP/1.1 server on loopback for faults no real BMC shows on
//! demand.
#![allow(dead_code, reason = "each test file uses a part")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use drivers_redfish_client::{
    AuthType, Bmc, BmcAddress, BmcSettings, Credentials, Retry, Timeouts,
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A request as the BMC saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// `METHOD path`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// What the BMC does with a request.
pub enum Act {
    /// Status, headers, body.
    Say(u16, Vec<(&'static str, String)>, String),
    /// Bytes as they are, then the connection is closed.
    Raw(Vec<u8>),
    /// Nothing, for a long time.
    Hang,
    /// A body of endless blanks.
    Flood,
    /// One byte in a while.
    Drip,
}

pub fn json(status: u16, body: Value) -> Act {
    Act::Say(
        status,
        vec![("Content-Type", "application/json".to_owned())],
        body.to_string(),
    )
}

pub struct FakeBmc {
    pub origin: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for FakeBmc {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FakeBmc {
    /// Starts a BMC that answers with `act`, given the request and how many came before it.
    pub async fn start(act: impl Fn(&Seen, usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (act, log) = (Arc::new(act), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (act, log) = (Arc::clone(&act), Arc::clone(&log));
                tokio::spawn(async move { serve(stream, &*act, &log).await });
            }
        });
        FakeBmc { origin, seen, task }
    }

    /// What it has seen so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// `METHOD path` of what it has seen.
    pub fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }

    /// Settings with short timeouts.
    pub fn settings(&self, auth: AuthType) -> BmcSettings {
        let credentials = Credentials {
            username: "admin".to_owned(),
            password: "s3cret".into(),
        };
        let mut settings = BmcSettings::new(
            BmcAddress::parse(&self.origin, None).unwrap(),
            auth,
            Some(credentials),
        );
        settings.timeouts = Timeouts {
            connect: Duration::from_millis(500),
            read: Duration::from_millis(500),
            operation: Duration::from_secs(5),
        };
        settings.retry = Retry {
            attempts: 3,
            interval: Duration::from_millis(10),
        };
        settings
    }

    pub fn bmc(&self, auth: AuthType) -> Bmc {
        Bmc::new(self.settings(auth))
    }
}

async fn serve(
    mut stream: TcpStream,
    act: &(dyn Fn(&Seen, usize) -> Act + Send + Sync),
    log: &Mutex<Vec<Seen>>,
) {
    let Some(seen) = read(&mut stream).await else {
        return;
    };
    let before = {
        let mut log = log.lock().unwrap();
        log.push(seen.clone());
        log.len() - 1
    };
    match act(&seen, before) {
        Act::Say(status, headers, body) => {
            let mut head = format!(
                "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n",
                body.len()
            );
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let _ = stream
                .write_all(format!("{head}\r\n{body}").as_bytes())
                .await;
        }
        Act::Raw(bytes) => {
            let _ = stream.write_all(&bytes).await;
        }
        Act::Hang => tokio::time::sleep(Duration::from_secs(60)).await,
        Act::Flood => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            while stream.write_all(&[b' '; 65536]).await.is_ok() {}
        }
        Act::Drip => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        let mut chunk = [0; 4096];
        let count = stream
            .read(&mut chunk)
            .await
            .ok()
            .filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(key, value)| (key.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(key, _)| key == "content-length")
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length {
        let mut chunk = [0; 4096];
        let count = stream
            .read(&mut chunk)
            .await
            .ok()
            .filter(|count| *count > 0)?;
        body.extend_from_slice(&chunk[..count]);
    }
    Some(Seen {
        method,
        path,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}
