//! The rules in force: the table, what policy files change in it, and the answer to a question.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;

use crate::check::{Check, Question};
use crate::credentials::{Credentials, Scope};
use crate::file::PolicyOverride;
use crate::rule::{Rule, RuleRow};
use crate::target::Target;

/// What `ironic.conf` says about policies.
#[derive(Debug, Clone)]
pub struct Options {
    /// `[oslo_policy]enforce_new_defaults`: when off, who was allowed before scopes and personas
    /// is allowed still.
    pub enforce_new_defaults: bool,
    /// `[oslo_policy]policy_default_rule`: the rule for rules that are not defined.
    pub default_rule: String,
    /// `[DEFAULT]rbac_service_project_name`, when `rbac_service_role_elevated_access` is on.
    pub service_project: Option<String>,
}

impl Default for Options {
    /// The defaults of Ironic 39.0.0.
    fn default() -> Self {
        Options {
            enforce_new_defaults: true,
            default_rule: "default".to_owned(),
            service_project: None,
        }
    }
}

/// The answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Decision {
    /// The rule allows.
    Allowed,
    /// The rule denies.
    Denied,
    /// The token is for something that the rule does not accept tokens for.
    WrongScope,
}

impl Decision {
    /// Whether it is [`Decision::Allowed`].
    pub fn is_allowed(self) -> bool {
        self == Decision::Allowed
    }
}

/// Something to tell the operator about the policy files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A rule refers to one that is not defined, which denies.
    UndefinedReference {
        /// The rule.
        rule: String,
        /// What it refers to.
        reference: String,
    },
    /// A rule refers to itself, perhaps through others, which denies.
    Cycle {
        /// The rule.
        rule: String,
    },
    /// A policy file changes the rule of old; its check is used for the rule of today.
    OldName {
        /// The name in the file.
        old: String,
        /// Today's name.
        new: &'static str,
    },
    /// A rule is the same in the file as by default.
    Redundant {
        /// The rule.
        rule: String,
    },
    /// The rule cannot be understood, or asks a remote server, which is not supported; it denies.
    NotUnderstood {
        /// The rule.
        rule: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::UndefinedReference { rule, reference } => {
                write!(
                    f,
                    "policy {rule} refers to {reference}, which is not defined"
                )
            }
            Warning::Cycle { rule } => write!(f, "policy {rule} refers to itself"),
            Warning::OldName { old, new } => write!(f, "policy {old} is now {new}"),
            Warning::Redundant { rule } => write!(f, "policy {rule} is the default anyway"),
            Warning::NotUnderstood { rule } => {
                write!(f, "policy {rule} is not understood and denies everybody")
            }
        }
    }
}

/// The rules in force.
#[derive(Debug, Clone)]
pub struct Enforcer {
    checks: HashMap<String, Check>,
    default_rule: String,
    service_project: Option<String>,
}

impl Enforcer {
    /// The table with the changes of policy files; later changes of a rule replace earlier ones.
    pub fn new(options: &Options, overrides: Vec<PolicyOverride>) -> (Self, Vec<Warning>) {
        let mut warnings = Vec::new();
        let mut from_files: HashMap<String, Check> = HashMap::new();
        for PolicyOverride {
            name,
            check,
            understood,
        } in overrides
        {
            if !understood {
                warnings.push(Warning::NotUnderstood { rule: name.clone() });
            }
            from_files.insert(name, check);
        }
        let mut checks = from_files.clone();
        for rule in Rule::ALL {
            let row = rule.row();
            match from_files.get(row.name) {
                Some(check) if *check == Check::parse(row.check) => {
                    warnings.push(Warning::Redundant {
                        rule: row.name.to_owned(),
                    });
                }
                Some(_) => {}
                None => {
                    let check = default_check(row, options, &from_files, &mut warnings);
                    checks.insert(row.name.to_owned(), check);
                }
            }
        }
        let enforcer = Enforcer {
            checks,
            default_rule: options.default_rule.clone(),
            service_project: options.service_project.clone(),
        };
        enforcer.look_for_mistakes(&mut warnings);
        (enforcer, warnings)
    }

