//! The certificate an agent made for itself: kept as a file, because what is remembered of it with
//! the node is a path (Ironic 39.0.0, observed), which a Python conductor reads, too.
//!
//! Invariant: one boot of a ramdisk has one certificate. Another one is refused, or whoever takes
//! the agent's address could pass for it.

use std::path::{Path, PathBuf};

use schemas_model::{Class, Fault, Node};

/// Longest certificate taken (bytes); a chain of P-384 certificates is far shorter.
const MAX_LENGTH: usize = 64 * 1024;

/// Keeps the certificate of a node's agent below `directory` and returns its path.
///
/// # Errors
/// `InvalidParameterValue` when it is none, too long, or not the one of this boot; `IronicException`
/// when it can't be written.
pub async fn store(node: &Node, directory: &Path, pem: &str) -> Result<String, Fault> {
    if pem.len() > MAX_LENGTH || !pem.contains("-----BEGIN CERTIFICATE-----") {
        return Err(Fault::invalid_parameter(
            "agent_verify_ca must be a certificate in PEM format of at most 64 KiB.",
        ));
    }
    if let Some(known) = node
        .driver_internal_info
        .text_member("agent_verify_ca")
        .filter(|known| !known.is_empty())
    {
        match tokio::fs::read_to_string(known).await {
            Ok(text) if text.trim() == pem.trim() => return Ok(known.to_owned()),
            Ok(_) => {
                tracing::error!(node.uuid = %node.uuid, "an agent came with another certificate than before");
                return Err(Fault::invalid_parameter(
                    "Detected change in ramdisk provided \"agent_verify_ca\"",
                ));
            }
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
                tracing::info!(node.uuid = %node.uuid, "the certificate of the agent is on another conductor; it is stored again");
            }
            Err(why) => return Err(cannot(node, Path::new(known), &why)),
        }
    }
    let path = directory.join(format!("{}.crt", node.uuid));
    write(&path, directory, pem)
        .await
        .map_err(|why| cannot(node, &path, &why))?;
    path.into_os_string()
        .into_string()
        .map_err(|_| Fault::internal("[agent]certificates_path is not UTF-8"))
}

/// Written beside and renamed, so that a reader sees the old file or the new one.
async fn write(path: &PathBuf, directory: &Path, pem: &str) -> std::io::Result<()> {
    tokio::fs::create_dir_all(directory).await?;
    let beside = path.with_extension("crt.new");
    tokio::fs::write(&beside, pem).await?;
    tokio::fs::rename(&beside, path).await
}

fn cannot(node: &Node, path: &Path, why: &std::io::Error) -> Fault {
    tracing::error!(node.uuid = %node.uuid, error = %why, "the agent's certificate cannot be kept in {}", path.display());
    Fault::new(
        Class::IronicException,
        format!(
            "The certificate of the agent of node {} cannot be kept on this conductor: {why}. See \
             [agent]certificates_path.",
            node.uuid
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    const ONE: &str = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    const OTHER: &str = "-----BEGIN CERTIFICATE-----\nBB==\n-----END CERTIFICATE-----\n";

    #[tokio::test]
    async fn one_boot_has_one_certificate() {
        let scratch = tempfile::tempdir().unwrap();
        let directory = scratch.path().join("certificates");
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        let path = store(&node, &directory, ONE).await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), ONE);
        node.driver_internal_info
            .set("agent_verify_ca", path.clone());
        assert_eq!(store(&node, &directory, ONE).await.unwrap(), path);
        let refused = store(&node, &directory, OTHER).await.unwrap_err();
        assert_eq!(refused.class, Class::InvalidParameterValue);
        // After a take-over the file is not there; after a reboot nothing is remembered.
        std::fs::remove_file(&path).unwrap();
        assert_eq!(store(&node, &directory, OTHER).await.unwrap(), path);
        node.driver_internal_info.unset("agent_verify_ca");
        assert_eq!(store(&node, &directory, ONE).await.unwrap(), path);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), ONE);
    }

    #[tokio::test]
    async fn what_is_no_certificate_is_refused() {
        let node = Node::new(Uuid::random(), "fake-hardware");
        let scratch = tempfile::tempdir().unwrap();
        assert!(store(&node, scratch.path(), "x").await.is_err());
        let long = format!("{ONE}{}", "A".repeat(MAX_LENGTH));
        assert!(store(&node, scratch.path(), &long).await.is_err());
    }
}
