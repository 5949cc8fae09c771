//! From arguments to configuration.

use std::path::{Path, PathBuf};

use drivers_registry::{Catalog, HARDWARE_TYPES};
use schemas_config::{AvailableDrivers, Config, Machine, Sources, Warning};
use schemas_model::interface::InterfaceKind;

use crate::cli::Arguments;
use crate::program::Given;

/// The configuration, and where it comes from.
pub(crate) struct Settings {
    pub config: Config,
    /// What was odd about it; logged once logging works.
    pub warnings: Vec<Warning>,
    /// The data directory of the embedded mode; absent when configured by files.
    pub embedded: Option<PathBuf>,
    /// The program this one was called as.
    pub program: String,
    /// Where configuration files are looked for: beside the ones that were read, then the usual places.
    pub directories: Vec<PathBuf>,
}

/// Loads the configuration: files when there are any, else the embedded mode.
///
/// # Errors
/// One sentence naming option, file and line.
pub(crate) fn load(arguments: &Arguments) -> Result<Settings, String> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let mut sources = Sources::new(Machine::detect());
    // Each kind that is not named is searched for, and stands below what is named (oslo.config).
    if arguments.config_file.is_empty() {
        sources = sources.default_files(&arguments.program, home.as_deref());
    }
    if arguments.config_dir.is_empty() {
        sources = sources.default_directories(&arguments.program, home.as_deref());
    }
    sources = arguments
        .given
        .iter()
        .fold(sources, |sources, given| match given {
            Given::File(path) => sources.file(path),
            Given::Directory(path) => sources.directory(path),
        });
    let embedded = if sources.has_files() {
        None
    } else {
        let data_dir = data_dir(arguments, home.as_deref())?;
        sources = Sources::embedded(&data_dir, &available(), Machine::detect());
        Some(data_dir)
    };
    sources =
        sources.environment(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }));
    for (option, value) in arguments.log.options() {
        sources = sources.set("DEFAULT", option, &value);
    }
    let directories = sources.directories_beside(home.as_deref());
    let (config, warnings) = Config::load(sources).map_err(|why| why.to_string())?;
    Ok(Settings {
        config,
        warnings,
        embedded,
        program: arguments.program.clone(),
        directories,
    })
}

fn data_dir(arguments: &Arguments, home: Option<&Path>) -> Result<PathBuf, String> {
    if let Some(given) = &arguments.data_dir {
        return std::path::absolute(given)
            .map_err(|why| format!("--data-dir {}: {why}", given.display()));
    }
    let state = std::env::var_os("XDG_STATE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    state
        .or_else(|| home.map(|home| home.join(".local/state")))
        .map(|state| state.join("ferric"))
        .ok_or_else(|| {
            "neither XDG_STATE_HOME nor HOME is set: say with --data-dir where state is to be kept"
                .to_owned()
        })
}

/// Every hardware type and interface this executable has.
fn available() -> AvailableDrivers {
    let catalog = Catalog::all();
    AvailableDrivers {
        hardware_types: HARDWARE_TYPES
            .iter()
            .map(|hardware| hardware.name.to_owned())
            .collect(),
        interfaces: InterfaceKind::ALL
            .iter()
            .map(|kind| {
                let names = catalog
                    .names(*kind)
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                (kind.to_string(), names)
            })
            .collect(),
    }
}
