//! Fetching a firmware file from where an operator keeps it: `http`, `https`, or `file` within
//! `[conductor]file_url_allowed_paths`.
//!
//! Caps: [`MAX_BYTES`] for a file, [`DEADLINE`] for a transfer. Redirects are followed a few times;
//! no credentials are ever sent.

use std::path::{Path, PathBuf};
use std::time::Duration;

use drivers_interface::Task;
use drivers_redfish_client::{TlsPolicy, Verify};
use schemas_model::{Class, Fault};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use super::checksum::Checksum;

/// Largest firmware file, bytes.
const MAX_BYTES: u64 = 8 << 30;
/// Longest transfer.
const DEADLINE: Duration = Duration::from_secs(3600);
/// Redirects followed.
const MAX_REDIRECTS: usize = 5;
const CHUNK: usize = 256 << 10;

fn failed(task: &dyn Task, url: &Url, why: impl std::fmt::Display) -> Fault {
    Fault::new(
        Class::RedfishError,
        format!(
            "Node {}: the firmware file {} can't be fetched: {why}.",
            task.node().uuid,
            shown(url)
        ),
    )
}

/// A URL without what may be secret in it.
pub(crate) fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.set_query(None);
    shown.into()
}

/// Copies the file to `to`, and checks it against `expected` where that is given.
///
/// # Errors
/// `InvalidParameterValue` for a URL that is not usable; `RedfishError` when the file can't be had,
/// is too large, or is another one than expected.
pub(crate) async fn fetch(
    task: &dyn Task,
    url: &Url,
    to: &Path,
    expected: Option<&str>,
) -> Result<(), Fault> {
    let mut checksum = match expected.map(Checksum::like) {
        Some(None) => {
            return Err(failed(
                task,
                url,
                "its checksum is longer than any known kind",
            ));
        }
        Some(known) => known,
        None => None,
    };
    let transfer = async {
        let mut file = File::create(to).await.map_err(|why| why.to_string())?;
        match url.scheme() {
            "http" | "https" => download(task, url, &mut file, &mut checksum).await?,
            _ => copy(task, url, &mut file, &mut checksum).await?,
        }
        file.flush().await.map_err(|why| why.to_string())
    };
    if !matches!(url.scheme(), "http" | "https" | "file") {
        return Err(Fault::invalid_parameter(format!(
            "Firmware of node {}: '{}' is not supported; use a http, https or file URL.",
            task.node().uuid,
            url.scheme()
        )));
    }
    tokio::time::timeout(DEADLINE, transfer)
        .await
        .unwrap_or_else(|_| Err(format!("it took longer than {} s", DEADLINE.as_secs())))
        .map_err(|why| failed(task, url, why))?;
    let (Some(checksum), Some(expected)) = (checksum, expected) else {
        return Ok(());
    };
    let found = checksum.digits();
    if found.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let why = format!("its checksum is {found} but should be {expected}");
    Err(failed(task, url, why))
}

async fn download(
    task: &dyn Task,
    url: &Url,
    file: &mut File,
    checksum: &mut Option<Checksum>,
) -> Result<(), String> {
    let config = &task.config().default;
    let wait = u64::try_from(config.webserver_connection_timeout).unwrap_or(60);
    let policy = TlsPolicy {
        verify: verify(&config.webserver_verify_ca),
        ..TlsPolicy::default()
    };
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(policy.client_config()?)
        .redirect(reqwest::redirect::Policy::limited(MAX_REDIRECTS))
        .connect_timeout(Duration::from_secs(wait))
        .read_timeout(Duration::from_secs(wait))
        .user_agent("ferric")
        .build()
        .map_err(|why| why.without_url().to_string())?;
    let mut answer = client
        .get(url.clone())
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map_err(|why| why.without_url().to_string())?;
    let mut size = 0_u64;
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|why| why.without_url().to_string())?
    {
        take(&chunk, &mut size, file, checksum).await?;
    }
    Ok(())
}

fn verify(setting: &str) -> Verify {
    match setting.to_lowercase().as_str() {
        "" | "true" | "1" | "yes" | "on" => Verify::System,
        "false" | "0" | "no" | "off" => Verify::Off,
        _ => Verify::Bundle(PathBuf::from(setting)),
    }
}

async fn copy(
    task: &dyn Task,
    url: &Url,
    file: &mut File,
    checksum: &mut Option<Checksum>,
) -> Result<(), String> {
    let path = url
        .to_file_path()
        .map_err(|()| "it is not the path of a file".to_owned())?;
    // What it really is counts, not what a link is called.
    let path = tokio::fs::canonicalize(&path)
        .await
        .map_err(|why| why.to_string())?;
    let allowed = &task.config().conductor.file_url_allowed_paths;
    if !allowed
        .iter()
        .any(|directory| path.starts_with(directory.as_path()))
    {
        return Err("it lies outside of [conductor]file_url_allowed_paths".to_owned());
    }
    let mut source = File::open(&path).await.map_err(|why| why.to_string())?;
    let (mut buffer, mut size) = (vec![0; CHUNK], 0_u64);
    loop {
        let read = source
            .read(&mut buffer)
            .await
            .map_err(|why| why.to_string())?;
        if read == 0 {
            return Ok(());
        }
        take(&buffer[..read], &mut size, file, checksum).await?;
    }
}

async fn take(
    chunk: &[u8],
    size: &mut u64,
    file: &mut File,
    checksum: &mut Option<Checksum>,
) -> Result<(), String> {
    *size += chunk.len() as u64;
    if *size > MAX_BYTES {
        return Err(format!("it is larger than {} GiB", MAX_BYTES >> 30));
    }
    if let Some(checksum) = checksum {
        checksum.update(chunk);
    }
    file.write_all(chunk).await.map_err(|why| why.to_string())
}
