//! Which networks the ports of a machine are on.

use async_trait::async_trait;
use schemas_model::{Fault, Object};
use serde_json::{Map, Value};

use crate::{Interface, Task, TaskPort, TaskPortgroup, unsupported};

/// Network switching. The default for every network change is to do nothing, as `noop` does.
#[async_trait]
pub trait Network: Interface {
    /// A port was changed; `port` is the new one, the task has the old one.
    ///
    /// # Errors
    /// `Conflict` when the change can't be made while the port is in use.
    async fn port_changed(&self, task: &mut dyn Task, port: &TaskPort) -> Result<(), Fault> {
        let _ = (task, port);
        Ok(())
    }

    /// A port group was changed.
    ///
    /// # Errors
    /// As [`Network::port_changed`].
    async fn portgroup_changed(
        &self,
        task: &mut dyn Task,
        portgroup: &TaskPortgroup,
    ) -> Result<(), Fault> {
        let _ = (task, portgroup);
        Ok(())
    }

    /// Attaches a virtual interface; `vif` has at least `id`.
    ///
    /// # Errors
    /// `VifAlreadyAttached`, `NoFreePhysicalPorts`, or unsupported.
    async fn vif_attach(&self, task: &mut dyn Task, vif: &Object) -> Result<(), Fault> {
        let _ = vif;
        Err(unsupported(self, task, "vif_attach"))
    }

    /// Detaches a virtual interface.
    ///
    /// # Errors
    /// `VifNotAttached`, or unsupported.
    async fn vif_detach(&self, task: &mut dyn Task, vif_id: &str) -> Result<(), Fault> {
        let _ = vif_id;
        Err(unsupported(self, task, "vif_detach"))
    }

    /// The attached virtual interfaces, each an object with at least `id`.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn vif_list(&self, task: &mut dyn Task) -> Result<Vec<Map<String, Value>>, Fault> {
        Err(unsupported(self, task, "vif_list"))
    }

    /// Checks what a rescue needs.
    ///
    /// # Errors
    /// `MissingParameterValue`, `InvalidParameterValue`.
    async fn validate_rescue(&self, task: &dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Checks what a managed inspection needs.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn validate_inspection(&self, task: &dyn Task) -> Result<(), Fault> {
        Err(unsupported(self, task, "validate_inspection"))
    }

    /// Onto the provisioning network.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn add_provisioning_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Off the provisioning network.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn remove_provisioning_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Onto the tenant's networks.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn configure_tenant_networks(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Off the tenant's networks.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn unconfigure_tenant_networks(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Onto the cleaning network.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn add_cleaning_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Off the cleaning network.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn remove_cleaning_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Onto the rescuing network.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn add_rescuing_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Off the rescuing network.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn remove_rescuing_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Onto the inspection network.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn add_inspection_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Off the inspection network.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn remove_inspection_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Onto the servicing network.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn add_servicing_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Off the servicing network.
    ///
    /// # Errors
    /// `NetworkError`.
    async fn remove_servicing_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        let _ = task;
        Ok(())
    }

    /// Whether the machine must be on while its network is switched.
    fn need_power_on(&self, task: &dyn Task) -> bool {
        let _ = task;
        false
    }
}
