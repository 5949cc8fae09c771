//! SIGHUP: the sources are read again, and what may change in a running process changes.

use crate::config::Config;
use crate::error::ConfigError;
use crate::ignored;
use crate::resolver::{Layers, Resolver};
use crate::schema::Schema;
use crate::warning::{Warning, WarningKind};

/// Mutable options of Ironic that are read once here, when the service starts.
const READ_AT_START: &[(&str, &str)] = &[
    ("DEFAULT", "pin_release_version"),
    ("conductor", "heartbeat_timeout"),
];

/// An option whose new value is in effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The section.
    pub section: &'static str,
    /// The option.
    pub option: &'static str,
}

/// What came of reading the sources again.
#[derive(Debug)]
pub struct Reload {
    /// The configuration to use from now on.
    pub config: Config,
    /// What is new in it and in effect once [`Config::replace`] has it, by section and option.
    pub changes: Vec<Change>,
    /// Changes that need a restart, and the warnings of values that were read anew.
    pub warnings: Vec<Warning>,
}

impl Config {
    /// Reads the same sources again. Mutable options take their new values, all others keep what
    /// they had when the process started. Blocks on file I/O.
    ///
    /// # Errors
    /// As [`Config::load`]; the running configuration is not touched.
    pub fn reload_mutable(&self) -> Result<Reload, ConfigError> {
        let schema = Schema::new(Self::SECTIONS);
        let fresh = Layers::read(self.layers.sources().clone())?;
        let resolver = Resolver::reloading(&schema, &self.layers, &fresh);
        let (mut config, mut warnings) = Self::build(resolver, self.layers.clone())?;
        let mut changes = Vec::new();
        let before = self.mutable_layers.as_ref().unwrap_or(&self.layers);
        for (section, row) in schema.all() {
            let base = if row.mutable { before } else { &self.layers };
            let now = fresh.find(section, row);
            let was = base.find(section, row);
            if was.map(|found| found.texts) == now.as_ref().map(|found| found.texts.clone()) {
                continue;
            }
            let is_live = row.mutable && !READ_AT_START.contains(&(section, row.name));
            if ignored::contains(section, row.name) {
                continue;
            }
            if is_live {
                changes.push(Change {
                    section,
                    option: row.name,
                });
            } else {
                warnings.push(Warning {
                    location: now.map_or(crate::location::Location::Default, |now| now.location),
                    section: section.to_owned(),
                    option: row.name.to_owned(),
                    kind: WarningKind::NeedsRestart,
                });
            }
        }
        changes.sort_by_key(|change| (change.section, change.option));
        warnings.sort_by(|a, b| (&a.section, &a.option).cmp(&(&b.section, &b.option)));
        config.mutable_layers = Some(fresh);
        Ok(Reload {
            config,
            changes,
            warnings,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::source::Sources;

    #[test]
    fn only_mutable_options_change() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ironic.conf");
        std::fs::write(&path, "[DEFAULT]\ndebug = false\nhost = a\n").unwrap();
        let sources = Sources::new(Machine::detect()).file(&path);
        let (config, _) = Config::load(sources).unwrap();

        let more = "[api]\nmax_limit = 9\n[conductor]\nheartbeat_timeout = 61\n[pxe]\nipxe_use_swift = true\n";
        let text = format!("[DEFAULT]\ndebug = true\nhost = b\n{more}");
        std::fs::write(&path, text).unwrap();
        let reload = config.reload_mutable().unwrap();
        assert!(reload.config.default.debug);
        assert_eq!(reload.config.default.host, "a");
        assert_eq!(
            reload.changes,
            [("DEFAULT", "debug"), ("api", "max_limit")]
                .map(|(section, option)| Change { section, option })
        );
        let restart: Vec<_> = reload
            .warnings
            .iter()
            .map(|warning| &warning.option)
            .collect();
        assert_eq!(restart, ["host", "heartbeat_timeout"]);

        std::fs::write(&path, "[DEFAULT]\ndebug = false\nhost = a\n").unwrap();
        let again = reload.config.reload_mutable().unwrap();
        assert!(!again.config.default.debug);
        assert_eq!(again.changes.len(), 2);
        let restart: Vec<_> = again
            .warnings
            .iter()
            .map(|warning| &warning.option)
            .collect();
        assert_eq!(
            restart,
            ["heartbeat_timeout"],
            "back again is a change, too"
        );

        std::fs::write(&path, "[DEFAULT]\ndebug = perhaps\n").unwrap();
        let refused = again.config.reload_mutable().unwrap_err().to_string();
        assert!(
            refused.ends_with(
                "[DEFAULT]debug = \"perhaps\": not a boolean (true, 1, on, yes, false, 0, off, no)"
            ),
            "{refused}"
        );
    }
}
