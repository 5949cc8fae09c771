//! One row of a section's table: everything there is to know about an option.

use crate::machine::Fact;

/// The kind of an option, with oslo.config's names for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Kind {
    /// Text, or a word of a closed list.
    String,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A TCP or UDP port.
    Port,
    /// An IP address or a host name.
    HostAddress,
    /// An IP address.
    IPAddress,
    /// An http or https URL.
    URI,
    /// Values separated by commas.
    List,
    /// `key:value` pairs separated by commas.
    Dict,
    /// One text for each time that the option is repeated.
    MultiString,
    /// An octal file mode.
    Octal,
    /// A kernel command line.
    KernelParameterString,
}

/// One option. Built by [`section!`](crate::section) in constant context.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct OptionRow {
    /// Its name in files; dashes are written as underscores.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// The default as it would be written in a file; `None` when unset.
    pub default: Option<&'static str>,
    /// The least value, for numbers.
    pub min: Option<f64>,
    /// The greatest value, for numbers.
    pub max: Option<f64>,
    /// The allowed words (of each item, for lists); empty when free.
    pub choices: &'static [&'static str],
    /// Old names: section (`None` is the option's own) and name.
    pub deprecated: &'static [(Option<&'static str>, &'static str)],
    /// Whether SIGHUP applies a change.
    pub mutable: bool,
    /// Whether its value must not be shown.
    pub secret: bool,
    /// Whether repeating it appends.
    pub multi: bool,
    /// Whether Ironic is going to remove it.
    pub to_be_removed: bool,
    /// The fact of this machine that replaces the default.
    #[serde(skip)]
    pub fact: Option<Fact>,
    /// What it does, in a line.
    pub doc: &'static str,
}

impl OptionRow {
    /// A row with nothing but the necessary.
    pub(crate) const fn new(
        name: &'static str,
        kind: Kind,
        default: Option<&'static str>,
        doc: &'static str,
    ) -> Self {
        OptionRow {
            name,
            kind,
            default,
            min: None,
            max: None,
            choices: &[],
            deprecated: &[],
            mutable: false,
            secret: false,
            multi: false,
            to_be_removed: false,
            fact: None,
            doc,
        }
    }

    /// Takes what the Rust type says about the option.
    pub(crate) const fn typed(
        mut self,
        choices: &'static [&'static str],
        secret: bool,
        multi: bool,
    ) -> Self {
        self.choices = choices;
        self.secret = secret;
        self.multi = multi;
        self
    }

    /// Sets the least value.
    pub(crate) const fn min(mut self, least: f64) -> Self {
        self.min = Some(least);
        self
    }

    /// Sets the greatest value.
    pub(crate) const fn max(mut self, greatest: f64) -> Self {
        self.max = Some(greatest);
        self
    }

    /// Sets the allowed words of a text that is not an enum.
    pub(crate) const fn choices(mut self, words: &'static [&'static str]) -> Self {
        self.choices = words;
        self
    }

    /// Sets the old names.
    pub(crate) const fn formerly(
        mut self,
        names: &'static [(Option<&'static str>, &'static str)],
    ) -> Self {
        self.deprecated = names;
        self
    }

    /// SIGHUP applies a change.
    pub(crate) const fn mutable(mut self) -> Self {
        self.mutable = true;
        self
    }

    /// Ironic is going to remove it.
    pub(crate) const fn to_be_removed(mut self) -> Self {
        self.to_be_removed = true;
        self
    }

    /// The machine decides the default.
    pub(crate) const fn fact(mut self, fact: Fact) -> Self {
        self.fact = Some(fact);
        self
    }
}
