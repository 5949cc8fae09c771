//! The BMC itself: its restart, and the time servers it asks. Ironic 39.0.0 has no such steps for
//! Redfish; these are ours, and run only when asked for.

use drivers_interface::{Argument, parse_args};
use drivers_redfish_client::schema::status::ResetType;
use schemas_model::Fault;
use schemas_model::step::Step;

use crate::connection::NodeBmc;

/// Most time servers of a BMC.
const MAX_SERVERS: usize = 16;

pub(super) const RESET_ARGUMENTS: &[Argument] = &[Argument {
    name: "force",
    description: "Whether the BMC restarts at once, without ending its work. Default false.",
    required: false,
}];

pub(super) const TIME_SERVER_ARGUMENTS: &[Argument] = &[
    Argument {
        name: "servers",
        description: "A list of names or addresses of NTP servers.",
        required: true,
    },
    Argument {
        name: "enabled",
        description: "Whether the BMC asks them. Default true.",
        required: false,
    },
];

#[derive(serde::Deserialize)]
struct Reset {
    #[serde(default)]
    force: bool,
}

#[derive(serde::Deserialize)]
struct TimeServers {
    servers: Vec<String>,
    enabled: Option<bool>,
}

/// The step `reset_bmc`: the BMC restarts, and answers nobody for a while.
pub(super) async fn reset(bmc: &NodeBmc, step: &Step) -> Result<(), Fault> {
    let Reset { force } = parse_args(step)?;
    let how = if force {
        ResetType::ForceRestart
    } else {
        ResetType::GracefulRestart
    };
    let restart = async {
        let system = bmc.read_system().await?;
        let manager = bmc.bmc.manager(&system).await?;
        bmc.bmc.reset_manager(&manager, how).await
    };
    restart.await.map_err(bmc.failed("restart the BMC"))
}

/// The step `set_bmc_ntp_servers`.
pub(super) async fn set_time_servers(bmc: &NodeBmc, step: &Step) -> Result<(), Fault> {
    let TimeServers { servers, enabled } = parse_args(step)?;
    let usable = |server: &String| {
        !server.is_empty()
            && server.len() <= 255
            && !server.contains(|c: char| c.is_whitespace() || c.is_control())
    };
    if servers.len() > MAX_SERVERS || !servers.iter().all(usable) {
        return Err(Fault::invalid_parameter(format!(
            "Node {}: servers must be at most {MAX_SERVERS} names or addresses.",
            bmc.node
        )));
    }
    let set = async {
        let system = bmc.read_system().await?;
        let manager = bmc.bmc.manager(&system).await?;
        let enabled = enabled.unwrap_or(true);
        bmc.bmc.set_time_servers(&manager, &servers, enabled).await
    };
    set.await.map_err(bmc.failed("set the BMC's time servers"))
}
