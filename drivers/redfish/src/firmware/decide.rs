//! What follows from how an update stands. Pure; behaviour of Ironic 39.0.0.

use chrono::{DateTime, Utc};
use drivers_redfish_client::schema::task::TaskState;

use super::component::Component;
use super::moment::{seconds_since, stamp};
use super::update::Update;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Look again with the next poll.
    LookAgain,
    /// Reboot the machine now, then look again.
    Reboot,
    /// This update is over.
    Over {
        /// The machine has to be rebooted for it before the step ends.
        reboot: bool,
    },
    /// Begin or go on watching the version of the BMC.
    WatchVersion,
}

/// The BMC's task goes on.
pub(super) fn running(
    update: &mut Update,
    component: Component,
    state: Option<TaskState>,
    nic_starting_wait: u64,
    now: DateTime<Utc>,
) -> Next {
    match component {
        Component::Bios => bios_running(update, state),
        Component::Nic => nic_running(update, state, nic_starting_wait, now),
        Component::Bmc => Next::LookAgain,
    }
}

/// The machine writes its firmware while it starts: it is rebooted as soon as the task is there.
fn bios_running(update: &mut Update, state: Option<TaskState>) -> Next {
    let begun = matches!(
        state,
        Some(TaskState::Starting | TaskState::Running | TaskState::Pending)
    );
    if !begun || update.bios_reboot_triggered {
        return Next::LookAgain;
    }
    update.bios_reboot_triggered = true;
    Next::Reboot
}

/// An adapter whose task stays at the start needs a reboot to begin; one whose task runs needs one
/// afterwards.
fn nic_running(
    update: &mut Update,
    state: Option<TaskState>,
    starting_wait: u64,
    now: DateTime<Utc>,
) -> Next {
    match state {
        Some(TaskState::Running) => {
            update.nic_needs_post_completion_reboot = true;
            update.nic_reboot_triggered = false;
            update.nic_starting_timestamp = None;
            Next::LookAgain
        }
        Some(TaskState::Starting) if !update.nic_reboot_triggered => {
            let since = update.nic_starting_timestamp.as_deref();
            match since.map(|since| seconds_since(since, now)) {
                Some(Some(gone)) if gone < starting_wait => Next::LookAgain,
                Some(_) => {
                    update.nic_starting_timestamp = None;
                    update.nic_reboot_triggered = true;
                    Next::Reboot
                }
                None => {
                    update.nic_starting_timestamp = Some(stamp(now));
                    Next::LookAgain
                }
            }
        }
        _ => Next::LookAgain,
    }
}

/// The BMC's task ended well. `same_version`: the machine's own firmware is still the one it was.
pub(super) const fn succeeded(
    update: &mut Update,
    component: Component,
    same_version: bool,
) -> Next {
    match component {
        Component::Bmc => Next::WatchVersion,
        // HPE iLO only stages the firmware, before anyone could look; or it went on staging while the
        // machine was rebooted too early. After the end of the task one reboot is safe, and enough:
        // a second one might interrupt the writing.
        Component::Bios
            if !update.bios_reboot_after_end && (same_version || !update.bios_reboot_triggered) =>
        {
            update.bios_reboot_triggered = true;
            update.bios_reboot_after_end = true;
            Next::Reboot
        }
        Component::Bios => {
            update.bios_reboot_triggered = false;
            Next::Over { reboot: false }
        }
        // Without either note it was too quick to be seen: a reboot is on the safe side.
        Component::Nic => Next::Over {
            reboot: !update.nic_reboot_triggered,
        },
    }
}

/// The BMC has forgotten the task. It may have been updated itself, or have staged what a reboot
/// applies.
pub(super) const fn gone(update: &mut Update, component: Component) -> Next {
    match component {
        Component::Bios if !update.bios_reboot_triggered => {
            update.bios_reboot_triggered = true;
            Next::Reboot
        }
        Component::Bmc => Next::WatchVersion,
        _ => Next::Over { reboot: false },
    }
}

/// What the versions of a BMC say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// Another one: the update is done.
    Changed,
    /// Too early to tell.
    Unclear,
    /// The time is up, and it is the same: nothing was to be updated.
    Same,
    /// The time is up, and it is not known.
    Unknown,
}

/// Compares the versions before and now, so many seconds after the update began.
pub(super) fn version(
    before: Option<&str>,
    now: Option<&str>,
    gone: Option<u64>,
    patience: u64,
) -> Version {
    match (before, now) {
        (Some(before), Some(now)) if before != now => Version::Changed,
        _ if gone.is_none_or(|gone| gone < patience) => Version::Unclear,
        (Some(_), Some(_)) => Version::Same,
        _ => Version::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    #[test]
    fn a_bios_is_rebooted_once() {
        let mut update = Update::default();
        let mut at = |state| running(&mut update, Component::Bios, Some(state), 30, moment(0));
        assert_eq!(at(TaskState::New), Next::LookAgain);
        assert_eq!(at(TaskState::Starting), Next::Reboot);
        assert_eq!(at(TaskState::Running), Next::LookAgain);
        let over = succeeded(&mut update, Component::Bios, false);
        assert_eq!(over, Next::Over { reboot: false });
        let mut staged = Update::default();
        let mut ended = |same| succeeded(&mut staged, Component::Bios, same);
        assert_eq!(ended(true), Next::Reboot);
        assert_eq!(ended(true), Next::Over { reboot: false });
        let mut too_early = Update {
            bios_reboot_triggered: true,
            ..Update::default()
        };
        let mut ended = |same| succeeded(&mut too_early, Component::Bios, same);
        assert_eq!(ended(true), Next::Reboot);
        assert_eq!(ended(true), Next::Over { reboot: false });
        let mut forgotten = Update::default();
        assert_eq!(gone(&mut forgotten, Component::Bios), Next::Reboot);
        assert_eq!(
            gone(&mut forgotten, Component::Bios),
            Next::Over { reboot: false }
        );
    }

    #[test]
    fn an_adapter_that_only_starts_is_rebooted_before() {
        let mut update = Update::default();
        let starting = Some(TaskState::Starting);
        let mut at = |second| running(&mut update, Component::Nic, starting, 30, moment(second));
        assert_eq!(at(0), Next::LookAgain);
        assert_eq!(at(29), Next::LookAgain);
        assert_eq!(at(31), Next::Reboot);
        assert_eq!(at(99), Next::LookAgain);
        let over = succeeded(&mut update, Component::Nic, false);
        assert_eq!(over, Next::Over { reboot: false });
    }

    #[test]
    fn an_adapter_that_runs_is_rebooted_after() {
        let mut update = Update::default();
        let state = Some(TaskState::Running);
        let next = running(&mut update, Component::Nic, state, 30, moment(0));
        assert_eq!(next, Next::LookAgain);
        assert!(update.nic_needs_post_completion_reboot);
        let over = succeeded(&mut update, Component::Nic, false);
        assert_eq!(over, Next::Over { reboot: true });
    }

    #[test]
    fn versions_of_a_bmc() {
        let at = |before, now, gone| version(before, now, Some(gone), 300);
        assert_eq!(at(Some("1"), Some("2"), 10), Version::Changed);
        assert_eq!(at(Some("1"), Some("1"), 10), Version::Unclear);
        assert_eq!(at(Some("1"), None, 299), Version::Unclear);
        assert_eq!(at(Some("1"), Some("1"), 300), Version::Same);
        assert_eq!(at(Some("1"), None, 300), Version::Unknown);
        assert_eq!(at(None, Some("2"), 300), Version::Unknown);
    }
}
