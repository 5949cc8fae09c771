//! The login of one account at one BMC.
//!
//! Invariants
//! * at most one login is under way at a time, and one expired token causes at most one login, however
//!   many requests meet it ([`Login::authorize`] takes the generation that failed);
//! * once the BMC has refused the credentials, nothing is sent with them for a pause that doubles
//!   with each refusal, so that no account gets locked by our trying.

use std::time::Duration;

use schemas_model::secret::Secret;
use tokio::time::Instant;

use crate::{
    error::ErrorKind,
    exchange::{Authorization, Reply},
    resource_path::ResourcePath,
};

/// Pause after the first refusal.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// What the account's state is on the BMC, as far as we know.
#[derive(Debug, Default)]
pub(crate) struct Login {
    pub(crate) state: State,
    /// Logins so far; the last one's number is the generation of the session.
    pub(crate) logins: u64,
    refusals: u32,
    allowed_from: Option<Instant>,
}

/// See [`Login`].
#[derive(Debug, Default)]
pub(crate) enum State {
    /// Nothing has been tried, or the token has expired.
    #[default]
    LoggedOut,
    /// Credentials go along with every request.
    Basic,
    /// A session is open.
    Session(Session),
}

/// An open session.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// `X-Auth-Token`.
    pub(crate) token: Secret,
    /// The session resource, to be deleted at the end.
    pub(crate) resource: Option<ResourcePath>,
    /// Counts the logins.
    pub(crate) generation: u64,
}

impl Login {
    /// Whether a login may be sent now.
    pub(crate) fn allowed(&self) -> Result<(), ErrorKind> {
        let wait = self
            .allowed_from
            .map(|from| from.saturating_duration_since(Instant::now()))
            .unwrap_or_default();
        match wait.is_zero() {
            true => Ok(()),
            false => Err(ErrorKind::LoginPaused {
                wait,
                failures: self.refusals,
            }),
        }
    }

    /// Notes that the BMC refused the credentials, or a token it had just given.
    pub(crate) fn refused(&mut self) {
        self.state = State::LoggedOut;
        let pause = FIRST_PAUSE
            .saturating_mul(1 << self.refusals.min(16))
            .min(LONGEST_PAUSE);
        self.refusals = self.refusals.saturating_add(1);
        self.allowed_from = Some(Instant::now() + pause);
    }

    /// Notes that the BMC accepted a request with these credentials.
    pub(crate) const fn accepted(&mut self) {
        self.refusals = 0;
        self.allowed_from = None;
    }

    /// Forgets the session if it is of `generation`; a newer one stays.
    pub(crate) fn expire(&mut self, generation: u64) {
        if matches!(&self.state, State::Session(session) if session.generation == generation) {
            self.state = State::LoggedOut;
        }
    }
}

/// The authorization of a request, with the login it came from.
#[derive(Debug, Clone)]
pub(crate) struct Authorized {
    pub(crate) authorization: Authorization,
    /// The generation of the session; `None` for basic or none.
    pub(crate) generation: Option<u64>,
}

/// The session that a successful login reply describes.
pub(crate) fn session_of(
    reply: &Reply,
    generation: u64,
    origin: &url::Url,
) -> Result<Session, ErrorKind> {
    let token = reply
        .token
        .clone()
        .filter(|token| !token.expose().is_empty())
        .ok_or(ErrorKind::NoToken)?;
    let resource = reply
        .location
        .as_deref()
        .and_then(|link| ResourcePath::parse_link(link, origin).ok());
    Ok(Session {
        token,
        resource,
        generation,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn refusals_pause_longer_and_longer() {
        let mut login = Login::default();
        assert!(login.allowed().is_ok());
        let mut waits = Vec::new();
        for _ in 0..8 {
            login.refused();
            let Err(ErrorKind::LoginPaused { wait, .. }) = login.allowed() else {
                panic!("it should pause")
            };
            waits.push(wait.as_secs());
            tokio::time::advance(wait).await;
            assert!(login.allowed().is_ok());
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 300, 300]);
        login.accepted();
        login.refused();
        assert!(matches!(
            login.allowed(),
            Err(ErrorKind::LoginPaused { failures: 1, .. })
        ));
    }

    #[test]
    fn only_the_expired_session_is_forgotten() {
        let session = Session {
            token: "t".into(),
            resource: None,
            generation: 2,
        };
        let mut login = Login {
            state: State::Session(session),
            ..Login::default()
        };
        login.expire(1);
        assert!(matches!(login.state, State::Session(_)));
        login.expire(2);
        assert!(matches!(login.state, State::LoggedOut));
    }
}
