//! What all handles on one BMC share: the HTTP client, the login, the service root; and exchanges
//! with retries.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::{
    Result,
    bmc_name::BmcName,
    deadline::Deadline,
    document::Document,
    error::{Error, ErrorKind},
    exchange::{Authorization, Reply, Request, Verdict},
    session::Login,
    settings::BmcSettings,
    transport::{self, Failure, SharedTransports},
};

/// See the module documentation.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) settings: BmcSettings,
    pub(crate) name: Arc<BmcName>,
    transports: SharedTransports,
    pub(super) login: Mutex<Login>,
    pub(super) root: Mutex<Option<Arc<Document>>>,
}

impl Connection {
    pub(crate) fn new(settings: BmcSettings, transports: SharedTransports) -> Self {
        let name = BmcName::new(settings.address.to_string(), settings.credentials.as_ref());
        let name = Arc::new(name);
        Connection {
            settings,
            name,
            transports,
            login: Mutex::default(),
            root: Mutex::default(),
        }
    }

    pub(super) fn fail(&self, attempted: &Request, kind: ErrorKind) -> Error {
        Error::new(&self.name, attempted.to_string(), kind)
    }

    /// Sends until there is an answer other than "later", the attempts are used up or the deadline
    /// passes. Redirects within the BMC are followed without credentials. The answer may be a failure.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        authorization: &Authorization,
        deadline: Deadline,
    ) -> Result<Reply> {
        let mut request = request.clone();
        let mut authorization = authorization;
        let mut hops = 0;
        loop {
            let reply = self.attempts(&request, authorization, deadline).await?;
            let verdict = reply
                .verdict(&request, &self.settings.address)
                .map_err(|kind| self.fail(&request, kind))?;
            let Verdict::Follow(path) = verdict else {
                return Ok(reply);
            };
            hops += 1;
            if hops > self.settings.limits.hops {
                let too_many = ErrorKind::Redirect {
                    to: path.to_string(),
                    why: "there are too many redirects",
                };
                return Err(self.fail(&request, too_many));
            }
            request.path = path;
            authorization = &Authorization::Anonymous;
        }
    }

    async fn attempts(
        &self,
        request: &Request,
        authorization: &Authorization,
        deadline: Deadline,
    ) -> Result<Reply> {
        let settings = &self.settings;
        let clients = self
            .transports
            .clients(&settings.tls, settings.timeouts.connect)
            .map_err(|kind| self.fail(request, kind))?;
        let mut attempt = 1;
        loop {
            if deadline.passed() {
                return Err(self.fail(request, ErrorKind::Timeout(settings.timeouts.operation)));
            }
            let outcome = transport::exchange(
                &clients,
                &settings.address,
                request,
                authorization,
                &settings.timeouts,
                settings.limits.body,
                deadline,
            )
            .await
            .map(|reply| reply.without_secrets(request, &self.name));
            let last = attempt >= settings.retry.attempts.max(1);
            let pause = match &outcome {
                Ok(reply) => match reply.verdict(request, &settings.address) {
                    Ok(Verdict::Later(pause)) if !last => pause.unwrap_or(settings.retry.interval),
                    _ => return outcome.map_err(|failure| self.fail(request, failure.kind)),
                },
                Err(failure) if !last && may_pass(failure, request) => settings.retry.interval,
                Err(failure) => return Err(self.fail(request, failure.kind.clone())),
            };
            if pause >= deadline.remaining() {
                return outcome.map_err(|failure| self.fail(request, failure.kind));
            }
            tracing::debug!(bmc = %self.name, request = %request, attempt, "the BMC is asked again after a pause");
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }
}

/// Whether the same request may succeed a little later and does no harm then.
const fn may_pass(failure: &Failure, request: &Request) -> bool {
    match &failure.kind {
        ErrorKind::Connect(_) => true,
        ErrorKind::Timeout(_) | ErrorKind::Broken(_) => !failure.sent || request.is_repeatable(),
        _ => false,
    }
}
