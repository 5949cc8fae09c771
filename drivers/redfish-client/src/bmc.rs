//! One BMC: authenticated requests with retries, ETags, collections and tasks.

mod collection;
mod connection;
mod login;

use std::{sync::Arc, time::Duration};

use serde_json::Value;

pub(crate) use connection::Connection;

use crate::{
    Result,
    bmc_name::BmcName,
    deadline::{Budget, Deadline},
    document::Document,
    error::{Error, ErrorKind},
    exchange::{Method, Reply, Request, Verdict},
    resource_path::ResourcePath,
    settings::BmcSettings,
};

/// A handle on one BMC, cheap to clone. All handles of equal settings share one session.
#[derive(Debug, Clone)]
pub struct Bmc {
    pub(crate) connection: Arc<Connection>,
    budget: Option<Budget>,
}

/// The answer to a request that changes something.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// The body, if there is one and it is a JSON object.
    pub document: Option<Document>,
    /// The `Location` header: the created resource, or the task monitor of a 202.
    pub location: Option<ResourcePath>,
}

impl Answer {
    /// Where to ask after a request that the BMC goes on working on: the task monitor of a 202, or
    /// else the task in its body.
    pub fn task(&self) -> Option<ResourcePath> {
        match self.status {
            202 => self.created(),
            _ => None,
        }
    }

    /// What the request has made, a task or another resource: its `Location`, or else what is in
    /// the body.
    pub fn created(&self) -> Option<ResourcePath> {
        let of_body = || self.document.as_ref()?.field("@odata.id").path().ok()?;
        self.location.clone().or_else(of_body)
    }
}

impl Bmc {
    /// A handle on a BMC with a session of its own. [`crate::BmcPool`] shares sessions.
    pub fn new(settings: BmcSettings) -> Self {
        Self::on(Arc::new(Connection::new(settings, Arc::default())))
    }

    pub(crate) const fn on(connection: Arc<Connection>) -> Self {
        Bmc {
            connection,
            budget: None,
        }
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &BmcSettings {
        &self.connection.settings
    }

    /// The address, as errors name it.
    pub fn name(&self) -> &Arc<BmcName> {
        &self.connection.name
    }

    /// The same BMC, for an operation that may take `total` with everything it does, and no longer
    /// than this handle may; then it fails with [`ErrorKind::Overdue`]. Each request with its retries
    /// may take [`crate::Timeouts::operation`] all the same.
    #[must_use]
    pub fn within(&self, total: Duration) -> Self {
        Bmc {
            connection: Arc::clone(&self.connection),
            budget: Some(Budget::new(total, self.budget.as_ref())),
        }
    }

    /// The same BMC, for another operation: what this one may take does not count.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self::on(Arc::clone(&self.connection))
    }

    /// When the next request has to be answered, with its retries.
    fn deadline(&self) -> Deadline {
        let own = Deadline::after(self.settings().timeouts.operation);
        self.budget
            .as_ref()
            .map_or(own, |budget| budget.deadline.earlier(own))
    }

    /// When the operation has to end: as [`Bmc::within`] says, or else after the time of one request.
    pub(crate) fn end(&self) -> Deadline {
        self.budget
            .as_ref()
            .map_or_else(|| self.deadline(), |budget| budget.deadline)
    }

    /// Waits, but not beyond the deadline. False if there was no time to wait that long.
    pub async fn pause(&self, wanted: Duration) -> bool {
        let deadline = self.end();
        tokio::time::sleep(deadline.at_most(wanted)).await;
        !deadline.passed()
    }

    /// Reads a resource.
    pub async fn get(&self, path: &ResourcePath) -> Result<Document> {
        let request = Request::new(Method::Get, path.clone());
        let reply = self.send(&request).await?;
        reply.document(self.name(), &request, &self.settings().limits)
    }

    /// Reads the same resource again.
    pub async fn refresh(&self, document: &Document) -> Result<Document> {
        self.get(document.path()).await
    }

    /// Invokes an action or creates a resource. Sent once; repeated only if it can't have arrived.
    pub async fn post(&self, path: &ResourcePath, body: Option<Value>) -> Result<Answer> {
        let request = Request {
            body,
            ..Request::new(Method::Post, path.clone())
        };
        self.change(&request).await
    }

    /// Removes a resource.
    pub async fn delete(&self, path: &ResourcePath) -> Result<Answer> {
        self.change(&Request::new(Method::Delete, path.clone()))
            .await
    }

    /// Removes a resource, with a body that says how (`@Redfish.OperationApplyTime`).
    pub async fn delete_with(&self, path: &ResourcePath, body: Option<Value>) -> Result<Answer> {
        let request = Request {
            body,
            ..Request::new(Method::Delete, path.clone())
        };
        self.change(&request).await
    }

    /// Changes properties of a resource that has been read, unless someone else changed it since:
    /// with `If-Match`, and on 412 or 428 again with the current ETag, then with a strong one, then
    /// without (some BMCs refuse the ETags they hand out), or after [`BmcSettings::settling`].
    pub async fn patch(&self, document: &Document, body: Value) -> Result<Answer> {
        if let Some(pause) = self.settings().settling {
            return self.patch_settling(document, &body, pause).await;
        }
        let mut tags = TagLadder::new(document.etag());
        loop {
            let request = Request {
                if_match: tags.current().map(str::to_owned),
                ..Request::with_body(Method::Patch, document.path().clone(), body.clone())
            };
            match self.change(&request).await {
                Err(error) if matches!(error.status(), Some(412 | 428)) => {
                    let fresh = match tags.wants_fresh() {
                        true => self.refresh(document).await?.etag().map(str::to_owned),
                        false => None,
                    };
                    if !tags.step(fresh) {
                        return Err(error);
                    }
                }
                answer => return answer,
            }
        }
    }

