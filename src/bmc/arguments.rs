//! The command line of `ferric bmc`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use drivers_ipmi_client::command::chassis::ChassisIdentify;
use drivers_ipmi_client::session::parameters::{PRIVILEGES, Privilege};

/// Ask a BMC over IPMI: of a node in the database, or at an address.
///
/// Safe beside a running conductor: nothing here changes power or boot device. A node that is called
/// like an action is named by its UUID. The password of a BMC at an address is read from
/// --password-file or from the environment variable FERRIC_BMC_PASSWORD; without either it is empty.
#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("which").args(["node", "address"]).required(true)))]
pub(crate) struct Arguments {
    /// Name or UUID of a node; its driver_info says how its BMC is reached.
    pub node: Option<String>,

    /// Host name or IP address of a BMC, in place of a node.
    #[arg(long, value_name = "HOST")]
    pub address: Option<String>,

    /// UDP port of the BMC.
    #[arg(long, default_value_t = 623, conflicts_with = "node")]
    pub port: u16,

    /// User name on the BMC; without it the anonymous user.
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        conflicts_with = "node"
    )]
    pub user: String,

    /// File whose first line is the password.
    #[arg(long, value_name = "FILE", conflicts_with = "node")]
    pub password_file: Option<PathBuf>,

    /// Cipher suite of IPMI 2.0; without it 17, then 3.
    #[arg(long, value_name = "N", conflicts_with = "node")]
    pub cipher_suite: Option<u8>,

    /// Privilege level: ADMINISTRATOR, OPERATOR, USER or CALLBACK.
    #[arg(long, value_name = "P", default_value = "ADMINISTRATOR", value_parser = privilege, conflicts_with = "node")]
    pub privilege: Privilege,

    /// For machines.
    #[arg(long, global = true)]
    pub json: bool,

    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What can be asked of a BMC.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Action {
    /// Whether the machine is on. Power is changed through the API only.
    Power {
        /// The one thing there is.
        #[arg(default_value = "status", value_parser = ["status"])]
        what: String,
    },
    /// What the BMC is: manufacturer, product, firmware, version of IPMI.
    Info,
    /// The system event log.
    #[command(subcommand)]
    Sel(EventLog),
    /// Who made the machine and its parts, and their serial numbers.
    Fru {
        /// Number of the inventory; 0 is the BMC's own.
        #[arg(long, default_value_t = 0)]
        device: u8,
    },
    /// Every sensor with what it reads.
    Sensors,
    /// Switch the light that shows which machine this is.
    Identify {
        /// Seconds (1 to 255), `on` or `off`.
        #[arg(value_name = "SECONDS|on|off", default_value = "15", value_parser = light)]
        light: ChassisIdentify,
    },
}

/// What is done with the event log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum EventLog {
    /// Show every entry, oldest first.
    List,
    /// Erase all entries.
    Clear,
}

fn privilege(text: &str) -> Result<Privilege, String> {
    Privilege::by_name(&text.to_ascii_uppercase()).ok_or_else(|| {
        let known = PRIVILEGES.map(|row| row.1).join(", ");
        format!("there are {known}")
    })
}

fn light(text: &str) -> Result<ChassisIdentify, String> {
    match text {
        "on" => Ok(ChassisIdentify::Forever),
        "off" => Ok(ChassisIdentify::Seconds(0)),
        seconds => match seconds.parse() {
            Ok(seconds @ 1..) => Ok(ChassisIdentify::Seconds(seconds)),
            Ok(0) | Err(_) => Err("say on, off, or 1 to 255 seconds".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    fn parsed(words: &str) -> Result<Arguments, clap::Error> {
        let words = ["ferric", "bmc"].into_iter().chain(words.split(' '));
        let parsed = cli::Arguments::parse_as(words.map(Into::into))?;
        match parsed.command {
            Some(cli::Command::Bmc(arguments)) => Ok(*arguments),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_node_or_an_address_comes_before_the_action() {
        let node = parsed("rack1-7 sel list --json").unwrap();
        assert_eq!(node.node.as_deref(), Some("rack1-7"));
        assert!(matches!(node.action, Action::Sel(EventLog::List)));
        assert!(node.json);
        let address =
            parsed("--address 192.0.2.7 --user admin --privilege operator power").unwrap();
        assert_eq!(
            (address.port, address.privilege),
            (623, Privilege::Operator)
        );
        assert!(matches!(address.action, Action::Power { .. }));
        for wrong in [
            "info",
            "rack1-7",
            "rack1-7 --address 192.0.2.7 info",
            "rack1-7 --user admin info",
            "rack1-7 power off",
            "--address 192.0.2.7 --privilege root info",
        ] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_light_is_on_off_or_on_for_a_while() {
        let light = |words: &str| match parsed(words).map(|arguments| arguments.action) {
            Ok(Action::Identify { light }) => Some(light),
            _ => None,
        };
        assert_eq!(light("n identify"), Some(ChassisIdentify::Seconds(15)));
        assert_eq!(light("n identify 255"), Some(ChassisIdentify::Seconds(255)));
        assert_eq!(light("n identify off"), Some(ChassisIdentify::Seconds(0)));
        assert_eq!(light("n identify on"), Some(ChassisIdentify::Forever));
        assert_eq!(light("n identify 256"), None);
    }
}
