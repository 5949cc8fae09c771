//! `driver_info` of an iBMC node: which properties there are, and what they mean (Ironic 25.0.0).

use std::time::Duration;

use drivers_interface::Property;
use drivers_redfish::{Access, DriverInfo};
use drivers_redfish_client::{AuthType, BmcSettings, Retry, Timeouts, TlsPolicy};
use schemas_config::Config;
use schemas_model::{Fault, Node};
use serde_json::Value;

/// Seconds for one answer; fixed in Ironic 25.0.0.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long an iBMC that refuses an ETag is left alone (python-ibmcclient 0.2.5.1).
const SETTLING: Duration = Duration::from_secs(10);

/// The table of properties.
pub(crate) const PROPERTIES: &[Property] = &[
    Property {
        name: "ibmc_address",
        description: "URL of the iBMC, for example https://mgmt.vendor.com; https is assumed if there is no scheme. Required.",
    },
    Property {
        name: "ibmc_username",
        description: "Account on the iBMC with the privileges of an administrator. Required.",
    },
    Property {
        name: "ibmc_password",
        description: "Password of the account. Required.",
    },
    Property {
        name: "ibmc_verify_ca",
        description: "Whether to verify the certificate of the iBMC: true, false, or the path of a CA file or directory. Default true. Optional.",
    },
];

const REQUIRED: [&str; 3] = ["ibmc_address", "ibmc_username", "ibmc_password"];

/// How the node's iBMC is reached.
///
/// # Errors
/// `MissingParameterValue`, `InvalidParameterValue`.
pub(crate) fn access(node: &Node, config: &Config) -> Result<Access, Fault> {
    let info = DriverInfo::of(node);
    let missing: Vec<&str> = REQUIRED
        .into_iter()
        .filter(|name| !info.has(name))
        .collect();
    if !missing.is_empty() {
        return Err(Fault::missing_parameter(format!(
            "Missing the following iBMC properties in node {} driver_info: {missing:?}",
            node.uuid
        )));
    }
    let (address, account) = info.address("ibmc_address")?;
    let credentials = info.credentials("ibmc_username", "ibmc_password")?;
    let config = &config.ibmc;
    let settings = BmcSettings {
        tls: TlsPolicy {
            verify: info.verify("ibmc_verify_ca", Value::Bool(true))?,
            ..TlsPolicy::default()
        },
        timeouts: Timeouts {
            connect: TIMEOUT,
            read: TIMEOUT,
            operation: TIMEOUT * 2
                + Duration::from_secs(
                    config
                        .connection_retry_interval
                        .saturating_mul(config.connection_attempts),
                ),
        },
        retry: Retry {
            attempts: u32::try_from(config.connection_attempts).unwrap_or(u32::MAX),
            interval: Duration::from_secs(config.connection_retry_interval),
        },
        settling: Some(SETTLING),
        ..BmcSettings::new(address, AuthType::Session, credentials.or(account))
    };
    Ok(Access {
        settings,
        system: None,
    })
}

#[cfg(test)]
mod tests {
    use schemas_config::{Machine, Sources};
    use schemas_model::{Class, Uuid};
    use serde_json::json;

    use super::*;

    fn parse(info: Value) -> Result<Access, Fault> {
        let mut node = Node::new(Uuid::random(), "ibmc");
        node.driver_info = serde_json::from_value(info).unwrap();
        let config = Config::load(Sources::new(Machine::detect())).unwrap().0;
        access(&node, &config)
    }

    #[test]
    fn address_and_account_are_required() {
        let fault = parse(json!({"ibmc_username": "admin", "ibmc_password": ""})).unwrap_err();
        assert_eq!(fault.class, Class::MissingParameterValue);
        for name in ["ibmc_address", "ibmc_password"] {
            assert!(fault.message.contains(name), "{fault}");
        }
        assert!(!fault.message.contains("ibmc_username"), "{fault}");
    }

    #[test]
    fn https_is_assumed_and_sessions_are_used() {
        let given = json!({"ibmc_address": "192.0.2.1", "ibmc_username": "a", "ibmc_password": "b", "ibmc_verify_ca": "no"});
        let settings = parse(given.clone()).unwrap().settings;
        assert_eq!(settings.address.to_string(), "https://192.0.2.1");
        assert_eq!(settings.auth, AuthType::Session);
        assert_eq!(settings.retry.attempts, 5);
        assert_eq!(settings.retry.interval, Duration::from_secs(4));
        assert_eq!(settings.timeouts.read, Duration::from_secs(60));
        assert_eq!(settings.settling, Some(Duration::from_secs(10)));
        let mut wrong = given;
        wrong["ibmc_verify_ca"] = json!("maybe");
        assert_eq!(
            parse(wrong).unwrap_err().class,
            Class::InvalidParameterValue
        );
    }
}
