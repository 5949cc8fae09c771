//! Who may call: `[json_rpc]auth_strategy`.

use std::borrow::Cow;

use async_trait::async_trait;

/// Why a caller is turned away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// The HTTP status (400–503).
    pub status: u16,
    /// What is said about it.
    pub message: String,
    /// A `WWW-Authenticate` header, where one is due.
    pub challenge: Option<Cow<'static, str>>,
}

/// Decides by the `Authorization` and other headers of a request.
#[async_trait]
pub trait Gate: Send + Sync + 'static {
    /// Lets a request in; `header` looks a header up by its name in lower case.
    ///
    /// # Errors
    /// [`Denied`] with the answer.
    async fn admit(
        &self,
        header: &(dyn for<'a> Fn(&'a str) -> Option<String> + Send + Sync),
    ) -> Result<(), Denied>;
}

/// `noauth`: everybody may.
#[derive(Clone, Copy, Debug)]
pub struct Open;

#[async_trait]
impl Gate for Open {
    async fn admit(
        &self,
        _: &(dyn for<'a> Fn(&'a str) -> Option<String> + Send + Sync),
    ) -> Result<(), Denied> {
        Ok(())
    }
}
