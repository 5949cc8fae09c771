//! The README's invariants, as far as a look at the sources can check them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The crates a manifest depends on outside tests.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join(manifest)).unwrap();
    let section = text.split("[dependencies]").nth(1).unwrap_or_default();
    section
        .lines()
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

fn forbid(manifest: &str, crates: &[&str]) {
    let found = dependencies(manifest);
    for name in crates {
        assert!(!found.contains(*name), "{manifest} depends on {name}");
    }
}

/// Rust sources below a directory, without tests beside the code.
fn sources(directory: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(directory)];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(
                    name.as_str(),
                    "target" | "tests" | "examples" | "fuzz" | ".work"
                ) {
                    open.push(path);
                }
            } else if name.ends_with(".rs") && name != "tests.rs" && name != "invariants.rs" {
                found.push(path);
            }
        }
    }
    found
}

/// Lines of a source that are neither comments nor below its test module.
fn code(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_domain_knows_no_edges() {
    forbid(
        "schemas/model/Cargo.toml",
        &["diesel", "actix-web", "lapin", "reqwest", "tokio"],
    );
}

#[test]
fn the_api_links_no_driver_and_no_conductor() {
    let found = dependencies("api/Cargo.toml");
    assert!(
        !found
            .iter()
            .any(|name| name.starts_with("drivers-") || name == "conductor"),
        "{found:?}"
    );
}

#[test]
fn drivers_link_no_database_no_server_no_broker() {
    for entry in std::fs::read_dir(root().join("drivers")).unwrap() {
        let manifest = entry.unwrap().path().join("Cargo.toml");
        let relative = manifest
            .strip_prefix(root())
            .unwrap()
            .to_string_lossy()
            .into_owned();
        forbid(
            &relative,
            &[
                "diesel",
                "schemas-db",
                "actix-web",
                "lapin",
                "schemas-rpc",
                "schemas-rest",
            ],
        );
    }
}

#[test]
fn nothing_in_the_product_starts_a_program() {
    for directory in ["src", "api", "conductor", "drivers", "schemas"] {
        for path in sources(directory) {
            for line in code(&path) {
                assert!(
                    !line.contains("process::Command") && !line.contains("Command::new("),
                    "{}: {line}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn only_the_database_crate_links_diesel() {
    for manifest in [
        "api/Cargo.toml",
        "conductor/Cargo.toml",
        "schemas/rest/Cargo.toml",
        "schemas/rpc/Cargo.toml",
        "Cargo.toml",
    ] {
        forbid(manifest, &["diesel"]);
    }
}

#[test]
fn only_apply_writes_the_provision_state() {
    let sources = || {
        sources("conductor/src")
            .into_iter()
            .chain(sources("drivers"))
    };
    let forbid = |words: &[&str], allowed: &str| {
        for path in sources().filter(|path| !path.ends_with(allowed)) {
            for line in code(&path) {
                assert!(
                    !words.iter().any(|word| line.contains(word)),
                    "{}: {line}",
                    path.display()
                );
            }
        }
    };
    // The one setter there is, and its one caller.
    forbid(
        &[".provision_state = ", ".target_provision_state = "],
        "conductor/src/task/hold.rs",
    );
    forbid(&[".move_to("], "conductor/src/provision/apply.rs");
}

/// Options that only others' values refer to (`$state_path`), or that say where others are found, so
/// that no code names them.
const REFERRED_TO: &[(&str, &str)] = &[
    ("json_rpc", "auth_section"),
    ("keystone_authtoken", "auth_section"),
    ("DEFAULT", "bindir"),
    ("DEFAULT", "pybasedir"),
    ("DEFAULT", "state_path"),
    ("inspector", "default_hooks"),
    ("redfish", "default_inspection_hooks"),
];

#[test]
fn an_option_is_read_or_who_sets_it_is_told() {
    use schemas_config::Config;
    let names = |line: &str| -> Vec<String> {
        let words = |text: &str| -> String {
            text.trim_start()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect()
        };
        line.split('.').skip(1).map(words).collect()
    };
    let mut read = BTreeSet::new();
    for directory in ["src", "api", "conductor", "drivers", "schemas"] {
        for path in sources(directory) {
            let text = path.to_string_lossy();
            if !text.contains("schemas/config/src/section") && !text.contains("drivers/sim/") {
                read.extend(code(&path).iter().flat_map(|line| names(line)));
            }
        }
    }
    let forgotten: Vec<String> = Config::SECTIONS
        .iter()
        .flat_map(|table| table.all_rows().map(|row| (table.name, row.name)))
        .filter(|(section, option)| {
            Config::has_effect(section, option)
                && !REFERRED_TO.contains(&(*section, *option))
                // A macro of the registry of drivers reads these, a pair for each kind.
                && !option.ends_with("_interface")
                && !option.ends_with("_interfaces")
                && !read.contains(*option)
        })
        .map(|(section, option)| format!("[{section}]{option}"))
        .collect();
    assert_eq!(
        forgotten, [""; 0],
        "nothing reads these, and schemas/config/src/ignored.rs does not tell so"
    );
}
