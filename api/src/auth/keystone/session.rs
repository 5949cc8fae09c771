//! A token of our own: somebody logged in at the Identity service (API v3), as a configuration
//! section with keystoneauth's options says.
//!
//! Invariants
//! * a token is used until shortly before its end, and replaced at once when it is refused;
//! * each request has a deadline and is sent a bounded number of times;
//! * no message has a password, a token or what a URL holds of them.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use schemas_config::section::keystone_credentials::KeystoneCredentials;
use schemas_model::secret::Secret;
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use super::cache::expires;

/// One request, if the configuration says nothing.
const DEADLINE: Duration = Duration::from_secs(30);
/// Largest answer that is read (bytes); a token with a large catalog stays far below.
const MAX_ANSWER: usize = 4 << 20;
/// Our own token is replaced this long before it ends.
const SPARE: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// How the Identity service is reached.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// The section of the configuration, for messages.
    pub section: &'a str,
    /// Where it is, if `auth_url` does not say.
    pub url: Option<&'a String>,
    /// `cafile`; the system's authorities as well.
    pub ca_file: Option<&'a String>,
    /// `insecure`: certificates are not verified.
    pub insecure: bool,
    /// Seconds for a request; 30 when absent.
    pub timeout: Option<u64>,
    /// How often a request without an answer is sent again (0–10).
    pub retries: u32,
}

/// A token that was given to us.
#[derive(Debug)]
pub struct Own {
    token: Secret<String>,
    until: DateTime<Utc>,
}

impl Own {
    /// The token, for a request's header.
    pub fn token(&self) -> &Secret<String> {
        &self.token
    }
}

/// Somebody who logs in when a token is needed.
pub struct Session {
    client: reqwest::Client,
    section: String,
    url: String,
    login: Secret<String>,
    own: Mutex<Option<Arc<Own>>>,
    attempts: u32,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session([{}])", self.section)
    }
}

