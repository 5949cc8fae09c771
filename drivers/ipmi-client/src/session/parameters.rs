//! Who we are to the BMC and what protection we accept.

use schemas_model::secret::Secret;

use crate::crypto::CipherSuite;

/// Longest user name, in bytes (IPMI 2.0 §22.28).
pub const USERNAME_MAX: usize = 16;
/// Longest password of IPMI 2.0, in bytes; IPMI 1.5 takes 16.
pub const PASSWORD_MAX: usize = 20;
/// Longest Kg key, in bytes.
pub const KG_MAX: usize = 20;

/// Version of the session protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// The `lan` interface of ipmitool.
    V15,
    /// RMCP+, the `lanplus` interface of ipmitool.
    V20,
}

impl std::fmt::Display for Protocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Protocol::V15 => "1.5",
            Protocol::V20 => "2.0",
        })
    }
}

/// What the session may do (IPMI 2.0 §6.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Privilege {
    /// Only initiate a callback.
    Callback = 1,
    /// Read.
    User = 2,
    /// Everything but configuration.
    Operator = 3,
    /// Everything.
    Administrator = 4,
}

/// Every level with the name that `ipmi_priv_level` uses.
pub const PRIVILEGES: [(Privilege, &str); 4] = [
    (Privilege::Administrator, "ADMINISTRATOR"),
    (Privilege::Callback, "CALLBACK"),
    (Privilege::Operator, "OPERATOR"),
    (Privilege::User, "USER"),
];

impl Privilege {
    /// The level with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        PRIVILEGES.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        PRIVILEGES
            .iter()
            .find(|row| row.0 == self)
            .map_or("", |row| row.1)
    }
}

impl std::fmt::Display for Privilege {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A value that does not fit the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidParameter {
    /// User name too long.
    #[error("the user name is longer than {USERNAME_MAX} bytes")]
    Username,
    /// Password too long.
    #[error("the password is longer than the {max} bytes that IPMI {protocol} allows")]
    Password {
        /// Limit in bytes.
        max: usize,
        /// Version with this limit.
        protocol: Protocol,
    },
    /// Kg key too long.
    #[error("the Kg key is longer than {KG_MAX} bytes")]
    Kg,
    /// No usable cipher suite.
    #[error("no usable cipher suite: give at least one of 17, 16, 15, 3, 2, 1")]
    NoCipherSuite,
}

/// User name, password and Kg key, padded as the protocol wants them.
#[derive(Debug, Clone)]
pub struct Credentials {
    username: Vec<u8>,
    password: Secret<[u8; PASSWORD_MAX]>,
    password_len: usize,
    kg: Option<Secret<[u8; KG_MAX]>>,
}

impl Credentials {
    /// Checks the lengths. An empty name is the null user, an empty password the null password.
    pub fn new(
        username: &str,
        password: &Secret,
        kg: Option<&Secret<Vec<u8>>>,
    ) -> Result<Self, InvalidParameter> {
        if username.len() > USERNAME_MAX {
            return Err(InvalidParameter::Username);
        }
        let bytes = password.expose().as_bytes();
        let password = padded(bytes).ok_or(InvalidParameter::Password {
            max: PASSWORD_MAX,
            protocol: Protocol::V20,
        })?;
        let kg = match kg {
            None => None,
            Some(kg) => Some(padded(kg.expose()).ok_or(InvalidParameter::Kg)?),
        };
        Ok(Credentials {
            username: username.as_bytes().to_vec(),
            password,
            password_len: bytes.len(),
            kg,
        })
    }

    /// The user name.
    pub fn username(&self) -> &[u8] {
        &self.username
    }

    /// The user name padded with zeros, as IPMI 1.5 sends it.
    pub fn username_padded(&self) -> [u8; USERNAME_MAX] {
        let mut field = [0; USERNAME_MAX];
        for (to, from) in field.iter_mut().zip(&self.username) {
            *to = *from;
        }
        field
    }

    /// Kuid: the password padded with zeros, the key of RAKP messages 2 and 3.
    pub fn user_key(&self) -> &[u8] {
        self.password.expose()
    }

