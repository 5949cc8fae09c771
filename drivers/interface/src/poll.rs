//! Work that goes on inside a BMC. Nobody reports on it, so it has to be asked after.

use schemas_config::Config;

/// Which nodes a poll looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollOf {
    /// Nodes that wait in a flow of steps (`clean wait`, `wait call-back`, `service wait`).
    Waiting,
    /// Nodes whose flow failed and which are in maintenance: what is left there is given up.
    Failed,
}

/// A row of an interface's poll table.
#[derive(Clone, Copy, Debug)]
pub struct Poll {
    /// Name of the periodic task.
    pub name: &'static str,
    /// Member of `driver_internal_info` without which a node is of no interest.
    pub marker: &'static str,
    /// Which nodes.
    pub of: PollOf,
    /// Seconds between two looks; 0 never looks.
    pub interval: fn(&Config) -> u64,
}

/// What a poll found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polled {
    /// Nothing is known: the BMC does not answer. The time-out of the wait goes on.
    Silent,
    /// The work goes on. The time-out of the wait begins anew.
    Busy,
    /// The step can go on: it is over, or runs again where it asked for that.
    Done,
}
