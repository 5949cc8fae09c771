//! What a BMC has noted: finding a log, reading it, erasing it.

use serde_json::json;

use crate::{
    Bmc, Document, Result,
    resource_path::ResourcePath,
    schema::{
        action::Action,
        log::{CLEAR, LogEntry, LogService},
        system::ComputerSystem,
    },
};

impl Bmc {
    /// The log of what happened to the machine: among the system's, or else its managers', or else
    /// its chassis'.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if the BMC has no log.
    pub async fn event_log(&self, system: &ComputerSystem) -> Result<LogService> {
        if let Some(log) = self.event_log_of(system.document()).await? {
            return Ok(log);
        }
        let places: [Vec<ResourcePath>; 2] = [system.managers()?, system.chassis()?];
        for path in places.iter().flatten().take(self.settings().limits.hops) {
            if let Some(log) = self.event_log_of(&self.get(path).await?).await? {
                return Ok(log);
            }
        }
        Err(system.document().missing("LogServices"))
    }

    async fn event_log_of(&self, document: &Document) -> Result<Option<LogService>> {
        let Some(services) = document.field("LogServices").link()? else {
            return Ok(None);
        };
        let logs = match self.collect(&services).await {
            Err(error) if error.is_missing() => Vec::new(),
            logs => logs?,
        };
        Ok(LogService::of_events(
            logs.into_iter().map(LogService::new).collect(),
        ))
    }

    /// The entries of a log, as the BMC orders them; tells how many have been read, and of how many.
    ///
    /// # Errors
    /// [`crate::ErrorKind::TooMany`] for more than [`crate::Limits::members`].
    pub async fn log_entries(
        &self,
        log: &LogService,
        tell: impl FnMut(usize, usize) + Send,
    ) -> Result<Vec<LogEntry>> {
        let entries = self.collect_telling(&log.entries()?, tell).await?;
        Ok(entries.into_iter().map(LogEntry::new).collect())
    }

    /// Erases a log.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Missing`] if the BMC does not offer that.
    pub async fn clear_log(&self, log: &LogService) -> Result<()> {
        let action = Action::require(log.document(), CLEAR)?;
        self.post(&action.target, Some(json!({}))).await.map(drop)
    }
}
