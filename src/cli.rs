//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::{bmc, program};

/// Bare metal as a service: a drop-in replacement for OpenStack Ironic.
///
/// Without a subcommand: API and conductor in one process. Without a configuration file, too: on
/// SQLite, loopback only, no authentication, every hardware type enabled.
#[derive(Debug, Parser)]
#[command(name = "ferric", version, propagate_version = true)]
pub(crate) struct Arguments {
    /// Configuration file in oslo.config's syntax; may be given several times, later ones win.
    #[arg(long, global = true, value_name = "FILE")]
    pub config_file: Vec<PathBuf>,

    /// Directory whose *.conf files are read after the configuration files.
    #[arg(long, global = true, value_name = "DIR")]
    pub config_dir: Vec<PathBuf>,

    /// Where state is kept when there is no configuration file.
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// More log messages, as `[DEFAULT]debug`.
    #[arg(short, long, global = true)]
    pub debug: bool,

    /// Log to a file, as `[DEFAULT]log_file`.
    #[arg(long, global = true, value_name = "FILE")]
    pub log_file: Option<PathBuf>,

    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The program this one was called as.
    #[arg(skip)]
    pub program: String,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// API and conductor in one process (the default).
    #[command(name = "all-in-one")]
    AllInOne,
    /// The REST API only; conductors are reached over `[DEFAULT]rpc_transport`.
    Api,
    /// A conductor only.
    Conductor,
    /// Create and maintain the database.
    #[command(subcommand)]
    Dbsync(Dbsync),
    /// Checks before an upgrade, and what is running.
    Status(Status),
    /// Ask a BMC: power, event log, inventory, sensors.
    Bmc(Box<bmc::Arguments>),
}

/// What `ferric dbsync` can do.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Dbsync {
    /// Create the schema in an empty database.
    #[command(name = "create_schema")]
    CreateSchema,
    /// Bring the schema to the newest revision; creates it in an empty database.
    Upgrade {
        /// Ignored, as there is one revision; upstream's scripts pass it.
        #[arg(long)]
        revision: Option<String>,
    },
    /// Show the revision of the database.
    Version,
    /// Record a revision without changing anything else.
    Stamp {
        /// The revision.
        #[arg(long)]
        revision: Option<String>,
    },
    /// Bring rows written by older releases up to date.
    #[command(name = "online_data_migrations")]
    OnlineDataMigrations(OnlineDataMigrations),
}

/// Options of `online_data_migrations`.
#[derive(Clone, Debug, Args)]
pub(crate) struct OnlineDataMigrations {
    /// Most rows to change; all of them when absent.
    #[arg(long)]
    pub max_count: Option<u32>,
    /// Options of single migrations; accepted for compatibility, there are none.
    #[arg(long)]
    pub option: Vec<String>,
}

/// What `ferric status` can do.
#[derive(Clone, Debug, Args)]
pub(crate) struct Status {
    /// `upgrade check`, as upstream's `ironic-status` is called.
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

impl Arguments {
    /// Parses arguments of this program or of the one it was called as.
    ///
    /// # Errors
    /// clap's complaint, help or version text.
    pub(crate) fn parse_as(words: impl Iterator<Item = OsString>) -> Result<Self, clap::Error> {
        let (program, words) = program::expand(words);
        let mut arguments = Arguments::try_parse_from(words)?;
        arguments.program = program;
        Ok(arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Arguments {
        Arguments::parse_as(words.iter().map(OsString::from)).unwrap()
    }

    #[test]
    fn files_may_come_before_or_after_the_subcommand() {
        let arguments = parsed(&[
            "ironic-dbsync",
            "--config-file",
            "a",
            "upgrade",
            "--config-file",
            "b",
        ]);
        assert_eq!(
            arguments.config_file,
            [PathBuf::from("a"), PathBuf::from("b")]
        );
        assert!(matches!(
            arguments.command,
            Some(Command::Dbsync(Dbsync::Upgrade { .. }))
        ));
    }

    #[test]
    fn nothing_is_the_whole_service() {
        assert!(parsed(&["ferric"]).command.is_none());
    }

    #[test]
    fn the_definition_is_sound() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
