//! A parsed rule, and its evaluation.

use std::cell::Cell;

use crate::credentials::Credentials;
use crate::interpolate::interpolate;
use crate::target::Target;

/// How deep rules may refer to rules. Beyond it (a cycle, in practice) a check denies.
pub const MAX_REFERENCES: usize = 32;

/// How many references one question may follow in all; then checks deny. It bounds rules that
/// refer to each other many times over.
pub const MAX_STEPS: usize = 10_000;

/// A parsed rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// Allows everybody: `@`, or an empty rule.
    Always,
    /// Allows nobody: `!`, or what cannot be understood.
    Never,
    /// Inverts.
    Not(Box<Check>),
    /// Allows when all allow.
    All(Vec<Check>),
    /// Allows when one allows.
    Any(Vec<Check>),
    /// `rule:name`: as that rule.
    Rule(String),
    /// `role:name`: the user has the role, whatever its case. The name may have references.
    Role(String),
    /// `'literal':value`: the value, its references replaced, is the literal.
    Literal {
        /// The literal, as Python prints it.
        literal: String,
        /// The value.
        value: String,
    },
    /// `attribute:value`: the user's attribute is the value, its references replaced.
    Attribute {
        /// The attribute.
        name: String,
        /// The value.
        value: String,
    },
}

/// What a check is evaluated with.
pub(crate) struct Question<'a> {
    /// Who asks.
    pub credentials: &'a Credentials,
    /// For what.
    pub target: &'a Target,
    /// The project whose `service` role is trusted, if any: `%(config.service_project_name)s`.
    pub service_project: Option<&'a str>,
    /// How many references were followed so far.
    pub steps: Cell<usize>,
}

impl Check {
    /// Whether the check allows; `rule` finds the rules that it refers to.
    pub(crate) fn allows<'c>(
        &'c self,
        question: &Question<'_>,
        rule: &dyn Fn(&str) -> Option<&'c Check>,
        references: usize,
    ) -> bool {
        match self {
            Check::Always => true,
            Check::Never => false,
            Check::Not(check) => !check.allows(question, rule, references),
            Check::All(checks) => checks.iter().all(|c| c.allows(question, rule, references)),
            Check::Any(checks) => checks.iter().any(|c| c.allows(question, rule, references)),
            Check::Rule(name) => {
                question.steps.set(question.steps.get() + 1);
                if references >= MAX_REFERENCES || question.steps.get() > MAX_STEPS {
                    return false;
                }
                rule(name).is_some_and(|check| check.allows(question, rule, references + 1))
            }
            Check::Role(name) => question.value(name).is_some_and(|name| {
                let name = name.to_lowercase();
                question
                    .credentials
                    .roles
                    .iter()
                    .any(|role| role.to_lowercase() == name)
            }),
            Check::Literal { literal, value } => {
                question.value(value).is_some_and(|value| value == *literal)
            }
            Check::Attribute { name, value } => question.value(value).is_some_and(|value| {
                let attribute = question.credentials.attribute(name);
                attribute.is_some_and(|attribute| attribute.matches(&value))
            }),
        }
    }

    /// The names of the rules that the check refers to.
    pub fn references(&self) -> Vec<&str> {
        match self {
            Check::Rule(name) => vec![name],
            Check::Not(check) => check.references(),
            Check::All(checks) | Check::Any(checks) => {
                checks.iter().flat_map(Check::references).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Question<'_> {
    /// A value with its references replaced.
    fn value(&self, text: &str) -> Option<String> {
        interpolate(text, |name| {
            self.target
                .get(name)
                .or_else(|| {
                    self.credentials
                        .attribute(name)
                        .and_then(|value| value.text())
                })
                .or_else(|| {
                    self.service_project
                        .filter(|_| name == "config.service_project_name")
                })
        })
    }
}
