//! Commands: THE table, and one group a file.

mod app;
mod boot_options;
mod chassis;
mod event_log;
mod inventory;
mod lan;
mod payload;
mod records;
mod sensor;
mod user;

use std::time::Instant;

use super::bmc::Bmc;
use super::controller::Controller;

pub(super) use app::{auth_capabilities, cipher_suites};

/// Completion codes used here (IPMI 2.0 table 5-2).
pub(super) mod code {
    /// The command is not known.
    pub(in crate::ipmi) const INVALID_COMMAND: u8 = 0xc1;
    /// The reservation is not (any more) the caller's.
    pub(super) const RESERVATION: u8 = 0xc5;
    /// The request has not the length it must have.
    pub(in crate::ipmi) const LENGTH: u8 = 0xc7;
    /// Beyond the end.
    pub(super) const RANGE: u8 = 0xc9;
    /// More than fits in an answer.
    pub(super) const TOO_MUCH: u8 = 0xca;
    /// There is no such sensor, record or device.
    pub(super) const ABSENT: u8 = 0xcb;
    /// A field has a value it cannot have.
    pub(super) const FIELD: u8 = 0xcc;
    /// The parameter is not supported.
    pub(super) const PARAMETER: u8 = 0x80;
    /// The privilege does not suffice.
    pub(in crate::ipmi) const PRIVILEGE: u8 = 0xd4;
}

/// Privilege levels.
pub(super) const USER: u8 = 2;
const OPERATOR: u8 = 3;
const ADMIN: u8 = 4;

/// A command on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) netfn: u8,
    pub(super) command: u8,
    pub(super) data: &'a [u8],
    /// The session it came in.
    pub(super) session: u32,
    pub(super) now: Instant,
}

/// Data after completion code 0, or another code.
pub(super) type Answer = Result<Vec<u8>, u8>;

