//! The account, its sessions, and how often somebody was refused.

use std::collections::{HashMap, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::RngExt as _;

use super::http::Request;

/// Sessions that can be open at once.
const SESSIONS_MAX: usize = 16;
/// Tokens remembered for inspection.
const ISSUED_MAX: usize = 1000;

/// Who may come in.
#[derive(Debug)]
pub(super) struct Accounts {
    pub(super) user: String,
    pub(super) password: String,
    /// Refusals after which the account is locked, for ever; `None` never.
    pub(super) lock_after: Option<u32>,
    /// Refusals in a row.
    pub(super) refused: u32,
    /// Sessions that can be open at once.
    pub(super) sessions_max: usize,
    /// Path of the session by token.
    sessions: HashMap<String, String>,
    /// Tokens handed out, open or not, oldest first; at most [`ISSUED_MAX`].
    issued: VecDeque<String>,
}

impl Default for Accounts {
    fn default() -> Self {
        Accounts {
            user: "admin".to_owned(),
            password: "password".to_owned(),
            lock_after: None,
            refused: 0,
            sessions_max: SESSIONS_MAX,
            sessions: HashMap::new(),
            issued: VecDeque::new(),
        }
    }
}

impl Accounts {
    /// Whether the password is right, and the account not locked. A refusal counts.
    pub(super) fn verify(&mut self, user: &str, password: &str) -> bool {
        let right = user == self.user && password == self.password;
        if right && !self.is_locked() {
            self.refused = 0;
            return true;
        }
        self.refused += 1;
        false
    }

    /// Whether nobody comes in any more.
    pub(super) fn is_locked(&self) -> bool {
        self.lock_after.is_some_and(|limit| self.refused >= limit)
    }

    pub(super) fn is_full(&self) -> bool {
        self.sessions.len() >= self.sessions_max
    }

    pub(super) fn open(&mut self, path: &str) -> String {
        let token = format!("{:032x}", rand::rng().random::<u128>());
        self.sessions.insert(token.clone(), path.to_owned());
        if self.issued.len() == ISSUED_MAX {
            self.issued.pop_front();
        }
        self.issued.push_back(token.clone());
        token
    }

    /// Tokens handed out so far, oldest first.
    pub(super) fn issued(&self) -> impl Iterator<Item = &str> {
        self.issued.iter().map(String::as_str)
    }

    /// Ends a session by its path.
    pub(super) fn close(&mut self, path: &str) {
        self.sessions.retain(|_, session| session != path);
    }

    /// Ends every session; returns their paths.
    pub(super) fn forget_sessions(&mut self) -> Vec<String> {
        self.sessions.drain().map(|(_, path)| path).collect()
    }

    /// Number of open sessions.
    pub(super) fn open_sessions(&self) -> usize {
        self.sessions.len()
    }

    /// Whether a request comes with a token or a password that is right.
    pub(super) fn admits(&mut self, request: &Request) -> bool {
        if let Some(token) = request.header("x-auth-token") {
            return self.sessions.contains_key(token);
        }
        let basic = request
            .header("authorization")
            .and_then(|value| value.strip_prefix("Basic "))
            .and_then(|code| STANDARD.decode(code).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        match basic.as_deref().and_then(|text| text.split_once(':')) {
            Some((user, password)) => self.verify(user, password),
            None => false,
        }
    }
}
