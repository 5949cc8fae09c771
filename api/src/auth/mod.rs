//! Who may do what.
//!
//! Who asks is found out by [`basic`] or [`keystone`], in front of everything that is not
//! [`public`]; what they may do is decided by an [`Enforcer`]: [`noauth`] or [`policy`].

pub mod basic;
pub mod keystone;
pub mod noauth;
pub mod policy;
pub mod public;

use schemas_rpc::RequestContext;

/// What a rule is asked about, besides the caller: who owns the object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// `node.owner`, `allocation.owner`, `runbook.owner`.
    pub owner: Option<String>,
    /// `node.lessee`.
    pub lessee: Option<String>,
    /// Whether there is an object at all. An object without an owner is not the same as none: rules
    /// about owners deny where there is none.
    pub found: bool,
}

impl Target {
    /// An object and who it belongs to.
    pub fn of(owner: Option<String>, lessee: Option<String>) -> Self {
        Target {
            owner,
            lessee,
            found: true,
        }
    }
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