    /// Whether `credentials` may do to `target` what `rule` guards.
    pub fn check(&self, rule: Rule, credentials: &Credentials, target: &Target) -> Decision {
        let row = rule.row();
        if !row.scopes.is_empty() && !row.scopes.contains(&credentials.scope()) {
            return Decision::WrongScope;
        }
        self.decide(row.name, credentials, target)
    }

    /// The same for a rule by its name. One that is not in the table exists when a policy file has
    /// it, and accepts tokens for anything; else the default rule decides.
    pub fn check_named(&self, name: &str, credentials: &Credentials, target: &Target) -> Decision {
        match Rule::named(name) {
            Some(rule) => self.check(rule, credentials, target),
            None => self.decide(name, credentials, target),
        }
    }

    /// Whether a rule is in the table or in a policy file.
    pub fn is_defined(&self, name: &str) -> bool {
        self.checks.contains_key(name)
    }

    fn decide(&self, name: &str, credentials: &Credentials, target: &Target) -> Decision {
        let question = Question {
            credentials,
            target,
            service_project: self.service_project.as_deref(),
            steps: Cell::new(0),
        };
        match self.find(name) {
            Some(check) if check.allows(&question, &|name| self.find(name), 0) => Decision::Allowed,
            _ => Decision::Denied,
        }
    }

    /// The check of a rule, or that of the default rule.
    fn find(&self, name: &str) -> Option<&Check> {
        self.checks
            .get(name)
            .or_else(|| self.checks.get(&self.default_rule))
    }

    fn look_for_mistakes(&self, warnings: &mut Vec<Warning>) {
        let mut names: Vec<_> = self.checks.keys().collect();
        names.sort();
        for name in names {
            let Some(check) = self.checks.get(name) else {
                continue;
            };
            for reference in check.references() {
                if !self.checks.contains_key(reference) {
                    let (rule, reference) = (name.clone(), reference.to_owned());
                    warnings.push(Warning::UndefinedReference { rule, reference });
                }
            }
            if self.reaches(name, name) {
                warnings.push(Warning::Cycle { rule: name.clone() });
            }
        }
    }

    /// Whether following references from a rule leads to another.
    fn reaches(&self, from: &str, to: &str) -> bool {
        let mut seen = Vec::new();
        let mut next: Vec<&str> = self
            .checks
            .get(from)
            .map(Check::references)
            .unwrap_or_default();
        while let Some(name) = next.pop() {
            if name == to {
                return true;
            }
            if !seen.contains(&name) {
                seen.push(name);
                next.extend(
                    self.checks
                        .get(name)
                        .map(Check::references)
                        .unwrap_or_default(),
                );
            }
        }
        false
    }
}

/// The check of a rule that no file changes: its own; or that of its old name when a file changes
/// that; or, while old defaults are honoured, either of both.
fn default_check(
    row: &'static RuleRow,
    options: &Options,
    from_files: &HashMap<String, Check>,
    warnings: &mut Vec<Warning>,
) -> Check {
    let check = Check::parse(row.check);
    let Some(was) = row.was else {
        return check;
    };
    let old = Check::parse(was.check);
    if let Some(changed) = from_files.get(was.name).filter(|_| was.name != row.name) {
        warnings.push(Warning::OldName {
            old: was.name.to_owned(),
            new: row.name,
        });
        let points_here = *changed == Check::Rule(row.name.to_owned());
        if *changed != old && !points_here {
            return changed.clone();
        }
    }
    if !options.enforce_new_defaults && was.check != row.check {
        return Check::Any(vec![check, old]);
    }
    check
}

impl Scope {
    /// The scope's name in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::System => "system",
            Scope::Domain => "domain",
            Scope::Project => "project",
        }
    }
}
