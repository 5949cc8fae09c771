//! Where a BMC fetches a firmware file from: its original place, or the conductor's HTTP server.
//!
//! What is put below `[deploy]http_root` is noted in `driver_internal_info/firmware_cleanup`
//! (Ironic 39.0.0's key and words) and removed with [`clean_up`].

use std::path::{Path, PathBuf};

use drivers_interface::Task;
use schemas_config::section::deploy::ServedFrom;
use schemas_model::{Class, Fault, Node};
use serde_json::{Value, json};
use url::Url;

use super::source;

/// Key of the places to be cleaned up.
const CLEAN_UP: &str = "firmware_cleanup";
/// Directory below `[deploy]http_root`.
const DIRECTORY: &str = "firmware";
/// The place that stands for `[deploy]http_root`.
const HTTP: &str = "http";
/// Longest name of a file.
const MAX_NAME: usize = 128;

fn directory(task: &dyn Task) -> PathBuf {
    Path::new(&task.config().deploy.http_root)
        .join(DIRECTORY)
        .join(task.node().uuid.as_str())
}

fn refuse(node: &Node, why: impl std::fmt::Display) -> Fault {
    Fault::new(
        Class::RedfishError,
        format!(
            "Node {}: the firmware file can't be served: {why}.",
            node.uuid
        ),
    )
}

/// The URL for the BMC. `from` is where BMCs fetch firmware, `checksum` what the file must have
/// where it goes through this conductor.
///
/// # Errors
/// `InvalidParameterValue` for a URL that is not usable; `RedfishError` when the file can't be
/// fetched or served.
pub(crate) async fn stage(
    task: &mut dyn Task,
    url: &str,
    from: ServedFrom,
    checksum: Option<&str>,
) -> Result<String, Fault> {
    let parsed = Url::parse(url).map_err(|why| {
        Fault::invalid_parameter(format!(
            "Firmware of node {}: the url is not a URL: {why}.",
            task.node().uuid
        ))
    })?;
    match (from, parsed.scheme()) {
        (ServedFrom::Http, "http" | "https") => return Ok(url.to_owned()),
        (ServedFrom::Swift, _) | (_, "swift") => {
            return Err(refuse(
                task.node(),
                "Swift is not supported here; set [redfish]firmware_source to http or local",
            ));
        }
        _ => {}
    }
    let name = file_name(&parsed);
    let base = {
        let deploy = &task.config().deploy;
        let base = deploy
            .external_http_url
            .as_ref()
            .or(deploy.http_url.as_ref());
        base.map(|base| base.trim_end_matches('/').to_owned())
    };
    let Some(base) = base else {
        return Err(refuse(task.node(), "[deploy]http_url is not set"));
    };
    let place = directory(task);
    note(task);
    task.save().await?;
    tokio::fs::create_dir_all(&place)
        .await
        .map_err(|why| refuse(task.node(), format!("{}: {why}", place.display())))?;
    let path = place.join(&name);
    source::fetch(task, &parsed, &path, checksum).await?;
    allow(&path, task.config().redfish.file_permission.0)
        .await
        .map_err(|why| refuse(task.node(), why))?;
    Ok(format!("{base}/{DIRECTORY}/{}/{name}", task.node().uuid))
}

/// The last segment, of harmless characters only: it becomes the name of a file and part of a URL.
fn file_name(url: &Url) -> String {
    let last = url
        .path_segments()
        .and_then(|mut segments| segments.next_back())
        .unwrap_or_default();
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let name: String = last
        .chars()
        .map(|c| if harmless(c) { c } else { '_' })
        .take(MAX_NAME)
        .collect();
    match name.trim_matches('.').is_empty() {
        true => "image".to_owned(),
        false => name,
    }
}

#[cfg(unix)]
async fn allow(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    tokio::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).await
}

#[cfg(not(unix))]
async fn allow(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

fn note(task: &mut dyn Task) {
    let mut places = noted(task.node());
    if !places.iter().any(|place| place == HTTP) {
        places.push(HTTP.to_owned());
        task.node_mut()
            .driver_internal_info
            .set(CLEAN_UP, json!(places));
    }
}

fn noted(node: &Node) -> Vec<String> {
    node.driver_internal_info
        .member(CLEAN_UP)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|place| place.as_str().map(str::to_owned))
        .collect()
}

/// Removes what was staged for the node; the caller saves.
pub(crate) async fn clean_up(task: &mut dyn Task) {
    if noted(task.node()).iter().any(|place| place == HTTP) {
        let place = directory(task);
        match tokio::fs::remove_dir_all(&place).await {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(node.uuid = %task.node().uuid, path = %place.display(), error = %why, "staged firmware is left behind");
            }
            _ => {}
        }
    }
    task.node_mut().driver_internal_info.unset(CLEAN_UP);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless() {
        let name = |url: &str| file_name(&Url::parse(url).unwrap());
        assert_eq!(name("http://x/a/bios-1.2.bin?token=1"), "bios-1.2.bin");
        assert_eq!(name("http://x/a/%2e%2e"), "image");
        assert_eq!(name("http://x/a%2Fb c"), "a_2Fb_20c");
        assert_eq!(name("http://x/"), "image");
        assert_eq!(name("file:///"), "image");
        assert_eq!(
            name(&format!("http://x/{}", "a".repeat(500))).len(),
            MAX_NAME
        );
    }
}
