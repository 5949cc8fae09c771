//! Asking Keystone (Identity API v3) about tokens, with a token of our own.

use std::sync::Arc;

use chrono::Utc;
use schemas_config::section::keystone_authtoken::KeystoneAuthtoken;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::cache::expires;
use super::session::{Own, Session, Way, body};

/// Requests to Keystone at a time.
const AT_A_TIME: usize = 32;

/// Why a token is not accepted.
#[derive(Debug)]
pub(super) enum Invalid {
    /// Keystone says so.
    Token,
    /// Keystone can't be asked.
    Unknown(String),
}

/// The Identity service.
pub(super) struct Identity {
    session: Session,
    turns: Semaphore,
}

impl Identity {
    /// # Errors
    /// One sentence when an option is missing or can't be used.
    pub(super) fn new(options: &KeystoneAuthtoken) -> Result<Self, String> {
        let way = Way {
            section: "keystone_authtoken",
            url: options.www_authenticate_uri.as_ref(),
            ca_file: options.cafile.as_ref(),
            insecure: options.insecure,
            timeout: options
                .http_connect_timeout
                .and_then(|seconds| u64::try_from(seconds).ok()),
            retries: u32::try_from(options.http_request_max_retries).unwrap_or(3),
        };
        Ok(Identity {
            session: Session::new(&options.credentials, way)?,
            turns: Semaphore::new(AT_A_TIME),
        })
    }

    /// `.../v3`
    pub(super) fn url(&self) -> &str {
        self.session.url()
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
        let mut own = self.session.token(None).await.map_err(Invalid::Unknown)?;
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
                Answer::OursRefused if !renewed => {
                    let renewed = self.session.token(Some(&own)).await;
                    own = renewed.map_err(Invalid::Unknown)?;
                }
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
        let url = format!("{}/auth/tokens?nocatalog{expired}", self.url());
        let response = self
            .session
            .send(|| {
                self.session
                    .client()
                    .get(&url)
                    .header("X-Auth-Token", own.token().expose())
                    .header("X-Subject-Token", text)
                    .header("Accept", "application/json")
            })
            .await
            .map_err(Invalid::Unknown)?;
        match response.status().as_u16() {
            200 => {
                let mut body = body(response).await.map_err(Invalid::Unknown)?;
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
}

enum Answer {
    Token(Value),
    Unknown,
    OursRefused,
}
