//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::log_arguments::LogArguments;
use crate::program::Given;
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

    /// How to log.
    #[command(flatten)]
    pub log: LogArguments,

    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The program this one was called as.
    #[arg(skip)]
    pub program: String,

    /// `config_file` and `config_dir` in the order given.
    #[arg(skip)]
    pub given: Vec<Given>,
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
        /// The revision, which is `head` or its number; there is no other one to upgrade to.
        #[arg(long, num_args = 0..=1, default_missing_value = "head")]
        revision: Option<String>,
    },
    /// Write a new migration; a tool for upstream's developers that is not here.
    Revision {
        /// Its title.
        #[arg(short, long)]
        message: Option<String>,
        /// From the difference to a database.
        #[arg(long)]
        autogenerate: bool,
    },
    /// Show the revision of the database.
    Version,
    /// Record a revision without changing anything else.
    Stamp {
        /// The revision; `head` when absent.
        #[arg(long, num_args = 0..=1, default_missing_value = "head")]
        revision: Option<String>,
    },
    /// Bring rows written by older releases up to date.
    #[command(name = "online_data_migrations")]
    OnlineDataMigrations(OnlineDataMigrations),
}

/// Options of `online_data_migrations`.
#[derive(Clone, Debug, Args)]
pub(crate) struct OnlineDataMigrations {
    /// Most rows to change, at least 1; all of them when absent.
    #[arg(long, allow_negative_numbers = true)]
    pub max_count: Option<i64>,
    /// Options of single migrations, as `MIGRATION.OPTION=VALUE`; there are none to set.
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
        let expanded = program::expand(words);
        let mut arguments = Arguments::try_parse_from(expanded.words)?;
        arguments.program = expanded.program;
        arguments.given = expanded.given;
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
    fn a_revision_may_be_left_out() {
        for words in [
            &["ironic-dbsync", "stamp"][..],
            &["ironic-dbsync", "stamp", "--revision"],
        ] {
            let command = parsed(words).command;
            let Some(Command::Dbsync(Dbsync::Stamp { revision })) = command else {
                panic!("{command:?}");
            };
            assert!(revision.is_none_or(|revision| revision == "head"));
        }
        let command = parsed(&[
            "ironic-dbsync",
            "online_data_migrations",
            "--max-count",
            "-1",
        ])
        .command;
        let Some(Command::Dbsync(Dbsync::OnlineDataMigrations(options))) = command else {
            panic!("{command:?}");
        };
        assert_eq!(options.max_count, Some(-1));
    }

    #[test]
    fn logging_is_told_as_to_ironic_s_programs() {
        let log = |words: &[&str]| {
            let all: Vec<&str> = std::iter::once("ironic-api")
                .chain(words.iter().copied())
                .collect();
            parsed(&all).log.options()
        };
        assert_eq!(log(&[]), []);
        assert_eq!(
            log(&[
                "-d",
                "--logfile=a.log",
                "--logdir",
                "/l",
                "--nouse-syslog",
                "--use-json"
            ]),
            [
                ("debug", "true".to_owned()),
                ("use_syslog", "false".to_owned()),
                ("use_json", "true".to_owned()),
                ("log_file", "a.log".to_owned()),
                ("log_dir", "/l".to_owned()),
            ]
        );
        assert_eq!(
            log(&["--debug", "--nodebug"]),
            [("debug", "false".to_owned())]
        );
        assert_eq!(
            log(&["--nodebug", "--debug"]),
            [("debug", "true".to_owned())]
        );
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
