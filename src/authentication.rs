//! Who may do what, from `[DEFAULT]auth_strategy` and `[oslo_policy]`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::auth::Enforcer;
use api::auth::noauth::NoAuth;
use api::auth::policy::Policy;
use schemas_config::Config;
use schemas_config::section::default::AuthStrategy;
use schemas_policy::{Options, file};

/// The policy that decides. `directories` is where relative paths of policy files are looked for.
///
/// # Errors
/// One sentence when a policy file is there and can't be used: the service must not start with
/// other rules than its operator wrote.
pub(crate) fn enforcer(
    config: &Config,
    directories: &[PathBuf],
) -> Result<Arc<dyn Enforcer>, String> {
    if config.default.auth_strategy != AuthStrategy::Keystone {
        return Ok(Arc::new(NoAuth));
    }
    let options = Options {
        enforce_new_defaults: config.oslo_policy.enforce_new_defaults,
        default_rule: config.oslo_policy.policy_default_rule.clone(),
        service_project: config
            .default
            .rbac_service_role_elevated_access
            .then(|| config.default.rbac_service_project_name.clone()),
    };
    let find = |name: &str| {
        let name = Path::new(name);
        if name.is_absolute() {
            return Some(name.to_owned()).filter(|path| path.exists());
        }
        directories
            .iter()
            .map(|directory| directory.join(name))
            .find(|path| path.exists())
    };
    let policy_file = find(&config.oslo_policy.policy_file);
    let policy_directories: Vec<PathBuf> = config
        .oslo_policy
        .policy_dirs
        .iter()
        .filter_map(|name| find(name))
        .collect();
    let changes =
        file::load(policy_file.as_deref(), &policy_directories).map_err(|why| why.to_string())?;
    Ok(Arc::new(Policy::new(&options, changes)))
}