    /// [`Bmc::patch`] of a BMC that wants an ETag always, and refuses every one for a while after
    /// something has changed: with the one that was read, then with the current one, then, after a
    /// pause, with what is current then.
    async fn patch_settling(
        &self,
        document: &Document,
        body: &Value,
        pause: Duration,
    ) -> Result<Answer> {
        let patch = |tag: Option<&str>| Request {
            if_match: tag.map(str::to_owned),
            ..Request::with_body(Method::Patch, document.path().clone(), body.clone())
        };
        let outdated = |answer: &Result<Answer>| {
            let status = answer.as_ref().err().and_then(Error::status);
            matches!(status, Some(412 | 428))
        };
        let mut answer = self.change(&patch(document.etag())).await;
        if !outdated(&answer) {
            return answer;
        }
        let current = self.refresh(document).await?;
        if current.etag() != document.etag() {
            answer = self.change(&patch(current.etag())).await;
        }
        if !outdated(&answer) || !self.pause(pause).await {
            return answer;
        }
        let current = self.refresh(document).await?;
        self.change(&patch(current.etag())).await
    }

    async fn change(&self, request: &Request) -> Result<Answer> {
        let reply = self.send(request).await?;
        let location = reply
            .location
            .as_deref()
            .and_then(|link| ResourcePath::parse_link(link, self.settings().address.origin()).ok());
        // The request has been done: an unreadable confirmation does not undo it.
        let document = match reply.body.is_empty() {
            true => None,
            false => reply
                .document(self.name(), request, &self.settings().limits)
                .ok(),
        };
        Ok(Answer {
            status: reply.status,
            document,
            location,
        })
    }

    /// Sends a request with authorization; logs in again once if the session has expired.
    pub(crate) async fn send(&self, request: &Request) -> Result<Reply> {
        let result = self.send_authorized(request).await;
        let Some(budget) = &self.budget else {
            return result;
        };
        match &result {
            Ok(_) => budget.answered(),
            // The last request was cut short, or was not sent any more.
            Err(error) if error.is_connection() => {
                if let Some(kind) = budget.overdue() {
                    return Err(self.fail(error.attempted(), kind));
                }
            }
            Err(_) => {}
        }
        result
    }

    async fn send_authorized(&self, request: &Request) -> Result<Reply> {
        let deadline = self.deadline();
        let mut expired = None;
        loop {
            let authorized = self.connection.authorize(expired, deadline).await?;
            let reply = self
                .connection
                .exchange(request, &authorized.authorization, deadline)
                .await?;
            let verdict = reply
                .verdict(request, &self.settings().address)
                .map_err(|kind| self.fail(request, kind))?;
            match (verdict, authorized.generation) {
                (Verdict::Accept, _) => {
                    self.connection.accepted(&authorized).await;
                    return Ok(reply);
                }
                (Verdict::Unauthorized, Some(generation)) if expired.is_none() => {
                    expired = Some(generation)
                }
                (Verdict::Unauthorized, _) => {
                    self.connection.refused(&authorized).await;
                    let detail = reply.explanation();
                    return Err(self.fail(
                        request,
                        ErrorKind::Access {
                            status: reply.status,
                            detail,
                        },
                    ));
                }
                _ => return Err(self.fail(request, reply.failure())),
            }
        }
    }

    pub(crate) fn fail(&self, attempted: impl ToString, kind: ErrorKind) -> Error {
        Error::new(self.name(), attempted.to_string(), kind)
    }

    /// Ends the session on the BMC, if there is one. Later requests log in again.
    pub async fn close(&self) {
        self.connection.log_out().await;
    }
}

/// The `If-Match` values to try, in order.
#[derive(Debug)]
struct TagLadder {
    tag: Option<String>,
    rung: Rung,
}

#[derive(Debug, PartialEq, Eq)]
enum Rung {
    AsRead,
    Fresh,
    Strong,
    Without,
}

impl TagLadder {
    fn new(tag: Option<&str>) -> Self {
        TagLadder {
            tag: tag.map(str::to_owned),
            rung: Rung::AsRead,
        }
    }

    fn current(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    fn wants_fresh(&self) -> bool {
        self.rung == Rung::AsRead
    }

    /// Goes to the next value worth trying. False at the end.
    fn step(&mut self, fresh: Option<String>) -> bool {
        loop {
            let strong = self
                .tag
                .as_deref()
                .and_then(|tag| tag.strip_prefix("W/"))
                .map(str::to_owned);
            let (rung, tag) = match self.rung {
                Rung::AsRead => (Rung::Fresh, fresh.clone()),
                Rung::Fresh => (Rung::Strong, strong),
                Rung::Strong => (Rung::Without, None),
                Rung::Without => return false,
            };
            self.rung = rung;
            let differs = tag != self.tag;
            // A rung without a tag, other than the last, has nothing new to try.
            if differs && (tag.is_some() || self.rung == Rung::Without) {
                self.tag = tag;
                return true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn etags_are_tried_from_fresh_to_none() {
        let mut tags = TagLadder::new(Some("\"old\""));
        assert!(tags.wants_fresh());
        assert!(tags.step(Some("W/\"new\"".to_owned())));
        assert_eq!(tags.current(), Some("W/\"new\""));
        assert!(tags.step(None));
        assert_eq!(tags.current(), Some("\"new\""));
        assert!(tags.step(None));
        assert_eq!(tags.current(), None);
        assert!(!tags.step(None));
    }

    #[test]
    fn an_unchanged_etag_is_not_repeated() {
        let mut tags = TagLadder::new(Some("\"same\""));
        assert!(tags.step(Some("\"same\"".to_owned())));
        assert_eq!(tags.current(), None);
        assert!(!TagLadder::new(None).step(None));
    }
}
