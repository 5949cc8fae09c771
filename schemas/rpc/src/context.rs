//! Who asks: the request context that travels with every call.
//!
//! The keys are oslo.context's, as Ironic 39.0.0 sends them. All are optional on arrival and unknown
//! ones are ignored.

use schemas_model::json::Object;
use schemas_model::secret::Secret;
use serde_json::{Map, Value};

use crate::wire::Wire;

/// Who asks, on whose behalf, and under which request id.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestContext {
    /// User id.
    pub user: Option<String>,
    /// Project id the token is scoped to.
    pub project_id: Option<String>,
    /// `all` for a system-scoped token.
    pub system_scope: Option<String>,
    /// Project id again, under its older name.
    pub project: Option<String>,
    /// Domain id the token is scoped to.
    pub domain: Option<String>,
    /// Domain id of the user.
    pub user_domain: Option<String>,
    /// Domain id of the project.
    pub project_domain: Option<String>,
    /// Whether the caller is an administrator.
    pub is_admin: bool,
    /// Unused by Ironic, carried.
    pub read_only: bool,
    /// Unused by Ironic, carried.
    pub show_deleted: bool,
    /// The caller's token, for services called on the caller's behalf.
    pub auth_token: Option<Secret>,
    /// `req-<uuid>`, made where the request entered.
    pub request_id: Option<String>,
    /// `req-<uuid>` of the service that called us.
    pub global_request_id: Option<String>,
    /// Unused by Ironic, carried.
    pub resource_uuid: Option<String>,
    /// Role names.
    pub roles: Vec<String>,
    /// Whether the project is the cloud's administrative one (true unless Keystone says otherwise).
    pub is_admin_project: bool,
    /// What Keystone said of the token; not shown by `Debug`.
    pub auth_token_info: Option<Object>,
}

impl Default for RequestContext {
    fn default() -> Self {
        RequestContext {
            user: None,
            project_id: None,
            system_scope: None,
            project: None,
            domain: None,
            user_domain: None,
            project_domain: None,
            is_admin: false,
            read_only: false,
            show_deleted: false,
            auth_token: None,
            request_id: None,
            global_request_id: None,
            resource_uuid: None,
            roles: Vec::new(),
            is_admin_project: true,
            auth_token_info: None,
        }
    }
}

impl RequestContext {
    /// The service acting for itself (periodic tasks), under a new request id.
    pub fn service() -> Self {
        RequestContext {
            is_admin: true,
            request_id: Some(format!("req-{}", uuid::Uuid::new_v4())),
            ..RequestContext::default()
        }
    }

    /// "user project domain user_domain project_domain", `-` for what is absent.
    pub fn user_identity(&self) -> String {
        [
            &self.user,
            &self.project_id,
            &self.domain,
            &self.user_domain,
            &self.project_domain,
        ]
        .map(|part| part.as_deref().unwrap_or("-"))
        .join(" ")
    }

    /// The keys and values that travel.
    pub fn to_wire(&self) -> Map<String, Value> {
        let mut keys = Map::new();
        let mut put = |key: &str, value: Value| keys.insert(key.to_owned(), value);
        put("user", self.user.to_wire());
        put("project_id", self.project_id.to_wire());
        put("system_scope", self.system_scope.to_wire());
        put("project", self.project.to_wire());
        put("domain", self.domain.to_wire());
        put("user_domain", self.user_domain.to_wire());
        put("project_domain", self.project_domain.to_wire());
        put("is_admin", self.is_admin.to_wire());
        put("read_only", self.read_only.to_wire());
        put("show_deleted", self.show_deleted.to_wire());
        put("auth_token", self.auth_token.to_wire());
        put("request_id", self.request_id.to_wire());
        put("global_request_id", self.global_request_id.to_wire());
        put("resource_uuid", self.resource_uuid.to_wire());
        put("roles", self.roles.to_wire());
        put("user_identity", Value::String(self.user_identity()));
        put("is_admin_project", self.is_admin_project.to_wire());
        put("auth_token_info", self.auth_token_info.to_wire());
        keys
    }

    /// Reads what travelled. A key of another type than expected counts as absent: a context is
    /// never a reason to refuse a request.
    pub fn from_wire(mut keys: Map<String, Value>) -> Self {
        let defaults = RequestContext::default();
        let mut take = |key: &str| keys.remove(key).unwrap_or(Value::Null);
        let text = |value: Value| Option::<String>::from_wire(value).unwrap_or_default();
        let flag = |value: Value, absent: bool| value.as_bool().unwrap_or(absent);
        RequestContext {
            user: text(take("user")),
            project_id: text(take("project_id")),
            system_scope: text(take("system_scope")),
            project: text(take("project")),
            domain: text(take("domain")),
            user_domain: text(take("user_domain")),
            project_domain: text(take("project_domain")),
            is_admin: flag(take("is_admin"), defaults.is_admin),
            read_only: flag(take("read_only"), defaults.read_only),
            show_deleted: flag(take("show_deleted"), defaults.show_deleted),
            auth_token: Option::<Secret>::from_wire(take("auth_token")).unwrap_or_default(),
            request_id: text(take("request_id")),
            global_request_id: text(take("global_request_id")),
            resource_uuid: text(take("resource_uuid")),
            roles: Vec::<String>::from_wire(take("roles")).unwrap_or_default(),
            is_admin_project: flag(take("is_admin_project"), defaults.is_admin_project),
            auth_token_info: Option::<Object>::from_wire(take("auth_token_info"))
                .unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_shows_dashes_for_what_is_absent() {
        assert_eq!(RequestContext::default().user_identity(), "- - - - -");
    }

    #[test]
    fn the_token_is_not_printed() {
        let context = RequestContext {
            auth_token: Some("tok-abc".into()),
            ..RequestContext::default()
        };
        assert!(!format!("{context:?}").contains("tok-abc"));
        assert_eq!(RequestContext::from_wire(context.to_wire()), context);
    }

    #[test]
    fn nonsense_is_ignored() {
        let Value::Object(keys) =
            serde_json::json!({"user": 5, "roles": "admin", "is_admin": "yes", "x": []})
        else {
            unreachable!()
        };
        assert_eq!(RequestContext::from_wire(keys), RequestContext::default());
    }
}
