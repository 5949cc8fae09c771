//! Why a node was put into maintenance by the service itself (`nodes.fault`).

use crate::wire_enum::wire_enum;

wire_enum! {
    /// Recorded beside `maintenance` so that recovery can be automatic.
    pub enum FaultKind("fault") {
        /// The BMC stopped answering; cleared by the power failure recovery.
        PowerFailure = "power failure",
        /// Cleaning failed or timed out.
        CleanFailure = "clean failure",
        /// The rescue environment was not torn down.
        RescueAbortFailure = "rescue abort failure",
        /// Servicing failed or timed out.
        ServiceFailure = "service failure",
    }
}
