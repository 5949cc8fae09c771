//! Finding the system and changing its power state and light.

use serde_json::json;

use crate::{
    Bmc, Document, ResourcePath, Result,
    bmc::Answer,
    error::ErrorKind,
    schema::{
        service_root::ServiceRoot,
        status::{IndicatorLed, ResetType},
        system::{ComputerSystem, RESET},
    },
};

impl Bmc {
    /// The system at `path`, or the only one that the BMC has.
    ///
    /// # Errors
    /// [`ErrorKind::SystemCount`] without a path unless there is exactly one.
    pub async fn system(&self, path: Option<&ResourcePath>) -> Result<ComputerSystem> {
        let path = match path {
            Some(path) => path.clone(),
            None => self.only_system().await?,
        };
        self.get(&path).await.map(ComputerSystem::new)
    }

    async fn only_system(&self) -> Result<ResourcePath> {
        let root = self.service_root().await?;
        let systems = ServiceRoot::new(&root).require("Systems")?;
        let mut members = self.members(&systems).await?;
        match (members.pop(), members.len()) {
            (Some(only), 0) => Ok(only),
            (None, _) => Err(self.fail(format!("GET {systems}"), ErrorKind::SystemCount(0))),
            (Some(_), rest) => {
                Err(self.fail(format!("GET {systems}"), ErrorKind::SystemCount(rest + 1)))
            }
        }
    }

    /// Changes the power state, restarts, or injects an NMI.
    ///
    /// # Errors
    /// [`ErrorKind::NotAllowed`] if the BMC lists its reset types without this one.
    pub async fn reset(&self, system: &ComputerSystem, reset: ResetType) -> Result<Answer> {
        self.act(system.document(), RESET, "ResetType", reset.as_str())
            .await
    }

    /// Sets the light of a system, chassis or drive.
    pub async fn set_indicator_led(&self, document: &Document, led: IndicatorLed) -> Result<()> {
        self.patch(document, json!({"IndicatorLED": led.as_str()}))
            .await
            .map(drop)
    }

    /// Switches `LocationIndicatorActive`, which newer schemas have in place of the light's state.
    pub async fn set_location_indicator(&self, document: &Document, active: bool) -> Result<()> {
        self.patch(document, json!({"LocationIndicatorActive": active}))
            .await
            .map(drop)
    }
}
