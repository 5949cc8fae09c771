//! Why a configuration is refused.
//!
//! Every wrong value is collected before loading fails, so that one start shows all of them, each
//! with option, value, file and line. The value of a secret option is never shown.

use std::fmt;
use std::path::PathBuf;

use crate::location::Location;

/// Why loading failed.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file that was asked for by name is missing or cannot be read.
    #[error("the configuration file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason of the operating system.
        #[source]
        source: std::io::Error,
    },
    /// A file is larger than [`MAX_FILE_BYTES`](crate::source::MAX_FILE_BYTES).
    #[error("the configuration file {} is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// A file is not UTF-8 text.
    #[error("the configuration file {} is not UTF-8 text", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// The directory of `--config-dir` does not exist or cannot be listed.
    #[error("the configuration directory {} cannot be read: {source}", path.display())]
    UnreadableDirectory {
        /// The directory.
        path: PathBuf,
        /// The reason of the operating system.
        #[source]
        source: std::io::Error,
    },
    /// A line does not follow the syntax.
    #[error("{}:{line}: {problem}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: SyntaxProblem,
    },
    /// One or more values are wrong.
    #[error("{}", Listed(.0))]
    Invalid(Vec<InvalidValue>),
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxProblem {
    /// Neither `=` nor `:`.
    #[error("neither a [section], a comment nor an `option = value`")]
    NoAssignment,
    /// Nothing before `=`.
    #[error("there is no option name before the `=`")]
    EmptyKey,
    /// `[name` without `]` at the end of the line.
    #[error("a section header must end with `]`")]
    UnclosedSection,
    /// `[]`.
    #[error("the section header is empty")]
    EmptySection,
    /// An assignment above the first section header.
    #[error("an option stands before the first [section]")]
    OutsideSection,
    /// An indented line that continues nothing.
    #[error("an indented line continues the value above it, but there is none")]
    StrayContinuation,
}

/// One value that an option does not accept.
#[derive(Debug, Clone)]
pub struct InvalidValue {
    /// The section, as in the file.
    pub section: String,
    /// The option's current name.
    pub option: String,
    /// The value as given; `None` when the option is secret.
    pub value: Option<String>,
    /// Where it was given.
    pub location: Location,
    /// Why it is refused.
    pub problem: ValueProblem,
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InvalidValue {
            section,
            option,
            value,
            location,
            problem,
        } = self;
        match value {
            Some(value) => write!(f, "{location}: [{section}]{option} = {value:?}: {problem}"),
            None => write!(f, "{location}: [{section}]{option} (secret): {problem}"),
        }
    }
}

/// Why a value is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ValueProblem {
    /// Neither set nor with a default.
    #[error("must be set")]
    Missing,
    /// A number option has nothing but blanks. Not an error by itself: the default is
    /// used, with a warning.
    #[error("a number is missing")]
    EmptyNumber,
    /// Not a word that oslo.config takes for true or false.
    #[error("not a boolean (true, 1, on, yes, false, 0, off, no)")]
    NotBoolean,
    /// Not an integer.
    #[error("not an integer")]
    NotInteger,
    /// Not a finite number.
    #[error("not a finite number")]
    NotNumber,
    /// Not an octal file mode.
    #[error("not an octal file mode such as 0660")]
    NotOctal,
    /// Below the option's minimum.
    #[error("must be at least {0}")]
    BelowMinimum(f64),
    /// Above the option's maximum.
    #[error("must be at most {0}")]
    AboveMaximum(f64),
    /// Not one of the allowed words.
    #[error("must be one of {}", .0.join(", "))]
    NotAChoice(&'static [&'static str]),
    /// Not an IP address.
    #[error("not an IPv4 or IPv6 address")]
    NotAddress,
    /// Neither an IP address nor a host name.
    #[error("neither an IP address nor a host name")]
    NotHost,
    /// Not an http or https URL with a host.
    #[error("not an http or https URL with a host")]
    NotUrl,
    /// Not absolute, or with `.`, `..` or doubled slashes in it.
    #[error("not an absolute path free of `.`, `..` and doubled slashes")]
    NotAbsolutePath,
    /// Not `start:end` with both in 0..=65535.
    #[error("not a port range such as 10000:20000")]
    NotPortRange,
    /// An item of a dict has no `:`.
    #[error("must be key:value pairs separated by commas")]
    NotPairs,
    /// A dict has an empty key.
    #[error("a key is empty")]
    EmptyDictKey,
    /// A dict has a key twice.
    #[error("the key {0:?} is given twice")]
    DuplicateDictKey(String),
    /// A quoted item of a dict has no closing quote.
    #[error("a quote is not closed")]
    UnclosedQuote,
    /// Not a kernel command line.
    #[error("not a kernel command line (key or key=value, separated by blanks)")]
    NotKernelParameters,
    /// `$name` refers to nothing known.
    #[error("${0} refers to no known option")]
    UnknownReference(String),
    /// `$a` needs `$b` needs `$a`.
    #[error("${0} refers back to itself")]
    CircularReference(String),
    /// Substitution made the value too long.
    #[error("longer than {0} bytes after substitution")]
    TooLong(usize),
}

/// Lines of a list, for display.
struct Listed<'a>(&'a [InvalidValue]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{value}")?;
        }
        Ok(())
    }
}
