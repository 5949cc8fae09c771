//! Provision verbs by version, and what may accompany them.
//!
//! Source: Ironic 39.0.0, `ironic.api.controllers.v1.utils.MIN_VERB_VERSIONS` and the checks of
//! `NodeStatesController.provision`.

use schemas_model::Fault;
use schemas_model::provision::{State, Verb};

use crate::params::not_acceptable;
use crate::versions::{Feature, Version};

/// The verbs that were not always there.
///
/// `undeploy` is absent on purpose: the reference gates it under the name of its event.
const SINCE: &[(Verb, Feature)] = &[
    (Verb::Manage, Feature::ManageableState),
    (Verb::Provide, Feature::ManageableState),
    (Verb::Inspect, Feature::InspectState),
    (Verb::Abort, Feature::AbortVerb),
    (Verb::Clean, Feature::ManualClean),
    (Verb::Adopt, Feature::AdoptVerb),
    (Verb::Rescue, Feature::RescueInterface),
    (Verb::Unrescue, Feature::RescueInterface),
    (Verb::Deploy, Feature::DeployUndeployVerbs),
];

/// Refuses a verb that is newer than the version.
///
/// # Errors
/// 406.
pub fn check_known(target: &str, version: Version) -> Result<(), Fault> {
    let early = SINCE
        .iter()
        .any(|(verb, since)| verb.as_str() == target && !version.allows(*since));
    // The event of `undeploy` is called "delete"; asking for that is too early, too.
    let event = target == "delete" && !version.allows(Feature::DeployUndeployVerbs);
    if early || event {
        Err(too_early())
    } else {
        Ok(())
    }
}

/// Refuses a verb that is newer than the version, where that depends on the node's state or comes
/// after other checks.
///
/// # Errors
/// 406.
pub fn check_late(verb: Verb, state: State, version: Version) -> Result<(), Fault> {
    let since = match (verb, state) {
        (Verb::Abort, State::InspectWait) => Feature::InspectionAbort,
        (Verb::Abort, State::DeployWait) => Feature::DeploywaitAbort,
        (Verb::Unhold, _) => Feature::UnholdVerb,
        (Verb::Service, _) => Feature::Service,
        _ => return Ok(()),
    };
    if version.allows(since) {
        Ok(())
    } else {
        Err(too_early())
    }
}

/// Checks `disable_ramdisk`.
///
/// # Errors
/// 406 before its version, 400 beside a verb that has no ramdisk to disable.
pub fn check_disable_ramdisk(verb: Verb, version: Version) -> Result<(), Fault> {
    let since = match verb {
        Verb::Clean => Feature::CleanDisableRamdisk,
        Verb::Service => Feature::ServiceDisableRamdisk,
        _ => {
            return Err(Fault::new(
                schemas_model::Class::BadRequest,
                "disable_ramdisk is supported only with manual cleaning or servicing",
            ));
        }
    };
    if version.allows(since) {
        Ok(())
    } else {
        Err(not_acceptable(
            "disable_ramdisk is not acceptable in this API version",
        ))
    }
}

/// Checks deploy steps that were given.
///
/// # Errors
/// 406 before their version, 400 beside a verb that does not deploy.
pub fn check_deploy_steps(verb: Verb, version: Version) -> Result<(), Fault> {
    if !version.allows(Feature::DeploySteps) {
        return Err(not_acceptable(format!(
            "Request not acceptable. deploy_steps needs API version {} or newer.",
            Feature::DeploySteps
        )));
    }
    match verb {
        Verb::Active | Verb::Rebuild => Ok(()),
        _ => Err(crate::validate::client_error(
            "\"deploy_steps\" is only valid when setting target provision state to active or \
             rebuild",
        )),
    }
}

fn too_early() -> Fault {
    not_acceptable("Request not acceptable.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_appear_with_their_versions() {
        assert!(check_known("active", Version::MIN).is_ok());
        assert_eq!(check_known("manage", Version::MIN).unwrap_err().code(), 406);
        assert!(check_known("manage", Version::of(Feature::ManageableState)).is_ok());
    }

    #[test]
    fn abort_depends_on_the_state() {
        let early = Version::of(Feature::AbortVerb);
        assert!(check_late(Verb::Abort, State::CleanWait, early).is_ok());
        assert!(check_late(Verb::Abort, State::InspectWait, early).is_err());
        assert!(check_late(Verb::Abort, State::DeployWait, Version::MAX).is_ok());
    }
}
