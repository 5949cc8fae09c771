//! Tokens of Keystone in front of everything that is not public, as keystonemiddleware does it:
//! `X-Auth-Token` says who asks, `X-Service-Token` which service passes the request on.
//!
//! Invariants
//! * what a request's headers claim about its caller is never believed, only what Keystone says;
//! * a token is kept, hashed, at most `[keystone_authtoken]token_cache_time` seconds and never past
//!   its end;
//! * Keystone being away is 503, never "not authenticated" and never "let in".

mod cache;
mod identity;
mod session;

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use schemas_config::section::keystone_authtoken::KeystoneAuthtoken;
use schemas_model::Object;
use schemas_model::secret::Secret;
use schemas_rpc::RequestContext;
use serde_json::{Map, Value};

use cache::Cache;
use identity::{Identity, Invalid};

pub use session::{Own, Session, Way};

/// Longest token that is asked about (bytes).
const MAX_TOKEN: usize = 16 * 1024;

/// The gate.
pub struct Keystone {
    identity: Identity,
    cache: Cache,
    challenge: String,
    service_roles: Vec<String>,
    service_roles_required: bool,
    delay: bool,
}

/// Why it is not known who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The token is not one, or not any more.
    Caller,
    /// Keystone can't be asked; said in the log.
    Keystone,
}

/// What Keystone said of a token: the `token` member of its answer.
type Token = Arc<Value>;

impl Keystone {
    /// From `[keystone_authtoken]`. Keystone need not be there yet.
    ///
    /// # Errors
    /// One sentence when an option is missing or can't be used.
    pub fn new(options: &KeystoneAuthtoken) -> Result<Self, String> {
        let identity = Identity::new(options)?;
        let uri = options
            .www_authenticate_uri
            .as_deref()
            .unwrap_or(identity.url());
        Ok(Keystone {
            challenge: format!("Keystone uri=\"{}\"", uri.replace('"', "")),
            cache: Cache::new(options.token_cache_time),
            service_roles: options.service_token_roles.clone(),
            service_roles_required: options.service_token_roles_required,
            delay: options.delay_auth_decision,
            identity,
        })
    }

    /// Finds out who asks and writes it into the context.
    ///
    /// # Errors
    /// The answer that keeps the request out: 401, or 503 when Keystone can't be asked.
    pub async fn admit(
        &self,
        request: &HttpRequest,
        context: &mut RequestContext,
    ) -> Result<(), HttpResponse> {
        let header = |name: &str| {
            let value = request.headers().get(name)?;
            value
                .to_str()
                .ok()
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        let service = match header("X-Service-Token") {
            None => None,
            Some(token) => match self.validate(token, false).await {
                Ok(token) if self.is_service(&token) => Some(token),
                Ok(_) | Err(Invalid::Token) => return self.refusal().map_or(Ok(()), Err),
                Err(Invalid::Unknown(why)) => return Err(away(&why)),
            },
        };
        let Some(text) = header("X-Auth-Token") else {
            return self.refusal().map_or(Ok(()), Err);
        };
        // What a service began for a user may outlast the user's token.
        match self.validate(text, service.is_some()).await {
            Ok(token) => {
                fill(context, text, &token, service.as_deref());
                Ok(())
            }
            Err(Invalid::Token) => self.refusal().map_or(Ok(()), Err),
            Err(Invalid::Unknown(why)) => Err(away(&why)),
        }
    }

    /// The roles of whom a token belongs to, for what has no other policy than roles.
    ///
    /// # Errors
    /// [`Unknown`] when the token is not valid, or Keystone can't be asked.
    pub async fn roles(&self, token: &str) -> Result<Vec<String>, Unknown> {
        match self.validate(token.trim(), false).await {
            Ok(token) => Ok(roles(&token)),
            Err(Invalid::Token) => Err(Unknown::Caller),
            Err(Invalid::Unknown(why)) => {
                tracing::error!(error = why, "tokens cannot be verified");
                Err(Unknown::Keystone)
            }
        }
    }

    /// What a caller without a valid token is told: the `WWW-Authenticate` header.
    pub fn challenge(&self) -> &str {
        &self.challenge
    }

    /// The answer without a valid token; none when the decision is left to the policy.
    fn refusal(&self) -> Option<HttpResponse> {
        (!self.delay).then(|| {
            HttpResponse::Unauthorized()
                .insert_header(("WWW-Authenticate", self.challenge.clone()))
                .content_type("text/html; charset=UTF-8")
                .body("Authentication required")
        })
    }

    async fn validate(&self, text: &str, allow_expired: bool) -> Result<Token, Invalid> {
        if text.len() > MAX_TOKEN || !text.is_ascii() {
            return Err(Invalid::Token);
        }
        if let Some(known) = self.cache.get(text) {
            return known.ok_or(Invalid::Token);
        }
        let outcome = self.identity.validate(text, allow_expired).await;
        match &outcome {
            Ok(token) => self.cache.put(text, Arc::clone(token)),
            Err(Invalid::Token) => self.cache.put_invalid(text),
            Err(Invalid::Unknown(_)) => {}
        }
        outcome
    }

    fn is_service(&self, token: &Value) -> bool {
        !self.service_roles_required
            || roles(token)
                .iter()
                .any(|role| self.service_roles.contains(role))
    }
}

fn away(why: &str) -> HttpResponse {
    tracing::error!(error = why, "tokens cannot be verified");
    HttpResponse::ServiceUnavailable()
        .content_type("text/plain; charset=UTF-8")
        .body("The Keystone service is temporarily unavailable.")
}

/// The names of a token's roles.
pub fn roles(token: &Value) -> Vec<String> {
    token
        .get("roles")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|role| role.get("name").and_then(Value::as_str))
        .map(str::to_owned)
        .collect()
}

