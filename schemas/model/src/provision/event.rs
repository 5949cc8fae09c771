//! What moves a node from one provision state to another.

use crate::wire_enum::wire_enum;

wire_enum! {
    /// An event of the state machine. The first group comes from people, the second from flows.
    #[allow(missing_docs, reason = "the names are Ironic's")]
    pub enum Event("provision event") {
        Manage = "manage",
        Provide = "provide",
        Clean = "clean",
        Inspect = "inspect",
        Adopt = "adopt",
        Deploy = "deploy",
        Rebuild = "rebuild",
        Delete = "delete",
        Rescue = "rescue",
        Unrescue = "unrescue",
        Service = "service",
        Abort = "abort",
        Unhold = "unhold",
        Done = "done",
        Fail = "fail",
        Wait = "wait",
        Hold = "hold",
        Resume = "resume",
    }
}
