//! Every option of Ironic 39.0.0 takes and refuses the same texts.
//!
//! `data/ironic-39.0.0-values.json` was recorded with oslo.config 10.4: for each option that Ironic
//! defines, one bit a text, by options that behave alike. Deviations are listed here, each with its reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use schemas_config::{Config, ConfigError, Machine, Sources};
use serde_json::Value;

/// What an option takes and Ironic's does not, or the other way round: option, text.
const DEVIATIONS: &[(&str, &str)] = &[
    // No mode at all: a file could not be made with it.
    ("api.unix_socket_mode", "-1"),
    ("json_rpc.unix_socket_mode", "-1"),
    ("ironic_networking_json_rpc.unix_socket_mode", "-1"),
    ("pxe.dir_permission", "-1"),
    ("pxe.file_permission", "-1"),
    ("redfish.file_permission", "-1"),
    // The way in which the defaults of these are shown.
    ("pxe.dir_permission", "0o644"),
    ("pxe.file_permission", "0o644"),
    ("redfish.file_permission", "0o644"),
];

/// Python's integers have no end; a number beyond 64 bits is refused here wherever it stands.
const BEYOND_64_BITS: &str = "99999999999999999999";

/// Looked at only when every other value is right, as another option switches the check off.
const KERNEL_PARAMETERS: &[&str] = &[
    "inspector.extra_kernel_params",
    "pxe.kernel_append_params",
    "redfish.kernel_append_params",
];

fn machine() -> Machine {
    Machine {
        host_name: "node.example.org".to_owned(),
        ipv4: "192.0.2.7".to_owned(),
        temp_dir: "/tmp".to_owned(),
    }
}

/// The options refused when each is set to `text` in one file.
fn refused(options: &[(&str, &str)], text: &str) -> BTreeSet<(String, String)> {
    let mut sections: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (section, option) in options {
        sections.entry(section).or_default().push(option);
    }
    let mut file = String::new();
    for (section, options) in sections {
        file.push_str(&format!("[{section}]\n"));
        for option in options {
            file.push_str(&format!("{option} = {text}\n"));
        }
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ironic.conf");
    std::fs::write(&path, file).unwrap();
    match Config::load(Sources::new(machine()).file(path)) {
        Ok(_) => BTreeSet::new(),
        Err(ConfigError::Invalid(wrong)) => wrong
            .into_iter()
            .map(|value| (value.section, value.option))
            .collect(),
        Err(other) => panic!("{text:?}: {other}"),
    }
}

#[test]
fn the_same_texts_are_taken() {
    let recorded: Value =
        serde_json::from_str(include_str!("data/ironic-39.0.0-values.json")).unwrap();
    let taken = recorded["taken"].as_object().unwrap();
    let options: Vec<(&str, &str, &str)> = taken
        .iter()
        .flat_map(|(bits, options)| {
            options.as_str().unwrap().split(' ').map(move |option| {
                let (section, name) = option.split_once('.').unwrap();
                (section, name, bits.as_str())
            })
        })
        .collect();
    let (alone, together): (Vec<_>, Vec<_>) = options
        .iter()
        .map(|(section, option, _)| (*section, *option))
        .partition(|(section, option)| {
            KERNEL_PARAMETERS.contains(&format!("{section}.{option}").as_str())
        });
    assert!(together.len() > 650, "the recording is whole");
    let mut differences = Vec::new();
    for (index, text) in recorded["values"].as_array().unwrap().iter().enumerate() {
        let text = text.as_str().unwrap();
        let mut refusals = refused(&together, text);
        refusals.extend(refused(&alone, text));
        for (section, option, bits) in &options {
            let theirs = bits.as_bytes()[index] == b'1' && text != BEYOND_64_BITS;
            let ours = !refusals.contains(&((*section).to_owned(), (*option).to_owned()))
                && text != BEYOND_64_BITS;
            let name = format!("{section}.{option}");
            if (theirs != ours) != DEVIATIONS.contains(&(name.as_str(), text)) {
                let verb = if ours { "takes" } else { "refuses" };
                differences.push(format!("{name} {verb} {text:?}"));
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{} differ\n{}",
        differences.len(),
        differences.join("\n")
    );
}
