//! Which of upstream's programs this one was called as.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Upstream's program names and the arguments they stand for.
const NAMES: &[(&str, &[&str])] = &[
    ("ironic", &[]),
    ("ironic-api", &["api"]),
    ("ironic-conductor", &["conductor"]),
    ("ironic-dbsync", &["dbsync"]),
    ("ironic-status", &["status"]),
];

/// A source of configuration that the arguments name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// `--config-file`
    File(PathBuf),
    /// `--config-dir`
    Directory(PathBuf),
}

impl Given {
    fn of(option: &str, value: &OsStr) -> Self {
        if option == "--config-file" {
            Given::File(value.into())
        } else {
            Given::Directory(value.into())
        }
    }
}

/// Options with a value that may be given on both sides of a subcommand.
const REPEATABLE: &[&str] = &["--config-file", "--config-dir"];

/// Subcommands of `ironic-dbsync`, which upgrades when it is given none of them.
const DBSYNC: &[&str] = &[
    "create_schema",
    "online_data_migrations",
    "revision",
    "stamp",
    "upgrade",
    "version",
];

/// What arguments come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expanded {
    /// The name of the program for configuration files (`ironic-api.conf`).
    pub(crate) program: String,
    /// Files and directories, in the order given: later ones beat earlier ones.
    pub(crate) given: Vec<Given>,
    /// The arguments, with the subcommand that the program's name stands for put in front.
    pub(crate) words: Vec<OsString>,
}

/// Understands the arguments as those of this program or of the one it was called as.
pub(crate) fn expand(arguments: impl Iterator<Item = OsString>) -> Expanded {
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
    let (mut files, mut sources, mut others) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(word) = given.next() {
        let text = word.to_string_lossy().into_owned();
        if REPEATABLE.contains(&&*text) {
            files.push(word);
            if let Some(value) = given.next() {
                sources.push(Given::of(&text, &value));
                files.push(value);
            }
            continue;
        }
        match text.split_once('=') {
            Some((option, value)) if REPEATABLE.contains(&option) => {
                sources.push(Given::of(option, OsStr::new(value)));
                files.push(word);
            }
            _ => others.push(word),
        }
    }
    let is_asking = |word: &OsString| {
        ["-h", "--help", "-V", "--version"]
            .iter()
            .any(|ask| word == ask)
    };
    let names_one = |word: &OsString| DBSYNC.iter().any(|command| word == command);
    if program == "ironic-dbsync" && !others.iter().any(|word| is_asking(word) || names_one(word)) {
        others.push(OsString::from("upgrade"));
    }
    expanded.splice(1..1, files);
    expanded.extend(others);
    Expanded {
        program,
        given: sources,
        words: expanded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(words: &[&str]) -> (String, Vec<String>) {
        let expanded = expand(words.iter().map(OsString::from));
        let words = expanded.words.into_iter();
        (
            expanded.program,
            words.map(|word| word.into_string().unwrap()).collect(),
        )
    }

    #[test]
    fn files_and_directories_keep_their_order() {
        let words = [
            "ironic-api",
            "--config-dir",
            "d",
            "--debug",
            "--config-file=f",
            "--config-file",
            "g",
        ];
        let given = expand(words.iter().map(OsString::from)).given;
        assert_eq!(
            given,
            [
                Given::Directory("d".into()),
                Given::File("f".into()),
                Given::File("g".into())
            ]
        );
    }

    #[test]
    fn dbsync_without_a_word_upgrades() {
        let last = |words: &[&str]| expanded(words).1.pop().unwrap();
        assert_eq!(last(&["ironic-dbsync"]), "upgrade");
        assert_eq!(
            last(&["ironic-dbsync", "--config-file", "version"]),
            "upgrade"
        );
        assert_eq!(last(&["ironic-dbsync", "version"]), "version");
        assert_eq!(last(&["ironic-dbsync", "--help"]), "--help");
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
