//! `[DEFAULT]auth_strategy = keystone`: Ironic's policy decides, with an operator's changes to it.

use schemas_policy::{self as policy, Credentials};
use schemas_rpc::RequestContext;
use serde_json::Value;

use super::{Enforcer, Target};

/// The rules in force.
#[derive(Debug)]
pub struct Policy(policy::Enforcer);

impl Policy {
    /// The rules with what policy files change; what is odd about those is logged.
    pub fn new(options: &policy::Options, changes: Vec<policy::PolicyOverride>) -> Self {
        let (enforcer, warnings) = policy::Enforcer::new(options, changes);
        for warning in warnings {
            tracing::warn!("{warning}");
        }
        Policy(enforcer)
    }
}

impl Enforcer for Policy {
    fn allows(&self, rule: &str, target: &Target, caller: &RequestContext) -> bool {
        let target = facts(rule, target);
        self.0
            .check_named(rule, &credentials(caller), &target)
            .is_allowed()
    }

    fn knows(&self, rule: &str) -> bool {
        self.0.is_defined(rule)
    }
}

/// The object under the name its rules have for it.
fn facts(rule: &str, target: &Target) -> policy::Target {
    if !target.found {
        return policy::Target::default();
    }
    let kind = match rule.split(':').nth(1) {
        Some("allocation") => "allocation",
        Some("runbook") => "runbook",
        _ => "node",
    };
    let facts = policy::Target::default().with(&format!("{kind}.owner"), target.owner.as_deref());
    match target.lessee.as_deref().filter(|lessee| !lessee.is_empty()) {
        Some(lessee) => facts.with(&format!("{kind}.lessee"), Some(lessee)),
        None => facts,
    }
}

/// What rules may ask about the caller.
fn credentials(caller: &RequestContext) -> Credentials {
    let info = caller.auth_token_info.as_ref();
    let token = |name: &str| info.and_then(|info| info.member(name));
    let project_name = token("token")
        .and_then(|token| token.pointer("/project/name"))
        .and_then(Value::as_str);
    let service = token("service_token");
    let of_service = |pointer: &str| {
        service
            .and_then(|token| token.pointer(pointer))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    Credentials {
        user_id: caller.user.clone(),
        user_domain_id: caller.user_domain.clone(),
        system_scope: caller.system_scope.clone(),
        domain_id: caller.domain.clone(),
        project_id: caller.project_id.clone(),
        project_name: project_name.map(str::to_owned),
        project_domain_id: caller.project_domain.clone(),
        roles: caller.roles.clone(),
        is_admin_project: caller.is_admin_project,
        // Only public paths are reached without a token.
        is_public_api: caller.auth_token.is_none(),
        service_user_id: of_service("/user/id"),
        service_user_domain_id: of_service("/user/domain/id"),
        service_project_id: of_service("/project/id"),
        service_project_domain_id: of_service("/project/domain/id"),
        service_roles: service.map(super::keystone::roles).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(project: Option<&str>, scope: Option<&str>, roles: &[&str]) -> RequestContext {
        RequestContext {
            user: Some("u".to_owned()),
            project_id: project.map(str::to_owned),
            system_scope: scope.map(str::to_owned),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            auth_token: Some("tok".into()),
            ..RequestContext::default()
        }
    }

    fn policy() -> Policy {
        Policy::new(&policy::Options::default(), Vec::new())
    }

    #[test]
    fn owners_see_their_nodes_and_systems_see_all() {
        let policy = policy();
        let reader = caller(Some("p1"), None, &["reader"]);
        let mine = Target::of(Some("p1".to_owned()), None);
        let others = Target::of(Some("p2".to_owned()), None);
        let rented = Target::of(Some("p2".to_owned()), Some("p1".to_owned()));
        assert!(policy.allows("baremetal:node:get", &mine, &reader));
        assert!(policy.allows("baremetal:node:get", &rented, &reader));
        assert!(!policy.allows("baremetal:node:get", &others, &reader));
        assert!(!policy.allows("baremetal:node:delete", &mine, &reader));
        let system = caller(None, Some("all"), &["admin", "member", "reader"]);
        assert!(policy.allows("baremetal:node:get", &others, &system));
        assert!(policy.allows("baremetal:node:delete", &others, &system));
        assert!(!policy.allows("show_password", &Target::default(), &system));
    }

    #[test]
    fn allocations_have_owners_of_their_own() {
        let policy = policy();
        let member = caller(Some("p1"), None, &["member", "reader"]);
        let mine = Target::of(Some("p1".to_owned()), None);
        let others = Target::of(Some("p2".to_owned()), None);
        assert!(policy.allows("baremetal:allocation:get", &mine, &member));
        assert!(!policy.allows("baremetal:allocation:get", &others, &member));
        assert!(policy.allows("baremetal:runbook:get", &mine, &member));
    }

    #[test]
    fn public_rules_are_for_callers_without_a_token() {
        let policy = policy();
        let nobody = RequestContext::default();
        let rule = "baremetal:driver:ipa_lookup";
        assert!(policy.allows(rule, &Target::default(), &nobody));
        assert!(!policy.allows("baremetal:node:list", &Target::default(), &nobody));
    }

    #[test]
    fn rules_nobody_wrote_deny() {
        let policy = policy();
        let system = caller(None, Some("all"), &["admin"]);
        let rule = "baremetal:steps:clean:raid:delete_configuration";
        assert!(!policy.knows(rule));
        assert!(!policy.allows(rule, &Target::default(), &system));
    }
}
