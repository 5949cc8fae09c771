//! Boot files under `[deploy]http_root`: one script a node, found by MAC address.

use std::path::{Path, PathBuf};

use schemas_model::{Class, Fault, Node, Port};

/// Writes a node's script under its UUID and, by MAC address, under `pxelinux.cfg`.
///
/// # Errors
/// `DirectoryNotWritable` naming the file.
pub(crate) async fn write(
    root: &Path,
    node: &Node,
    ports: &[Port],
    script: &str,
) -> Result<(), Fault> {
    for path in paths(root, node, ports) {
        let failed = |why: std::io::Error| {
            Fault::new(
                Class::DirectoryNotWritable,
                format!(
                    "Node {}: the boot file {} cannot be written: {why}.",
                    node.uuid,
                    path.display()
                ),
            )
        };
        if let Some(directory) = path.parent() {
            tokio::fs::create_dir_all(directory).await.map_err(failed)?;
        }
        let beside = path.with_extension("new");
        tokio::fs::write(&beside, script).await.map_err(failed)?;
        tokio::fs::rename(&beside, &path).await.map_err(failed)?;
    }
    Ok(())
}

/// Removes a node's scripts; those that are not there are no error.
pub(crate) async fn remove(root: &Path, node: &Node, ports: &[Port]) {
    for path in paths(root, node, ports) {
        match tokio::fs::remove_file(&path).await {
            Ok(()) => {}
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => {}
            Err(why) => {
                tracing::warn!(node.uuid = %node.uuid, "boot file {} stays: {why}", path.display())
            }
        }
    }
}

fn paths(root: &Path, node: &Node, ports: &[Port]) -> Vec<PathBuf> {
    let mut paths = vec![root.join(file_name(node.uuid.as_str())).join("config")];
    for port in ports.iter().filter(|port| port.pxe_enabled) {
        paths.push(root.join("pxelinux.cfg").join(file_name(
            &port.address.to_ascii_lowercase().replace(':', "-"),
        )));
    }
    paths
}

/// A name that cannot leave its directory.
fn file_name(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_stay_in_their_directory() {
        assert_eq!(file_name("../../etc/passwd"), "etcpasswd");
        assert_eq!(file_name("52-54-00-aa-00-01"), "52-54-00-aa-00-01");
    }
}
