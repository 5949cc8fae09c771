//! The chassis of a system.

use crate::{
    Bmc, Result,
    schema::{chassis::Chassis, system::ComputerSystem},
};

impl Bmc {
    /// All chassis that a system is in.
    pub async fn chassis(&self, system: &ComputerSystem) -> Result<Vec<Chassis>> {
        let mut all = Vec::new();
        for path in system.chassis()? {
            all.push(Chassis::new(self.get(&path).await?));
        }
        Ok(all)
    }
}
