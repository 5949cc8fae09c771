//! A row of the table of rules, and the macro that the table is written with.

use crate::credentials::Scope;

/// Everything there is to know about a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleRow {
    /// Its name in policy files.
    pub name: &'static str,
    /// Who is allowed, as a check string.
    pub check: &'static str,
    /// The scopes of tokens that it accepts; empty for all.
    pub scopes: &'static [Scope],
    /// The REST operations that it guards, as `METHOD /path`.
    pub operations: &'static [&'static str],
    /// What it was before scopes and personas.
    pub was: Option<Deprecated>,
}

/// A rule of old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecated {
    /// Its name, which may still be that of a rule of today.
    pub name: &'static str,
    /// Who was allowed.
    pub check: &'static str,
}

/// Declares [`Rule`] and its rows. A row is a name in Rust, the name in policy files, who is
/// allowed, the scopes, then the operations and the rule of old where there are such.
///
/// ```ignore
/// rules! {
///     SpoonBend = "spoon:bend",
///         "role:wizard", BOTH, ["POST /spoons/{spoon}/bend"],
///         was("spoon:update", "role:admin");
/// }
/// assert_eq!(Rule::SpoonBend.row().name, "spoon:bend");
/// ```
macro_rules! rules {
    ($(
        $rule:ident = $name:literal,
        $check:expr, $scopes:expr
        $(, [$($operation:literal),* $(,)?])?
        $(, was($old:literal, $old_check:expr))?;
    )+) => {
        /// The name of a rule.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Rule {
            $(
                #[doc = concat!("`", $name, "`.")]
                $rule,
            )+
        }

        impl Rule {
            /// All rules, in the order of the table.
            pub const ALL: &'static [Rule] = &[$(Rule::$rule),+];

            /// The rule's row.
            pub const fn row(self) -> &'static $crate::rule::RuleRow {
                match self {
                    $(Rule::$rule => &$crate::rule::RuleRow {
                        name: $name,
                        check: $check,
                        scopes: $scopes,
                        operations: &[$($($operation),*)?],
                        was: $crate::rule::was!($($old, $old_check)?),
                    }),+
                }
            }
        }
    };
}

/// The rule of old of a row, if it has one.
macro_rules! was {
    () => {
        None
    };
    ($name:literal, $check:expr) => {
        Some($crate::rule::Deprecated {
            name: $name,
            check: $check,
        })
    };
}

pub(crate) use rules;
pub(crate) use was;

pub use crate::rules::Rule;

impl Rule {
    /// The rule's name in policy files.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The rule of that name.
    pub fn named(name: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
