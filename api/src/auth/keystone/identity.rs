//! Asking Keystone (Identity API v3) about tokens, with a token of our own.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use schemas_config::section::keystone_authtoken::KeystoneAuthtoken;
use schemas_config::section::keystone_credentials::KeystoneCredentials;
use schemas_model::secret::Secret;
use serde_json::{Map, Value, json};
use tokio::sync::{Mutex, Semaphore};

use super::cache::expires;

/// One request, if `http_connect_timeout` says nothing.
const DEADLINE: Duration = Duration::from_secs(30);
/// Largest answer that is read (bytes); a token with a large catalog stays far below.
const MAX_ANSWER: usize = 4 << 20;
/// Requests to Keystone at a time.
const AT_A_TIME: usize = 32;
/// Our own token is replaced this long before it ends.
const SPARE: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// Why a token is not accepted.
#[derive(Debug)]
pub(super) enum Invalid {
    /// Keystone says so.
    Token,
    /// Keystone can't be asked.
    Unknown(String),
}

struct Own {
    token: Secret<String>,
    until: DateTime<Utc>,
}

/// The Identity service.
pub(super) struct Identity {
    client: reqwest::Client,
    url: String,
    login: Secret<String>,
    own: Mutex<Option<Arc<Own>>>,
    turns: Semaphore,
    attempts: u32,
}

impl Identity {
    /// # Errors
    /// One sentence when an option is missing or can't be used.
    pub(super) fn new(options: &KeystoneAuthtoken) -> Result<Self, String> {
        let credentials = &options.credentials;
        let given = credentials
            .auth_url
            .as_ref()
            .or(options.www_authenticate_uri.as_ref())
            .ok_or("[keystone_authtoken]auth_url is not set: say where Keystone is")?;
        let url = versioned(given);
        reqwest::Url::parse(&url).map_err(|why| format!("[keystone_authtoken]auth_url: {why}"))?;
        let deadline = options
            .http_connect_timeout
            .and_then(|seconds| u64::try_from(seconds).ok())
            .map_or(DEADLINE, Duration::from_secs);
        let mut builder = reqwest::Client::builder()
            .timeout(deadline)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        if options.insecure {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        if let Some(path) = &options.cafile {
            let pem = std::fs::read(path)
                .map_err(|why| format!("[keystone_authtoken]cafile {path}: {why}"))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|why| format!("[keystone_authtoken]cafile {path}: {why}"))?;
            builder = builder.tls_certs_merge(certificates);
        }
        let client = builder
            .build()
            .map_err(|why| format!("[keystone_authtoken]: {why}"))?;
        Ok(Identity {
            client,
            url,
            login: Secret::from(login(credentials)?.to_string()),
            own: Mutex::new(None),
            turns: Semaphore::new(AT_A_TIME),
            attempts: u32::try_from(options.http_request_max_retries)
                .unwrap_or(3)
                .min(10)
                + 1,
        })
    }

    /// `.../v3`
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// What Keystone says of a token.
    ///
    /// # Errors
    /// [`Invalid`].
    pub(super) async fn validate(
        &self,
        text: &str,
        allow_expired: bool,
    ) -> Result<Arc<Value>, Invalid> {
        let _turn = self
            .turns
            .acquire()
            .await
            .map_err(|_| Invalid::Unknown("the service is stopping".to_owned()))?;
        let mut own = self.own_token(None).await?;
        for renewed in [false, true] {
            let answer = self.ask(text, &own, allow_expired).await?;
            match answer {
                Answer::Token(token) => {
                    let over = expires(&token).is_none_or(|end| end <= Utc::now());
                    return if over && !allow_expired {
                        Err(Invalid::Token)
                    } else {
                        Ok(Arc::new(token))
                    };
                }
                Answer::Unknown => return Err(Invalid::Token),
                // Ours ended early, or Keystone's keys were rotated.
                Answer::OursRefused if !renewed => own = self.own_token(Some(&own)).await?,
                Answer::OursRefused => break,
            }
        }
        Err(Invalid::Unknown(
            "Keystone refuses the token of [keystone_authtoken]'s user: it needs a role that may validate tokens"
                .to_owned(),
        ))
    }

    async fn ask(&self, text: &str, own: &Own, allow_expired: bool) -> Result<Answer, Invalid> {
        let expired = if allow_expired {
            "&allow_expired=1"
        } else {
            ""
        };
        let url = format!("{}/auth/tokens?nocatalog{expired}", self.url);
        let response = self
            .send(|| {
                self.client
                    .get(&url)
                    .header("X-Auth-Token", own.token.expose())
                    .header("X-Subject-Token", text)
                    .header("Accept", "application/json")
            })
            .await?;
        match response.status().as_u16() {
            200 => {
                let mut body = body(response).await?;
                match body.remove("token") {
                    Some(token @ Value::Object(_)) => Ok(Answer::Token(token)),
                    _ => Err(Invalid::Unknown(
                        "Keystone's answer holds no token".to_owned(),
                    )),
                }
            }
            404 => Ok(Answer::Unknown),
            401 | 403 => Ok(Answer::OursRefused),
            status => Err(Invalid::Unknown(format!("Keystone answered {status}"))),
        }
    }

    /// Our token; a new one when there is none, it ends, or it is the refused one.
    async fn own_token(&self, refused: Option<&Arc<Own>>) -> Result<Arc<Own>, Invalid> {
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
            return Err(Invalid::Unknown(format!(
                "Keystone does not let the user of [keystone_authtoken] in (HTTP {status})"
            )));
        }
        let token = response
            .headers()
            .get("X-Subject-Token")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
            .ok_or_else(|| Invalid::Unknown("Keystone gave no token".to_owned()))?;
        let said = body(response).await?;
        let until = said.get("token").and_then(expires);
        let fresh = Arc::new(Own {
            token: Secret::from(token),
            until: until.unwrap_or_else(Utc::now),
        });
        *own = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    async fn send(
        &self,
        request: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, Invalid> {
        let mut last = String::new();
        for _ in 0..self.attempts {
            match request().send().await {
                Ok(response) => return Ok(response),
                Err(why) => last = why.without_url().to_string(),
            }
        }
        Err(Invalid::Unknown(format!(
            "Keystone does not answer: {last}"
        )))
    }
}

enum Answer {
    Token(Value),
    Unknown,
    OursRefused,
}

async fn body(mut response: reqwest::Response) -> Result<Map<String, Value>, Invalid> {
    let unreadable = |why: String| Invalid::Unknown(format!("Keystone's answer: {why}"));
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
fn login(credentials: &KeystoneCredentials) -> Result<Value, String> {
    let missing = |name: &str| format!("[keystone_authtoken]{name} is not set");
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
        let body = login(&options.credentials).unwrap();
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
        let why = login(&options.credentials).unwrap_err();
        assert!(why.contains("[keystone_authtoken]password"), "{why}");
    }
}