/// What executes a command.
#[derive(Clone, Copy)]
pub(super) enum Execute {
    /// Every controller can.
    Any(fn(&mut Controller, &Call<'_>) -> Answer),
    /// Only the BMC.
    Bmc(fn(&mut Bmc, &Call<'_>) -> Answer),
}

/// A row: network function, command, lowest privilege, how.
type Row = (u8, u8, u8, Execute);

/// THE table of commands inside a session.
const COMMANDS: [Row; 72] = {
    use Execute::{Any, Bmc};
    [
        (0x00, 0x00, USER, Bmc(chassis::capabilities)),
        (0x00, 0x01, USER, Bmc(chassis::status)),
        (0x00, 0x02, OPERATOR, Bmc(chassis::control)),
        (0x00, 0x04, OPERATOR, Bmc(chassis::identify)),
        (0x00, 0x06, OPERATOR, Bmc(chassis::restore_policy)),
        (0x00, 0x07, USER, Bmc(chassis::restart_cause)),
        (0x00, 0x08, OPERATOR, Bmc(boot_options::set)),
        (0x00, 0x09, OPERATOR, Bmc(boot_options::get)),
        (0x00, 0x0f, USER, Bmc(chassis::hours)),
        (0x04, 0x02, OPERATOR, Any(event_log::platform_event)),
        (0x04, 0x20, USER, Any(records::device_info)),
        (0x04, 0x21, USER, Any(records::get_device)),
        (0x04, 0x22, USER, Any(records::reserve)),
        (0x04, 0x23, USER, Any(sensor::factors)),
        (0x04, 0x25, USER, Any(sensor::hysteresis)),
        (0x04, 0x26, OPERATOR, Any(sensor::set_thresholds)),
        (0x04, 0x27, USER, Any(sensor::thresholds)),
        (0x04, 0x28, OPERATOR, Any(sensor::acknowledge)),
        (0x04, 0x29, USER, Any(sensor::event_enable)),
        (0x04, 0x2b, USER, Any(sensor::event_status)),
        (0x04, 0x2d, USER, Any(sensor::reading)),
        (0x06, 0x01, USER, Any(app::device_id)),
        (0x06, 0x02, ADMIN, Bmc(app::reset)),
        (0x06, 0x03, ADMIN, Bmc(app::reset)),
        (0x06, 0x04, USER, Any(app::self_test)),
        (0x06, 0x08, USER, Bmc(app::guid)),
        (0x06, 0x2e, ADMIN, Bmc(app::set_enables)),
        (0x06, 0x2f, USER, Bmc(app::enables)),
        (0x06, 0x37, USER, Bmc(app::guid)),
        (0x06, 0x38, USER, Bmc(app::auth_capabilities)),
        (0x06, 0x3b, USER, Bmc(app::set_privilege)),
        (0x06, 0x3c, USER, Bmc(app::close_session)),
        (0x06, 0x3d, USER, Bmc(app::session_info)),
        (0x06, 0x40, ADMIN, Bmc(user::acknowledge)),
        (0x06, 0x41, USER, Bmc(user::channel_access)),
        (0x06, 0x42, USER, Bmc(user::channel_info)),
        (0x06, 0x43, ADMIN, Bmc(user::acknowledge)),
        (0x06, 0x44, OPERATOR, Bmc(user::access)),
        (0x06, 0x45, ADMIN, Bmc(user::acknowledge)),
        (0x06, 0x46, OPERATOR, Bmc(user::name)),
        (0x06, 0x47, ADMIN, Bmc(user::set_password)),
        (0x06, 0x48, USER, Bmc(payload::activate)),
        (0x06, 0x49, USER, Bmc(payload::deactivate)),
        (0x06, 0x4a, USER, Bmc(payload::status)),
        (0x06, 0x4b, USER, Bmc(payload::instance)),
        (0x06, 0x4d, USER, Bmc(payload::user_access)),
        (0x06, 0x4e, USER, Bmc(payload::support)),
        (0x06, 0x4f, USER, Bmc(payload::version)),
        (0x06, 0x52, ADMIN, Bmc(app::no_bus)),
        (0x06, 0x54, USER, Bmc(app::cipher_suites)),
        (0x0a, 0x10, USER, Any(inventory::info)),
        (0x0a, 0x11, USER, Any(inventory::read)),
        (0x0a, 0x12, OPERATOR, Any(inventory::write)),
        (0x0a, 0x20, USER, Any(records::info)),
        (0x0a, 0x21, USER, Any(records::allocation)),
        (0x0a, 0x22, USER, Any(records::reserve)),
        (0x0a, 0x23, USER, Any(records::get)),
        (0x0a, 0x28, USER, Any(event_log::time)),
        (0x0a, 0x40, USER, Any(event_log::info)),
        (0x0a, 0x41, USER, Any(event_log::allocation)),
        (0x0a, 0x42, USER, Any(event_log::reserve)),
        (0x0a, 0x43, USER, Any(event_log::get)),
        (0x0a, 0x44, OPERATOR, Any(event_log::add)),
        (0x0a, 0x46, OPERATOR, Any(event_log::delete)),
        (0x0a, 0x47, OPERATOR, Any(event_log::clear)),
        (0x0a, 0x48, USER, Any(event_log::time)),
        (0x0a, 0x49, OPERATOR, Any(event_log::set_time)),
        (0x0a, 0x5c, USER, Any(event_log::utc_offset)),
        (0x0c, 0x01, ADMIN, Bmc(lan::set)),
        (0x0c, 0x02, OPERATOR, Bmc(lan::get)),
        (0x0c, 0x21, ADMIN, Bmc(payload::configure)),
        (0x0c, 0x22, USER, Bmc(payload::configuration)),
    ]
};

fn row(netfn: u8, command: u8) -> Option<&'static Row> {
    COMMANDS
        .iter()
        .find(|row| (row.0, row.1) == (netfn, command))
}

/// Executes a command of the BMC with the session's privilege.
pub(super) fn execute(bmc: &mut Bmc, call: &Call<'_>, privilege: u8) -> Answer {
    let key = (call.netfn, call.command);
    if let Some(reply) = bmc.raw_replies.get(&key) {
        return reply.clone();
    }
    let Some((_, _, lowest, how)) = row(call.netfn, call.command) else {
        return Err(code::INVALID_COMMAND);
    };
    if privilege < *lowest {
        return Err(code::PRIVILEGE);
    }
    match how {
        Execute::Any(execute) => execute(&mut bmc.controller, call),
        Execute::Bmc(execute) => execute(bmc, call),
    }
}

/// Executes a command of a controller behind the BMC.
pub(super) fn execute_behind(controller: &mut Controller, call: &Call<'_>) -> Answer {
    match row(call.netfn, call.command) {
        Some((_, _, _, Execute::Any(execute))) => execute(controller, call),
        _ => Err(code::INVALID_COMMAND),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_listed_once() {
        for (index, row) in COMMANDS.iter().enumerate() {
            let same = |other: &Row| (other.0, other.1) == (row.0, row.1);
            assert_eq!(
                COMMANDS.iter().position(same),
                Some(index),
                "{:02x} {:02x}",
                row.0,
                row.1
            );
        }
    }
}
