//! The hook `ports`: network interfaces become ports.

use drivers_interface::Task;
use schemas_config::section::inspector::{AddPorts, KeepPorts};
use schemas_model::Fault;

use crate::inspect::interfaces::Found;

/// Creates ports for valid interfaces; removes and updates others as configured.
pub(super) async fn ports(task: &mut dyn Task, found: &Found) -> Result<(), Fault> {
    let options = task.config().inspector.clone();
    if options.add_ports != AddPorts::Disabled {
        for interface in found.valid() {
            task.port_create(&interface.mac, interface.pxe_enabled)
                .await?;
        }
    }
    for mut port in task.ports().to_vec() {
        let keep = match options.keep_ports {
            KeepPorts::Present => found.all().any(|interface| interface.mac == port.address),
            KeepPorts::Added => found.valid().any(|interface| interface.mac == port.address),
            KeepPorts::All => true,
        };
        if !keep {
            tracing::info!(node.uuid = %task.node().uuid, "port {} ({}) was not found by inspection and goes", port.uuid, port.address);
            task.port_destroy(&port).await?;
            continue;
        }
        let seen = found.all().find(|interface| interface.mac == port.address);
        let mut changed = false;
        if options.update_pxe_enabled {
            let pxe_enabled = seen.is_some_and(|interface| interface.pxe_enabled);
            changed |= port.pxe_enabled != pxe_enabled;
            port.pxe_enabled = pxe_enabled;
        }
        if let Some(client_id) = seen.and_then(|interface| interface.client_id.as_deref())
            && port.extra.text_member("client-id") != Some(client_id)
        {
            port.extra.set("client-id", client_id);
            changed = true;
        }
        if changed {
            task.port_save(port).await?;
        }
    }
    Ok(())
}
