//! Policy files: a YAML (or JSON) mapping from the names of rules to who is allowed.
//!
//! A value is a check string, or the old form: a list of alternatives, each a string or a list of
//! strings. An empty string, an empty list or nothing at all allows everybody, as in oslo.policy. A
//! value of another type is an error here; oslo.policy would take `false` for "everybody".

use std::io::Read;
use std::path::{Path, PathBuf};

use yaml_rust2::parser::{Event, Parser};
use yaml_rust2::scanner::{ScanError, TScalarStyle};

use crate::check::Check;

/// The largest policy file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// A rule as a policy file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyOverride {
    /// The rule's name.
    pub name: String,
    /// Who is allowed.
    pub check: Check,
    /// False when the text could not be understood, so that it denies.
    pub understood: bool,
}

/// Why a policy file is refused.
#[derive(Debug, thiserror::Error)]
pub enum PolicyFileError {
    /// The file or directory cannot be read.
    #[error("the policy file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// The reason of the operating system.
        #[source]
        source: std::io::Error,
    },
    /// The file is larger than [`MAX_FILE_BYTES`].
    #[error("the policy file {} is larger than {MAX_FILE_BYTES} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file's content is wrong.
    #[error("{}: {problem}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        problem: ContentProblem,
    },
}

/// What is wrong with a policy file's content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentProblem {
    /// Not UTF-8 text.
    #[error("not UTF-8 text")]
    NotText,
    /// Not YAML.
    #[error("not YAML: {0}")]
    NotYaml(String),
    /// Not a mapping of names.
    #[error("not a mapping of rule names to checks")]
    NotAMapping,
    /// A rule's value is neither text nor a list of them.
    #[error("the rule {0:?} is neither a text nor a list of texts")]
    NotACheck(String),
    /// Aliases (`*name`) are not needed in policies and not supported.
    #[error("aliases are not supported")]
    Alias,
}

/// Reads the policy file, if there is one, and the files of the policy directories that exist, in
/// the order of their names; what comes later wins.
///
/// # Errors
/// When a file that exists cannot be read or is wrong.
pub fn load(
    file: Option<&Path>,
    directories: &[PathBuf],
) -> Result<Vec<PolicyOverride>, PolicyFileError> {
    let mut paths: Vec<PathBuf> = file.into_iter().map(Path::to_owned).collect();
    for directory in directories.iter().filter(|directory| directory.exists()) {
        paths.extend(files_of(directory)?);
    }
    let mut overrides = Vec::new();
    for path in paths {
        let text = read(&path)?;
        let rules = parse(&text).map_err(|problem| PolicyFileError::Content {
            path: path.clone(),
            problem,
        })?;
        overrides.extend(rules);
    }
    Ok(overrides)
}

fn files_of(directory: &Path) -> Result<Vec<PathBuf>, PolicyFileError> {
    let unreadable = |source| PolicyFileError::Unreadable {
        path: directory.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, PolicyFileError> {
    let unreadable = |source| PolicyFileError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(PolicyFileError::TooLarge {
            path: path.to_owned(),
        });
    }
    String::from_utf8(bytes).map_err(|_| PolicyFileError::Content {
        path: path.to_owned(),
        problem: ContentProblem::NotText,
    })
}

/// Reads the text of a policy file.
///
/// # Errors
/// When it is no mapping from names to checks.
pub fn parse(text: &str) -> Result<Vec<PolicyOverride>, ContentProblem> {
    let mut events = Events(Parser::new_from_str(text));
    let mut rules = Vec::new();
    match events.next()? {
        // An empty file changes nothing.
        Event::StreamEnd => return Ok(rules),
        Event::Scalar(text, style, ..) if is_null(&text, style) => return Ok(rules),
        Event::MappingStart(..) => {}
        _ => return Err(ContentProblem::NotAMapping),
    }
    loop {
        let name = match events.next()? {
            Event::MappingEnd => return Ok(rules),
            Event::Scalar(name, ..) => name,
            _ => return Err(ContentProblem::NotAMapping),
        };
        let (check, understood) = events.check(&name)?;
        rules.push(PolicyOverride {
            name,
            check,
            understood,
        });
    }
}

/// The parser's events without those that say nothing about the content.
struct Events<'a>(Parser<std::str::Chars<'a>>);

