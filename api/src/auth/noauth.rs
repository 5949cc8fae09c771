//! `[DEFAULT]auth_strategy = noauth`: everybody is an administrator, and nobody sees secrets.

use schemas_rpc::RequestContext;

use super::{Enforcer, Target};

/// Rules that allow nobody, unless an operator changes them.
const NOBODY: &[&str] = &["show_password", "show_instance_secrets"];

/// The policy without authentication.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAuth;

impl Enforcer for NoAuth {
    fn allows(&self, rule: &str, _: &Target, _: &RequestContext) -> bool {
        !NOBODY.contains(&rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_hidden() {
        let caller = RequestContext::default();
        assert!(NoAuth.allows("baremetal:node:get", &Target::default(), &caller));
        assert!(!NoAuth.allows("show_password", &Target::default(), &caller));
    }
}
