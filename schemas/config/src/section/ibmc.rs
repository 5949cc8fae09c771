//! `[ibmc]`: of Ironic 25.0.0, the last release that had the hardware type.

use crate::section::section;

section! {
    /// `[ibmc]`: Huawei iBMC.
    Ibmc;

    /// How often connecting to an iBMC is tried.
    connection_attempts: u64 = 5, min(1.0);
    /// Seconds between two tries to connect to an iBMC.
    connection_retry_interval: u64 = 4, min(1.0);
}
