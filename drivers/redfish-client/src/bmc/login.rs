//! Getting into a BMC and out again.

use std::sync::Arc;

use serde_json::json;

use super::{Bmc, Connection};
use crate::{
    Result,
    auth::{AuthType, Credentials},
    deadline::Deadline,
    document::Document,
    error::{Error, ErrorKind},
    exchange::{Authorization, Method, Request},
    resource_path::ResourcePath,
    schema::service_root::ServiceRoot,
    session::{Authorized, State, session_of},
};

/// Where sessions are made if the BMC does not say (DSP0266 §13.3.4).
const DEFAULT_SESSIONS: &str = "SessionService/Sessions";

impl Connection {
    /// The authorization for a request. `expired` is the generation of a session that the BMC no
    /// longer accepts.
    pub(super) async fn authorize(
        &self,
        expired: Option<u64>,
        deadline: Deadline,
    ) -> Result<Authorized> {
        let Some(credentials) = self
            .settings
            .credentials
            .as_ref()
            .filter(|_| self.settings.auth != AuthType::None)
        else {
            return Ok(Authorized {
                authorization: Authorization::Anonymous,
                generation: None,
            });
        };
        let mut login = self.login.lock().await;
        if let Some(generation) = expired {
            login.expire(generation);
        }
        login
            .allowed()
            .map_err(|kind| Error::new(&self.name, "logging in", kind))?;
        if matches!(login.state, State::LoggedOut) {
            login.logins += 1;
            match self.log_in(credentials, login.logins, deadline).await {
                Ok(state) => login.state = state,
                Err(error) => {
                    if error.is_access() {
                        login.refused();
                    }
                    return Err(error);
                }
            }
        }
        Ok(match &login.state {
            State::Session(session) => Authorized {
                authorization: Authorization::Token(session.token.clone()),
                generation: Some(session.generation),
            },
            State::Basic | State::LoggedOut => Authorized {
                authorization: basic(credentials),
                generation: None,
            },
        })
    }

    /// Notes that a request was accepted.
    pub(super) async fn accepted(&self, authorized: &Authorized) {
        if !matches!(authorized.authorization, Authorization::Anonymous) {
            self.login.lock().await.accepted();
        }
    }

    /// Notes that fresh credentials were refused.
    pub(super) async fn refused(&self, authorized: &Authorized) {
        if !matches!(authorized.authorization, Authorization::Anonymous) {
            self.login.lock().await.refused();
        }
    }

    async fn log_in(
        &self,
        credentials: &Credentials,
        generation: u64,
        deadline: Deadline,
    ) -> Result<State> {
        match self.settings.auth {
            AuthType::Basic | AuthType::None => Ok(State::Basic),
            AuthType::Session => {
                let sessions = self
                    .sessions(deadline)
                    .await?
                    .map_or_else(|| self.default_sessions(), Ok)?;
                self.open_session(&sessions, credentials, generation, deadline)
                    .await
            }
            AuthType::Auto => {
                let Some(sessions) = self.sessions(deadline).await? else {
                    return Ok(State::Basic);
                };
                match self
                    .open_session(&sessions, credentials, generation, deadline)
                    .await
                {
                    // Refused credentials are final: asking again with basic would count as a second
                    // failed login. 403 is no such refusal: this account may have no sessions.
                    Err(error) if error.status() == Some(401) || error.is_connection() => {
                        Err(error)
                    }
                    Err(error) => {
                        tracing::debug!(bmc = %self.name, %error, "no session; basic authentication is used");
                        Ok(State::Basic)
                    }
                    opened => opened,
                }
            }
        }
    }

    /// Where sessions are made; `None` if the service root offers no sessions.
    async fn sessions(&self, deadline: Deadline) -> Result<Option<ResourcePath>> {
        let Some(root) = self.anonymous_root(deadline).await? else {
            // A BMC that hides its root: the standard place is worth a try.
            return self.default_sessions().map(Some);
        };
        let root = ServiceRoot::new(&root);
        if let Some(sessions) = root.sessions()? {
            return Ok(Some(sessions));
        }
        match root.session_service()? {
            Some(service) => service
                .child("Sessions")
                .map(Some)
                .map_err(|_| root.document().missing("SessionService")),
            None => Ok(None),
        }
    }

    fn default_sessions(&self) -> Result<ResourcePath> {
        let path = format!(
            "{}/{DEFAULT_SESSIONS}",
            self.settings.address.root().as_str().trim_end_matches('/')
        );
        ResourcePath::parse(&path)
            .map_err(|_| Error::new(&self.name, "logging in", ErrorKind::Missing(path)))
    }

    /// The service root, which can be read without credentials; `None` if this BMC wants some.
    async fn anonymous_root(&self, deadline: Deadline) -> Result<Option<Arc<Document>>> {
        let mut cached = self.root.lock().await;
        if let Some(root) = &*cached {
            return Ok(Some(Arc::clone(root)));
        }
        let request = Request::new(Method::Get, self.settings.address.root().clone());
        let reply = self
            .exchange(&request, &Authorization::Anonymous, deadline)
            .await?;
        match reply.status {
            200..300 => {
                let root = Arc::new(reply.document(&self.name, &request, &self.settings.limits)?);
                *cached = Some(Arc::clone(&root));
                Ok(Some(root))
            }
            401 | 403 => Ok(None),
            _ => Err(self.fail(&request, reply.failure())),
        }
    }

    async fn open_session(
        &self,
        sessions: &ResourcePath,
        credentials: &Credentials,
        generation: u64,
        deadline: Deadline,
    ) -> Result<State> {
        let body =
            json!({"UserName": credentials.username, "Password": credentials.password.expose()});
        let request = Request::with_body(Method::Post, sessions.clone(), body);
        let reply = self
            .exchange(&request, &Authorization::Anonymous, deadline)
            .await?;
        if !(200..300).contains(&reply.status) {
            return Err(self.fail(&request, reply.failure()));
        }
        let session = session_of(&reply, generation, self.settings.address.origin())
            .map_err(|kind| self.fail(&request, kind))?;
        self.name.hide_token(&session.token);
        Ok(State::Session(session))
    }

    /// Deletes the session on the BMC; failures are of no consequence, it will expire there.
    pub(crate) async fn log_out(&self) {
        let state = std::mem::take(&mut self.login.lock().await.state);
        let State::Session(session) = state else {
            return;
        };
        let Some(resource) = session.resource else {
            return;
        };
        let request = Request::new(Method::Delete, resource);
        let deadline = Deadline::after(
            self.settings
                .timeouts
                .connect
                .min(std::time::Duration::from_secs(10)),
        );
        if let Err(error) = self
            .exchange(&request, &Authorization::Token(session.token), deadline)
            .await
        {
            tracing::debug!(bmc = %self.name, %error, "the session could not be deleted and will expire by itself");
        }
    }
}

impl Bmc {
    /// The service root, read once per connection.
    pub async fn service_root(&self) -> Result<Arc<Document>> {
        // Logging in reads the root, too.
        self.connection.authorize(None, self.deadline()).await?;
        if let Some(root) = &*self.connection.root.lock().await {
            return Ok(Arc::clone(root));
        }
        let root = Arc::new(self.get(self.settings().address.root()).await?);
        *self.connection.root.lock().await = Some(Arc::clone(&root));
        Ok(root)
    }
}

fn basic(credentials: &Credentials) -> Authorization {
    Authorization::Basic {
        username: credentials.username.clone(),
        password: credentials.password.clone(),
    }
}