fn fill(context: &mut RequestContext, text: &str, token: &Value, service: Option<&Value>) {
    let id = |pointer: &str| {
        token
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    context.user = id("/user/id");
    context.user_domain = id("/user/domain/id");
    context.project_id = id("/project/id");
    context.project = context.project_id.clone();
    context.project_domain = id("/project/domain/id");
    context.domain = id("/domain/id");
    let system = token.pointer("/system/all") == Some(&Value::Bool(true));
    context.system_scope = system.then(|| "all".to_owned());
    context.roles = roles(token);
    context.is_admin_project = token
        .get("is_admin_project")
        .and_then(Value::as_bool)
        .unwrap_or(true);
    context.auth_token = Some(Secret::from(text));
    let mut info = Map::new();
    // The catalog is long, and nobody after this asks for it.
    let mut said = token.clone();
    if let Value::Object(members) = &mut said {
        members.shift_remove("catalog");
    }
    info.insert("token".to_owned(), said);
    if let Some(service) = service {
        let mut said = service.clone();
        if let Value::Object(members) = &mut said {
            members.shift_remove("catalog");
        }
        info.insert("service_token".to_owned(), said);
    }
    context.auth_token_info = Some(Object::from_parsed(info));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_says_who_asks() {
        let token = json!({
            "user": {"id": "u1", "domain": {"id": "default"}},
            "project": {"id": "p1", "name": "demo", "domain": {"id": "default"}},
            "roles": [{"id": "1", "name": "member"}, {"id": "2", "name": "reader"}],
            "catalog": [{"long": true}],
        });
        let mut context = RequestContext::default();
        fill(&mut context, "tok-abc", &token, None);
        assert_eq!(context.user.as_deref(), Some("u1"));
        assert_eq!(context.project_id.as_deref(), Some("p1"));
        assert_eq!(context.roles, ["member", "reader"]);
        assert_eq!(context.system_scope, None);
        assert!(!format!("{context:?}").contains("tok-abc"));
        let info = context.auth_token_info.unwrap();
        assert!(!info.to_value().to_string().contains("long"));

        let system = json!({"user": {"id": "u"}, "system": {"all": true}, "roles": []});
        let mut context = RequestContext::default();
        fill(&mut context, "t", &system, None);
        assert_eq!(context.system_scope.as_deref(), Some("all"));
        assert_eq!(context.project_id, None);
    }
}