    /// Kg, or Kuid where there is none: the key of the session integrity key.
    pub fn bmc_key(&self) -> &[u8] {
        self.kg.as_ref().map_or(self.user_key(), |kg| kg.expose())
    }

    /// The password as IPMI 1.5 uses it.
    pub fn password15(&self) -> Secret<[u8; 16]> {
        let mut field = [0; 16];
        for (to, from) in field.iter_mut().zip(self.password.expose()) {
            *to = *from;
        }
        Secret::new(field)
    }

    /// Whether both name and password are empty.
    pub fn is_anonymous(&self) -> bool {
        self.username.is_empty() && self.password_len == 0
    }
}

fn padded<const N: usize>(bytes: &[u8]) -> Option<Secret<[u8; N]>> {
    let mut field = [0; N];
    field.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(Secret::new(field))
}

/// Everything a session is opened with.
#[derive(Debug, Clone)]
pub struct Parameters {
    /// Who we are.
    pub credentials: Credentials,
    /// Privilege level that the session is raised to.
    pub privilege: Privilege,
    /// Version of the session protocol.
    pub protocol: Protocol,
    /// IPMI 2.0: cipher suites in the order in which they are offered.
    pub suites: Vec<CipherSuite>,
}

impl Parameters {
    /// An IPMI 2.0 session. Unknown suites and suite 0 are left out; one must remain.
    pub fn v20(
        credentials: Credentials,
        privilege: Privilege,
        suites: &[u8],
    ) -> Result<Self, InvalidParameter> {
        let suites: Vec<_> = suites
            .iter()
            .filter_map(|id| CipherSuite::by_id(*id))
            .collect();
        if suites.is_empty() {
            return Err(InvalidParameter::NoCipherSuite);
        }
        Ok(Parameters {
            credentials,
            privilege,
            protocol: Protocol::V20,
            suites,
        })
    }

    /// An IPMI 1.5 session.
    pub fn v15(credentials: Credentials, privilege: Privilege) -> Result<Self, InvalidParameter> {
        if credentials.password_len > 16 {
            return Err(InvalidParameter::Password {
                max: 16,
                protocol: Protocol::V15,
            });
        }
        Ok(Parameters {
            credentials,
            privilege,
            protocol: Protocol::V15,
            suites: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_checked() {
        let ok = Credentials::new("sixteen-bytes-ab", &"12345678901234567890".into(), None);
        assert!(ok.is_ok());
        assert_eq!(
            Credentials::new("seventeen-bytes-a", &"".into(), None).unwrap_err(),
            InvalidParameter::Username
        );
        assert!(Credentials::new("", &"123456789012345678901".into(), None).is_err());
        let kg = Secret::new(vec![0; 21]);
        assert_eq!(
            Credentials::new("", &"".into(), Some(&kg)).unwrap_err(),
            InvalidParameter::Kg
        );
    }

    #[test]
    fn ipmi_15_takes_sixteen_bytes() {
        let long = Credentials::new("u", &"12345678901234567".into(), None).unwrap();
        assert!(Parameters::v15(long, Privilege::User).is_err());
    }

    #[test]
    fn suite_0_is_never_offered() {
        let credentials = Credentials::new("u", &"p".into(), None).unwrap();
        assert_eq!(
            Parameters::v20(credentials.clone(), Privilege::User, &[0]).unwrap_err(),
            InvalidParameter::NoCipherSuite
        );
        let some = Parameters::v20(credentials, Privilege::User, &[0, 17, 99, 3]).unwrap();
        let ids: Vec<_> = some.suites.iter().map(|suite| suite.id).collect();
        assert_eq!(ids, [17, 3]);
    }

    #[test]
    fn secrets_do_not_print() {
        let credentials = Credentials::new("admin", &"hunter2".into(), None).unwrap();
        assert!(!format!("{credentials:?}").contains("hunter2"));
        assert!(!format!("{credentials:?}").contains("104, 117"));
    }
}
