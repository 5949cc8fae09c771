//! Serial consoles.

use async_trait::async_trait;
use schemas_model::Fault;

use crate::{Interface, Task, unsupported};

/// How to reach a console.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ConsoleInfo {
    /// `socat`, `shellinabox`, `vnc`, ...
    pub r#type: String,
    /// Where: `tcp://host:port` or a URL.
    pub url: String,
}

/// Console control.
#[async_trait]
pub trait Console: Interface {
    /// Starts the console.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn start(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(unsupported(self, task, "start_console"))
    }

    /// Stops the console.
    ///
    /// # Errors
    /// Unsupported by default.
    async fn stop(&self, task: &mut dyn Task) -> Result<(), Fault> {
        Err(unsupported(self, task, "stop_console"))
    }

    /// How to reach it; nothing when there is nothing to reach (`fake`).
    ///
    /// # Errors
    /// Unsupported by default.
    async fn info(&self, task: &mut dyn Task) -> Result<Option<ConsoleInfo>, Fault> {
        Err(unsupported(self, task, "get_console"))
    }
}
