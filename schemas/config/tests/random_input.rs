//! Whatever a file contains, loading ends with a configuration or an error, and says where.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use schemas_config::{Config, ConfigError, Machine, Sources};

fn machine() -> Machine {
    Machine {
        host_name: "h".to_owned(),
        ipv4: "192.0.2.7".to_owned(),
        temp_dir: "/tmp".to_owned(),
    }
}

fn load(text: &str) -> Result<Config, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ironic.conf");
    std::fs::write(&path, text).unwrap();
    Config::load(Sources::new(machine()).file(path)).map(|(config, _)| config)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text(text in ".{0,400}") {
        let _ = load(&text);
    }

    #[test]
    fn any_lines(lines in proptest::collection::vec("(\\[[A-Za-z_]{0,9}\\]?|[a-z_ ]{0,9}[=:]?.{0,20}|[ \t].{0,9})", 0..20)) {
        if let Err(ConfigError::Syntax { line, .. }) = load(&lines.join("\n")) {
            prop_assert!(line >= 1 && line <= lines.len());
        }
    }

    /// A value of any option is accepted, or refused by the name of the option that has it; or, for
    /// the options in `[DEFAULT]` that others' defaults refer to, by the name of one of those.
    #[test]
    fn any_value_of_any_option(index in any::<prop::sample::Index>(), value in "[ -~é]{0,60}") {
        let options: Vec<_> = schemas_config::dump::options().collect();
        let option = index.get(&options);
        let text = format!("[{}]\n{} = {value}\n", option.section, option.row.name);
        if let Err(error) = load(&text) {
            let ConfigError::Invalid(values) = error else { panic!("{error}") };
            let named = values
                .iter()
                .any(|wrong| (&*wrong.section, &*wrong.option) == (option.section, option.row.name));
            prop_assert!(named || option.section == "DEFAULT", "{text}");
        }
    }
}