impl Session {
    /// Checks the options; the Identity service need not be there yet.
    ///
    /// # Errors
    /// One sentence when an option is missing or can't be used.
    pub fn new(credentials: &KeystoneCredentials, way: Way<'_>) -> Result<Self, String> {
        let section = way.section;
        let given = credentials
            .auth_url
            .as_ref()
            .or(way.url)
            .ok_or_else(|| format!("[{section}]auth_url is not set: say where Keystone is"))?;
        let url = versioned(given);
        reqwest::Url::parse(&url).map_err(|why| format!("[{section}]auth_url: {why}"))?;
        let mut builder = reqwest::Client::builder()
            .timeout(way.timeout.map_or(DEADLINE, Duration::from_secs))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        if way.insecure {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        if let Some(path) = way.ca_file {
            let unusable = |why: &dyn std::fmt::Display| format!("[{section}]cafile {path}: {why}");
            let pem = std::fs::read(path).map_err(|why| unusable(&why))?;
            let certificates =
                reqwest::Certificate::from_pem_bundle(&pem).map_err(|why| unusable(&why))?;
            builder = builder.tls_certs_merge(certificates);
        }
        Ok(Session {
            client: builder
                .build()
                .map_err(|why| format!("[{section}]: {why}"))?,
            section: section.to_owned(),
            url,
            login: Secret::from(login(section, credentials)?.to_string()),
            own: Mutex::new(None),
            attempts: way.retries.min(10) + 1,
        })
    }

    /// `.../v3`
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Our token; a new one when there is none, it ends soon, or it is the refused one.
    ///
    /// # Errors
    /// One sentence when the Identity service is away or does not let us in.
    pub async fn token(&self, refused: Option<&Arc<Own>>) -> Result<Arc<Own>, String> {
        let mut own = self.own.lock().await;
        if let Some(known) = own.as_ref()
            && known.until > Utc::now() + SPARE
            && refused.is_none_or(|refused| !Arc::ptr_eq(refused, known))
        {
            return Ok(Arc::clone(known));
        }
        let url = format!("{}/auth/tokens", self.url);
        let response = self
            .send(|| {
                self.client
                    .post(&url)
                    .header("Content-Type", "application/json")
                    .body(self.login.expose().clone())
            })
            .await?;
        let status = response.status().as_u16();
        if status != 201 {
            return Err(format!(
                "Keystone does not let the user of [{}] in (HTTP {status})",
                self.section
            ));
        }
        let token = response
            .headers()
            .get("X-Subject-Token")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
            .ok_or_else(|| "Keystone gave no token".to_owned())?;
        let said = body(response).await?;
        let until = said.get("token").and_then(expires);
        let fresh = Arc::new(Own {
            token: Secret::from(token),
            until: until.unwrap_or_else(Utc::now),
        });
        *own = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// Sends a request as often as is allowed.
    pub(super) async fn send(
        &self,
        request: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, String> {
        let mut last = String::new();
        for _ in 0..self.attempts {
            match request().send().await {
                Ok(response) => return Ok(response),
                Err(why) => last = why.without_url().to_string(),
            }
        }
        Err(format!("Keystone does not answer: {last}"))
    }
}

/// The body of an answer, bounded.
pub(super) async fn body(mut response: reqwest::Response) -> Result<Map<String, Value>, String> {
    let unreadable = |why: String| format!("Keystone's answer: {why}");
    let mut bytes = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|why| unreadable(why.without_url().to_string()))?
    {
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return Err(unreadable(format!("longer than {MAX_ANSWER} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).map_err(|why| unreadable(why.to_string()))
}

/// The address of version 3, whichever was given.
fn versioned(given: &str) -> String {
    let base = given.trim_end_matches('/');
    let base = base.strip_suffix("/v2.0").unwrap_or(base);
    if base.ends_with("/v3") {
        base.to_owned()
    } else {
        format!("{base}/v3")
    }
}

/// The request for a token of our own.
fn login(section: &str, credentials: &KeystoneCredentials) -> Result<Value, String> {
    let missing = |name: &str| format!("[{section}]{name} is not set");
    let secret = |secret: &Option<Secret<String>>, name: &str| {
        let secret = secret.as_ref().ok_or_else(|| missing(name))?;
        Ok::<_, String>(secret.expose().clone())
    };
    let domain = |id: &Option<String>, name: &Option<String>| -> Value {
        let default = (
            &credentials.default_domain_id,
            &credentials.default_domain_name,
        );
        match (id, name, default) {
            (Some(id), ..) => json!({"id": id}),
            (_, Some(name), _) => json!({"name": name}),
            (.., (Some(id), _)) => json!({"id": id}),
            (.., (_, Some(name))) => json!({"name": name}),
            _ => json!({"id": "default"}),
        }
    };
    let user_domain = domain(&credentials.user_domain_id, &credentials.user_domain_name);
    if credentials.auth_type.as_deref() == Some("v3applicationcredential") {
        let secret = secret(
            &credentials.application_credential_secret,
            "application_credential_secret",
        )?;
        let identity = match (
            &credentials.application_credential_id,
            &credentials.application_credential_name,
        ) {
            (Some(id), _) => json!({"id": id, "secret": secret}),
            (None, Some(name)) => {
                let user = match (&credentials.user_id, &credentials.username) {
                    (Some(id), _) => json!({"id": id}),
                    (None, Some(name)) => json!({"name": name, "domain": user_domain}),
                    (None, None) => return Err(missing("username")),
                };
                json!({"name": name, "secret": secret, "user": user})
            }
            (None, None) => return Err(missing("application_credential_id")),
        };
        return Ok(json!({"auth": {"identity": {
            "methods": ["application_credential"], "application_credential": identity,
        }}}));
    }
    let password = secret(&credentials.password, "password")?;
    let user = match (&credentials.user_id, &credentials.username) {
        (Some(id), _) => json!({"id": id, "password": password}),
        (None, Some(name)) => json!({"name": name, "domain": user_domain, "password": password}),
        (None, None) => return Err(missing("username")),
    };
    let mut auth = json!({"identity": {"methods": ["password"], "password": {"user": user}}});
    let project_id = credentials
        .project_id
        .as_ref()
        .or(credentials.tenant_id.as_ref());
    let project_name = credentials
        .project_name
        .as_ref()
        .or(credentials.tenant_name.as_ref());
    let scope = if credentials.system_scope.as_deref() == Some("all") {
        Some(json!({"system": {"all": true}}))
    } else if let Some(id) = project_id {
        Some(json!({"project": {"id": id}}))
    } else if let Some(name) = project_name {
        let domain = domain(
            &credentials.project_domain_id,
            &credentials.project_domain_name,
        );
        Some(json!({"project": {"name": name, "domain": domain}}))
    } else if let Some(id) = &credentials.domain_id {
        Some(json!({"domain": {"id": id}}))
    } else {
        credentials
            .domain_name
            .as_ref()
            .map(|name| json!({"domain": {"name": name}}))
    };
    if let Some(scope) = scope {
        auth["scope"] = scope;
    }
    Ok(json!({"auth": auth}))
}

#[cfg(test)]
mod tests {
    use schemas_config::section::keystone_authtoken::KeystoneAuthtoken;

    use super::*;

    #[test]
    fn the_address_is_that_of_version_3() {
        for given in [
            "http://k:5000",
            "http://k:5000/",
            "http://k:5000/v3",
            "http://k:5000/v3/",
            "http://k:5000/v2.0",
        ] {
            assert_eq!(versioned(given), "http://k:5000/v3");
        }
        assert_eq!(versioned("http://k/identity"), "http://k/identity/v3");
    }

    fn options(changes: &[(&str, &str)]) -> KeystoneAuthtoken {
        let mut sources = schemas_config::Sources::new(schemas_config::Machine::detect());
        for (name, value) in changes {
            sources = sources.set("keystone_authtoken", name, value);
        }
        schemas_config::Config::load(sources)
            .unwrap()
            .0
            .keystone_authtoken
            .clone()
    }

    #[test]
    fn a_user_logs_in_for_a_project() {
        let options = options(&[
            ("username", "ironic"),
            ("password", "pw"),
            ("project_name", "service"),
            ("user_domain_name", "Default"),
            ("project_domain_id", "default"),
        ]);
        let body = login("keystone_authtoken", &options.credentials).unwrap();
        assert_eq!(
            body,
            json!({"auth": {
                "identity": {"methods": ["password"], "password": {"user": {
                    "name": "ironic", "domain": {"name": "Default"}, "password": "pw"}}},
                "scope": {"project": {"name": "service", "domain": {"id": "default"}}},
            }})
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let options = options(&[("username", "ironic")]);
        let why = login("keystone_authtoken", &options.credentials).unwrap_err();
        assert!(why.contains("[keystone_authtoken]password"), "{why}");
    }
}
