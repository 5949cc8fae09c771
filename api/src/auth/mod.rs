//! Who may do what.

pub mod basic;
pub mod noauth;

use schemas_rpc::RequestContext;

/// What a rule is asked about, besides the caller: who owns the object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// `node.owner`, `allocation.owner`, `runbook.owner`.
    pub owner: Option<String>,
    /// `node.lessee`.
    pub lessee: Option<String>,
}

/// Decides whether a rule of the policy allows a caller to do something.
pub trait Enforcer: Send + Sync {
    /// Whether `rule` (e.g. `baremetal:node:get`) allows it.
    fn allows(&self, rule: &str, target: &Target, caller: &RequestContext) -> bool;

    /// Whether somebody wrote `rule`. Only asked about rules that have no default, such as those
    /// of single steps; without a policy nobody did.
    fn knows(&self, _rule: &str) -> bool {
        false
    }
}
