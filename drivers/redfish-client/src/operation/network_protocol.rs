//! The BMC's own network services: time servers.

use serde_json::json;

use crate::{Bmc, Document, Result, schema::manager::Manager};

impl Bmc {
    /// The network services of a BMC (`ManagerNetworkProtocol`).
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if it does not show them.
    pub async fn network_protocol(&self, manager: &Manager) -> Result<Document> {
        let path = manager.document().field("NetworkProtocol").link()?;
        let path = path.ok_or_else(|| manager.document().missing("NetworkProtocol"))?;
        self.get(&path).await
    }

    /// Sets the time servers of a BMC, and whether it asks them.
    ///
    /// # Errors
    /// As [`Bmc::network_protocol`] and [`Bmc::patch`].
    pub async fn set_time_servers(
        &self,
        manager: &Manager,
        servers: &[String],
        enabled: bool,
    ) -> Result<()> {
        let protocol = self.network_protocol(manager).await?;
        let ntp = json!({"NTP": {"ProtocolEnabled": enabled, "NTPServers": servers}});
        self.patch(&protocol, ntp).await.map(drop)
    }
}
