//! Which BMC, and as whom: from a node in the database, or from the command line.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use drivers_ipmi_client::Target;
use drivers_ipmi_client::session::{Credentials, Parameters};
use schemas_db::DbError;
use schemas_model::Node;
use schemas_model::interface::InterfaceKind;
use schemas_model::secret::Secret;

use super::Arguments;
use crate::database;
use crate::settings::Settings;

/// Names of the interfaces that speak IPMI.
const IPMI: [&str; 2] = ["ipmitool", "intel-ipmitool"];
/// Where the password is if no file is named.
const PASSWORD: &str = "FERRIC_BMC_PASSWORD";
/// Bytes of the password file that are looked at.
const PASSWORD_FILE_MAX: u64 = 1024;
/// Suites offered if none is named, strongest first.
const SUITES: [u8; 2] = [17, 3];

/// A BMC and how it was found.
pub(super) struct Reached {
    pub target: Target,
    /// Name or UUID of the node, if there is one.
    pub node: Option<String>,
}

/// Finds the BMC. Nothing is sent to it yet.
///
/// # Errors
/// One sentence that says what to do.
pub(super) async fn reach(settings: &Settings, arguments: &Arguments) -> Result<Reached, String> {
    match (&arguments.node, &arguments.address) {
        (Some(ident), _) => {
            let node = node(settings, ident).await?;
            if !speaks_ipmi(&node) {
                return Err(format!(
                    "node {} is managed by {}, and this command speaks IPMI: if its BMC does too, \
                     name it with --address",
                    node.label(),
                    managed_by(&node)
                ));
            }
            let target = drivers_ipmi::target(&node, &settings.config)
                .map_err(|fault| format!("node {}: {fault}", node.label()))?;
            Ok(Reached {
                target,
                node: Some(node.label().to_owned()),
            })
        }
        (None, Some(host)) => Ok(Reached {
            target: named(host, arguments)?,
            node: None,
        }),
        (None, None) => Err("name a node, or a BMC with --address".to_owned()),
    }
}

/// The node, without anything of it being changed or locked.
async fn node(settings: &Settings, ident: &str) -> Result<Node, String> {
    let embedded = settings.embedded.as_deref();
    if let Some(directory) = embedded.filter(|directory| !directory.exists()) {
        return Err(format!(
            "there is no database in {}: say with --config-file or --data-dir where nodes are, or \
             name a BMC with --address",
            directory.display()
        ));
    }
    let database = database::connect(&settings.config, embedded).await?;
    database
        .node_by_ident(ident)
        .await
        .map_err(|why| match why {
            DbError::NotFound { .. } => format!("{why}; is this the right --config-file?"),
            other => format!("node {ident} cannot be read: {other}"),
        })
}

fn speaks_ipmi(node: &Node) -> bool {
    [InterfaceKind::Power, InterfaceKind::Management]
        .into_iter()
        .filter_map(|kind| node.interfaces.get(kind))
        .any(|name| IPMI.contains(&name))
}

fn managed_by(node: &Node) -> String {
    let power = node.interfaces.get(InterfaceKind::Power);
    format!(
        "driver {} with power interface {}",
        node.driver,
        power.unwrap_or("none")
    )
}

/// The BMC that the command line names.
fn named(host: &str, arguments: &Arguments) -> Result<Target, String> {
    let password = match &arguments.password_file {
        Some(file) => first_line(file)?,
        None => Secret::new(std::env::var(PASSWORD).unwrap_or_default()),
    };
    let suites = match arguments.cipher_suite {
        Some(suite) => vec![suite],
        None => SUITES.to_vec(),
    };
    let parameters = Credentials::new(&arguments.user, &password, None)
        .and_then(|credentials| Parameters::v20(credentials, arguments.privilege, &suites))
        .map_err(|why| format!("the BMC {host} cannot be asked: {why}"))?;
    Ok(Target {
        host: host.to_owned(),
        port: arguments.port,
        parameters: Arc::new(parameters),
        route: None,
    })
}

fn first_line(file: &Path) -> Result<Secret, String> {
    let failed =
        |why: std::io::Error| format!("the password file {} cannot be read: {why}", file.display());
    let opened = std::fs::File::open(file).map_err(failed)?;
    let mut line = String::new();
    BufReader::new(opened.take(PASSWORD_FILE_MAX))
        .read_line(&mut line)
        .map_err(failed)?;
    let length = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(length);
    Ok(Secret::new(line))
}
