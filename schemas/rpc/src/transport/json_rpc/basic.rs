//! `http_basic`: user names and bcrypt digests in an Apache-style file.
//!
//! The file is read anew for every request, so a changed password counts at once. bcrypt is slow on
//! purpose; what was right a moment ago is remembered by a digest of entry and password together.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemas_model::secret::Secret;
use sha2::{Digest, Sha256};

use super::gate::{Denied, Gate};

const CHALLENGE: &str = "Basic realm=\"Baremetal API\"";
/// Pairs of entry and password that are remembered as right.
const REMEMBERED: usize = 64;

/// A password file.
pub struct Htpasswd {
    path: PathBuf,
    right: Mutex<Vec<[u8; 32]>>,
}

/// A password file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadPasswordFile {
    /// It cannot be read.
    #[error("cannot read the password file {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// An entry with another digest.
    #[error("only bcrypt digests are supported, and that of user '{0}' is not one")]
    Digest(String),
}

impl Htpasswd {
    /// Checks the file.
    ///
    /// # Errors
    /// [`BadPasswordFile`] when it cannot be read or holds a digest other than bcrypt.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, BadPasswordFile> {
        let path = path.into();
        let text = std::fs::read_to_string(&path).map_err(|source| BadPasswordFile::Read {
            path: path.clone(),
            source,
        })?;
        for (user, digest) in entries(&text) {
            if !["$2y$", "$2a$", "$2b$"]
                .iter()
                .any(|form| digest.starts_with(form))
            {
                return Err(BadPasswordFile::Digest(user.to_owned()));
            }
        }
        Ok(Htpasswd {
            path,
            right: Mutex::default(),
        })
    }

    async fn is_right(&self, user: &str, password: Secret) -> Result<bool, Denied> {
        let text = tokio::fs::read_to_string(&self.path).await.map_err(|error| {
            tracing::error!(%error, path = %self.path.display(), "cannot read the password file");
            denied(500, "Problem reading auth user file")
        })?;
        let Some((_, digest)) = entries(&text).find(|(name, _)| *name == user) else {
            return Ok(false);
        };
        let key = key(digest, &password);
        if self.lock().contains(&key) {
            return Ok(true);
        }
        let digest = digest.to_owned();
        let checked =
            tokio::task::spawn_blocking(move || bcrypt::verify(password.expose(), &digest));
        let right = matches!(checked.await, Ok(Ok(true)));
        if right {
            let mut known = self.lock();
            if known.len() >= REMEMBERED {
                known.remove(0);
            }
            known.push(key);
        }
        Ok(right)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<[u8; 32]>> {
        self.right.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn entries(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| line.trim().split_once(':'))
}

fn key(digest: &str, password: &Secret) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(digest.as_bytes());
    hash.update([0]);
    hash.update(password.expose().as_bytes());
    hash.finalize().into()
}

fn denied(status: u16, message: impl Into<String>) -> Denied {
    Denied {
        status,
        message: message.into(),
        challenge: (status == 401).then_some(CHALLENGE.into()),
    }
}

fn credentials(header: &str) -> Result<(String, Secret), Denied> {
    let (kind, token) = header
        .trim()
        .split_once(char::is_whitespace)
        .ok_or_else(|| denied(400, "Could not parse Authorization header"))?;
    if !kind.eq_ignore_ascii_case("basic") {
        return Err(denied(
            400,
            format!("Unsupported authorization type \"{kind}\""),
        ));
    }
    STANDARD
        .decode(token.trim())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|pair| {
            let (user, password) = pair.split_once(':')?;
            Some((user.to_owned(), Secret::from(password)))
        })
        .ok_or_else(|| denied(400, "Could not decode authorization token"))
}

#[async_trait]
impl Gate for Htpasswd {
    async fn admit(
        &self,
        header: &(dyn for<'a> Fn(&'a str) -> Option<String> + Send + Sync),
    ) -> Result<(), Denied> {
        let header =
            header("authorization").ok_or_else(|| denied(401, "Authorization required"))?;
        let (user, password) = credentials(&header)?;
        if self.is_right(&user, password).await? {
            Ok(())
        } else {
            Err(denied(401, "Incorrect username or password"))
        }
    }
}