impl Events<'_> {
    fn next(&mut self) -> Result<Event, ContentProblem> {
        loop {
            let (event, _) = self.0.next_token().map_err(not_yaml)?;
            match event {
                Event::Nothing | Event::StreamStart | Event::DocumentStart | Event::DocumentEnd => {
                }
                Event::Alias(_) => return Err(ContentProblem::Alias),
                event => return Ok(event),
            }
        }
    }

    /// The check of a rule, and whether it was understood.
    fn check(&mut self, name: &str) -> Result<(Check, bool), ContentProblem> {
        let refuse = || Err(ContentProblem::NotACheck(name.to_owned()));
        match self.next()? {
            Event::Scalar(text, style, ..) if is_null(&text, style) => Ok((Check::Always, true)),
            Event::Scalar(text, style, ..) if is_text(&text, style) => {
                let check = Check::parse(&text);
                let understood = check != Check::Never || text.trim() == "!";
                Ok((check, understood))
            }
            Event::SequenceStart(..) => {
                let mut alternatives = Vec::new();
                loop {
                    match self.next()? {
                        Event::SequenceEnd => break,
                        Event::Scalar(text, ..) => alternatives.push(vec![text]),
                        Event::SequenceStart(..) => alternatives.push(self.texts(name)?),
                        _ => return refuse(),
                    }
                }
                Ok((Check::parse_lists(&alternatives), true))
            }
            _ => refuse(),
        }
    }

    /// The texts of a sequence whose start was read.
    fn texts(&mut self, name: &str) -> Result<Vec<String>, ContentProblem> {
        let mut texts = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(texts),
                Event::Scalar(text, ..) => texts.push(text),
                _ => return Err(ContentProblem::NotACheck(name.to_owned())),
            }
        }
    }
}

fn not_yaml(error: ScanError) -> ContentProblem {
    ContentProblem::NotYaml(error.to_string())
}

fn is_null(text: &str, style: TScalarStyle) -> bool {
    style == TScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Whether YAML takes a scalar for text rather than for a boolean or a number.
fn is_text(text: &str, style: TScalarStyle) -> bool {
    let lower = text.to_lowercase();
    let is_boolean = matches!(
        lower.as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off"
    );
    style != TScalarStyle::Plain || !(is_boolean || text.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Check {
        let mut rules = parse(text).unwrap();
        assert_eq!(rules.len(), 1);
        rules.remove(0).check
    }

    #[test]
    fn yaml_and_json() {
        let admin = Check::Role("admin".to_owned());
        assert_eq!(one("\"a:b\": \"role:admin\" # comment\n"), admin);
        assert_eq!(one("# comment\na:b: role:admin\n"), admin);
        assert_eq!(one("{\"a\": \"role:admin\"}"), admin);
        assert_eq!(one("a: >\n  role:admin\n"), admin);
        assert_eq!(one("a: [[\"role:admin\"]]"), admin);
        assert_eq!(one("a:\n- role:admin\n"), admin);
        assert_eq!(one("a: \"\""), Check::Always);
        assert_eq!(one("a:"), Check::Always);
        assert_eq!(one("a: []"), Check::Always);
        assert_eq!(one("a: '!'"), Check::Never);
        assert_eq!(parse(""), Ok(vec![]));
        assert_eq!(parse("# nothing\n"), Ok(vec![]));
        assert_eq!(parse("{}"), Ok(vec![]));
    }

    #[test]
    fn what_is_not_understood_is_marked() {
        let rules = parse("a: role:admin and\nb: '!'\n").unwrap();
        let marks: Vec<_> = rules
            .iter()
            .map(|rule| (&*rule.name, rule.understood))
            .collect();
        assert_eq!(marks, [("a", false), ("b", true)]);
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        for (text, problem) in [
            ("- a\n", ContentProblem::NotAMapping),
            ("just text", ContentProblem::NotAMapping),
            ("a: false", ContentProblem::NotACheck("a".to_owned())),
            ("a: 1", ContentProblem::NotACheck("a".to_owned())),
            ("a: {b: c}", ContentProblem::NotACheck("a".to_owned())),
            ("a: [[[b]]]", ContentProblem::NotACheck("a".to_owned())),
            ("a: &x role:b\nc: *x\n", ContentProblem::Alias),
        ] {
            assert_eq!(parse(text), Err(problem), "{text}");
        }
        assert!(matches!(parse("a: \"b"), Err(ContentProblem::NotYaml(_))));
    }
}
