//! Which of upstream's programs this one was called as.

use std::ffi::{OsStr, OsString};
use std::path::Path;

/// Upstream's program names and the arguments they stand for.
const NAMES: &[(&str, &[&str])] = &[
    ("ironic", &[]),
    ("ironic-api", &["api"]),
    ("ironic-conductor", &["conductor"]),
    ("ironic-dbsync", &["dbsync"]),
    ("ironic-status", &["status"]),
];

/// Options with a value that may be given on both sides of a subcommand.
const REPEATABLE: &[&str] = &["--config-file", "--config-dir"];

/// The name of the program for configuration files (`ironic-api.conf`), and its arguments with the
/// subcommand its name stands for put in front.
pub(crate) fn expand(arguments: impl Iterator<Item = OsString>) -> (String, Vec<OsString>) {
    let mut given = arguments;
    let called = given.next().unwrap_or_default();
    let name = Path::new(&called)
        .file_name()
        .and_then(OsStr::to_str)
        .unwrap_or_default();
    let mut expanded = vec![OsString::from("ferric")];
    let program = match NAMES.iter().find(|(known, _)| *known == name) {
        Some((known, words)) => {
            expanded.extend(words.iter().map(OsString::from));
            (*known).to_owned()
        }
        None => "ironic".to_owned(),
    };
    // Files may stand on both sides of the subcommand, and every one of them counts: in front, they do.
    let (mut files, mut others) = (Vec::new(), Vec::new());
    while let Some(word) = given.next() {
        let text = word.to_string_lossy();
        if REPEATABLE.contains(&&*text) {
            files.push(word);
            files.extend(given.next());
        } else if REPEATABLE.iter().any(|flag| {
            text.strip_prefix(flag)
                .is_some_and(|rest| rest.starts_with('='))
        }) {
            files.push(word);
        } else {
            others.push(word);
        }
    }
    expanded.splice(1..1, files);
    expanded.extend(others);
    (program, expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(words: &[&str]) -> (String, Vec<String>) {
        let (program, arguments) = expand(words.iter().map(OsString::from));
        (
            program,
            arguments
                .into_iter()
                .map(|word| word.into_string().unwrap())
                .collect(),
        )
    }

    #[test]
    fn upstream_names_become_subcommands() {
        let (program, arguments) =
            expanded(&["/usr/bin/ironic-dbsync", "--config-file", "x", "upgrade"]);
        assert_eq!(program, "ironic-dbsync");
        assert_eq!(
            arguments,
            ["ferric", "--config-file", "x", "dbsync", "upgrade"]
        );
    }

    #[test]
    fn our_own_name_changes_nothing() {
        let (program, arguments) = expanded(&["target/release/ferric", "api"]);
        assert_eq!(program, "ironic");
        assert_eq!(arguments, ["ferric", "api"]);
    }
}
