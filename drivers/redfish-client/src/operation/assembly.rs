//! The parts that a chassis, or another resource, is assembled of.

use crate::{Bmc, Document, Result, schema::assembly::Assembly};

impl Bmc {
    /// The assemblies of a resource; none if it tells of none.
    pub async fn assemblies(&self, of: &Document) -> Result<Vec<Assembly>> {
        let Some(path) = of.field("Assembly").link()? else {
            return Ok(Vec::new());
        };
        match self.get(&path).await {
            Err(error) if error.is_missing() => Ok(Vec::new()),
            read => Assembly::all(&read?),
        }
    }
}
