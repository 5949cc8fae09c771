//! Where a configuration is read from, in the order in which later beats earlier.
//!
//! As oslo.config: embedded values, then files and directories in the order given, then the
//! environment (`OS_<SECTION>__<OPTION>`), then the command line.

use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::ConfigError;
use crate::ini;
use crate::layer::Layer;
use crate::location::Location;
use crate::machine::Machine;

/// The largest configuration file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// What distributions install below the operator's own file.
const DISTRIBUTION_FILE: &str = "/usr/share/ironic/ironic-dist.conf";

#[derive(Debug, Clone)]
enum FileSource {
    /// A file that must exist.
    File(PathBuf),
    /// The `*.conf` of a directory, by name.
    Directory(PathBuf),
}

/// The sources of one configuration. Kept to read them again on SIGHUP.
#[derive(Clone)]
pub struct Sources {
    files: Vec<FileSource>,
    environment: HashMap<String, String>,
    pub(crate) overrides: Layer,
    pub(crate) embedded: Layer,
    pub(crate) machine: Machine,
}

/// Without the values: some are secret.
impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("files", &self.files)
            .field("variables", &self.environment.len())
            .finish_non_exhaustive()
    }
}

impl Sources {
    /// No files, no environment, no overrides; the facts of `machine`.
    pub fn new(machine: Machine) -> Self {
        Sources {
            files: Vec::new(),
            environment: HashMap::new(),
            overrides: Layer::empty(Location::Override),
            embedded: Layer::empty(Location::Embedded),
            machine,
        }
    }

    /// Adds a file (`--config-file`). It must exist when the configuration is loaded.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.push(FileSource::File(path.into()));
        self
    }

    /// Adds the `*.conf` files of a directory, in the order of their names (`--config-dir`).
    pub fn directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.push(FileSource::Directory(path.into()));
        self
    }

    /// Adds environment variables; those not of the form `OS_<SECTION>__<OPTION>` are ignored.
    pub fn environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let ours = variables
            .into_iter()
            .filter(|(name, _)| name.starts_with("OS_") && name.contains("__"));
        self.environment.extend(ours);
        self
    }

    /// Sets an option above all other sources, as a command line argument does.
    pub fn set(mut self, section: &str, option: &str, value: &str) -> Self {
        self.overrides.push(section, option, value, 0);
        self
    }

    /// Adds what is read when no `--config-file` is given to the program `program`: the
    /// distribution's file, then `ironic.conf` and `<program>.conf` from the first of
    /// `~/.ironic`, `~`, `/etc/ironic`, `/etc` that has them. `IRONIC_CONFIG_FILE`, when set,
    /// replaces the search. Files that do not exist are left out.
    pub fn default_files(mut self, program: &str, home: Option<&Path>) -> Self {
        if let Some(named) = std::env::var_os("IRONIC_CONFIG_FILE") {
            return self.file(PathBuf::from(named));
        }
        let distribution = PathBuf::from(DISTRIBUTION_FILE);
        let found = ["ironic.conf".to_owned(), format!("{program}.conf")]
            .into_iter()
            .filter_map(|name| search(home, &name));
        let mut seen = Vec::new();
        for path in std::iter::once(distribution)
            .filter(|path| path.exists())
            .chain(found)
        {
            if !seen.contains(&path) {
                seen.push(path.clone());
                self = self.file(path);
            }
        }
        self
    }

    /// Adds what is read when no `--config-dir` is given: `ironic.conf.d` and `<program>.conf.d`
    /// from the same places, or the directory of `IRONIC_CONFIG_DIR`.
    pub fn default_directories(mut self, program: &str, home: Option<&Path>) -> Self {
        if let Some(named) = std::env::var_os("IRONIC_CONFIG_DIR") {
            let named = PathBuf::from(named);
            return if named.exists() {
                self.directory(named)
            } else {
                self
            };
        }
        let mut seen = Vec::new();
        for name in ["ironic.conf.d".to_owned(), format!("{program}.conf.d")] {
            if let Some(path) = search(home, &name).filter(|path| !seen.contains(path)) {
                seen.push(path.clone());
                self = self.directory(path);
            }
        }
        self
    }

    /// Where a file that an option names without a directory (`policy.yaml`) is looked for: in the
    /// directories, then beside the files, the last first, then where configuration is searched.
    pub fn directories_beside(&self, home: Option<&Path>) -> Vec<PathBuf> {
        let directories = self.files.iter().filter_map(|source| match source {
            FileSource::Directory(path) => Some(path.clone()),
            FileSource::File(_) => None,
        });
        let beside = self.files.iter().rev().filter_map(|source| match source {
            FileSource::File(path) => path.parent().map(Path::to_owned),
            FileSource::Directory(_) => None,
        });
        directories.chain(beside).chain(places(home)).collect()
    }

    /// Finds such a file. An absolute path is itself. `None` when there is no such file.
    pub fn find_beside(&self, name: &Path, home: Option<&Path>) -> Option<PathBuf> {
        self.directories_beside(home)
            .into_iter()
            .map(|directory| directory.join(name))
            .find(|path| path.exists())
    }

    /// Whether any file or directory is named.
    pub fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// The value of an environment variable for an option.
    pub(crate) fn variable(&self, section: &str, option: &str) -> Option<(String, &str)> {
        let name = format!("OS_{}__{}", section.to_uppercase(), option.to_uppercase());
        let value = self.environment.get(&name)?;
        Some((name, value))
    }

    /// All variables of the form `OS_<SECTION>__<OPTION>`: name, section and option, upper case.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.environment.keys().filter_map(|name| {
            let (section, option) = name.strip_prefix("OS_")?.split_once("__")?;
            Some((name.as_str(), section, option))
        })
    }

    /// Reads and parses every file, in order.
    pub(crate) fn read(&self) -> Result<Vec<Layer>, ConfigError> {
        let mut layers = Vec::new();
        for source in &self.files {
            match source {
                FileSource::File(path) => layers.push(read_file(path)?),
                FileSource::Directory(path) => {
                    for path in config_files_of(path)? {
                        layers.push(read_file(&path)?);
                    }
                }
            }
        }
        Ok(layers)
    }
}

/// Where configuration is searched for, in oslo.config's order.
fn places(home: Option<&Path>) -> impl Iterator<Item = PathBuf> {
    let of_user = home.map(|home| [home.join(".ironic"), home.to_owned()]);
    let of_system = ["/etc/ironic", "/etc"].map(PathBuf::from);
    of_user.into_iter().flatten().chain(of_system)
}

/// The first place that has `name`.
fn search(home: Option<&Path>, name: &str) -> Option<PathBuf> {
    places(home)
        .map(|directory| directory.join(name))
        .find(|path| path.exists())
}

fn read_file(path: &Path) -> Result<Layer, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(ConfigError::TooLarge {
            path: path.to_owned(),
            limit: MAX_FILE_BYTES,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| ConfigError::NotText {
        path: path.to_owned(),
    })?;
    let assignments = ini::parse(&text).map_err(|error| ConfigError::Syntax {
        path: path.to_owned(),
        line: error.line,
        problem: error.problem,
    })?;
    Ok(Layer::of_file(path, assignments))
}

fn config_files_of(directory: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let unreadable = |source| ConfigError::UnreadableDirectory {
        path: directory.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden
            && path
                .extension()
                .is_some_and(|extension| extension == "conf")
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
