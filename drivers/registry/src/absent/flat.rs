//! `flat` without the Networking service.
//!
//! Nodes may name it, as sites with Neutron do; everything that would change a network says that
//! there is no Networking service to ask. Cleaning and deployment do not start silently on the wrong network.

use drivers_interface::{Interface, Network, Task, async_trait};
use schemas_model::interface::InterfaceKind;
use schemas_model::{Class, Fault, Object};
use serde_json::{Map, Value};

/// The `flat` network interface.
#[derive(Debug)]
pub(crate) struct FlatNetwork;

fn no_neutron(task: &dyn Task, what: &str) -> Fault {
    Fault::new(
        Class::NetworkError,
        format!(
            "Node {} has the network interface 'flat', and {what} needs the Networking service (Neutron), which this \
             version does not speak to; use the network interface 'noop'.",
            task.node().uuid
        ),
    )
}

#[async_trait]
impl Interface for FlatNetwork {
    fn name(&self) -> &'static str {
        "flat"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Network
    }

    fn capabilities(&self) -> &'static [&'static str] {
        &["metadata"]
    }

    async fn validate(&self, task: &dyn Task) -> Result<(), Fault> {
        Err(no_neutron(task, "finding the cleaning network"))
    }
}

#[async_trait]
impl Network for FlatNetwork {
    async fn vif_attach(&self, task: &mut dyn Task, _vif: &Object) -> Result<(), Fault> {
        Err(no_neutron(task, "attaching a VIF"))
    }

    async fn vif_detach(&self, task: &mut dyn Task, _vif_id: &str) -> Result<(), Fault> {
        Err(no_neutron(task, "detaching a VIF"))
    }

    async fn vif_list(&self, task: &mut dyn Task) -> Result<Vec<Map<String, Value>>, Fault> {
        Err(no_neutron(task, "listing VIFs"))
    }

    async fn validate_inspection(&self, task: &dyn Task) -> Result<(), Fault> {
        Err(Fault::unsupported(
            no_neutron(task, "a managed inspection").message,
        ))
    }

    async fn add_provisioning_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(no_neutron(task, "the provisioning network"))
    }

    async fn configure_tenant_networks(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(no_neutron(task, "the tenant's network"))
    }

    async fn add_cleaning_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(no_neutron(task, "the cleaning network"))
    }

    async fn add_rescuing_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(no_neutron(task, "the rescuing network"))
    }

    async fn add_inspection_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(no_neutron(task, "the inspection network"))
    }

    async fn add_servicing_network(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(no_neutron(task, "the servicing network"))
    }
}
