//! The arguments about logging that all of Ironic's programs take (oslo.log): each sets an option
//! of `[DEFAULT]` above what files and environment say.

use clap::Args;

// No doc comment: clap would take it for that of the program.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct LogArguments {
    /// More log messages, as `[DEFAULT]debug`.
    #[arg(short, long, global = true, overrides_with = "nodebug")]
    debug: bool,
    /// The opposite.
    #[arg(long, global = true, hide = true, overrides_with = "debug")]
    nodebug: bool,
    /// Log to a file, as `[DEFAULT]log_file`.
    #[arg(long, alias = "logfile", global = true, value_name = "FILE")]
    log_file: Option<String>,
    /// Where relative log files are, as `[DEFAULT]log_dir`.
    #[arg(long, alias = "logdir", global = true, value_name = "DIR")]
    log_dir: Option<String>,
    /// Log to syslog, as `[DEFAULT]use_syslog`.
    #[arg(long, global = true, overrides_with = "nouse_syslog")]
    use_syslog: bool,
    /// The opposite.
    #[arg(
        long = "nouse-syslog",
        global = true,
        hide = true,
        overrides_with = "use_syslog"
    )]
    nouse_syslog: bool,
    /// Log to systemd's journal, as `[DEFAULT]use_journal`.
    #[arg(long, global = true, overrides_with = "nouse_journal")]
    use_journal: bool,
    /// The opposite.
    #[arg(
        long = "nouse-journal",
        global = true,
        hide = true,
        overrides_with = "use_journal"
    )]
    nouse_journal: bool,
    /// Log as JSON, as `[DEFAULT]use_json`.
    #[arg(long, global = true, overrides_with = "nouse_json")]
    use_json: bool,
    /// The opposite.
    #[arg(
        long = "nouse-json",
        global = true,
        hide = true,
        overrides_with = "use_json"
    )]
    nouse_json: bool,
    /// Facility of syslog, as `[DEFAULT]syslog_log_facility`.
    #[arg(long, global = true, hide = true, value_name = "NAME")]
    syslog_log_facility: Option<String>,
    /// Accepted, and told to have no effect, as `[DEFAULT]log_date_format`.
    #[arg(long, global = true, hide = true, value_name = "FORMAT")]
    log_date_format: Option<String>,
    /// Accepted, and told to have no effect, as `[DEFAULT]log_config_append`.
    #[arg(
        long,
        alias = "log-config",
        global = true,
        hide = true,
        value_name = "FILE"
    )]
    log_config_append: Option<String>,
}

impl LogArguments {
    /// The options of `[DEFAULT]` that are set, with their values.
    pub(crate) fn options(&self) -> Vec<(&'static str, String)> {
        let flags = [
            ("debug", self.debug, self.nodebug),
            ("use_syslog", self.use_syslog, self.nouse_syslog),
            ("use_journal", self.use_journal, self.nouse_journal),
            ("use_json", self.use_json, self.nouse_json),
        ];
        let texts = [
            ("log_file", &self.log_file),
            ("log_dir", &self.log_dir),
            ("syslog_log_facility", &self.syslog_log_facility),
            ("log_date_format", &self.log_date_format),
            ("log_config_append", &self.log_config_append),
        ];
        let flags = flags
            .into_iter()
            .filter(|(_, on, off)| *on || *off)
            .map(|(name, on, _)| (name, on.to_string()));
        let texts = texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text.clone()?)));
        flags.chain(texts).collect()
    }
}
