//! What is known about the user who asks.

/// The user of a request, as the Identity service describes it. The names are those of
/// oslo.context's policy values, which rules refer to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The user's id.
    pub user_id: Option<String>,
    /// The id of the user's domain.
    pub user_domain_id: Option<String>,
    /// `all` when the token is for the system.
    pub system_scope: Option<String>,
    /// The domain that the token is for.
    pub domain_id: Option<String>,
    /// The project that the token is for.
    pub project_id: Option<String>,
    /// The name of that project.
    pub project_name: Option<String>,
    /// The id of the domain of that project.
    pub project_domain_id: Option<String>,
    /// The user's roles.
    pub roles: Vec<String>,
    /// Whether the project is the administrators' one; true when that is not configured.
    pub is_admin_project: bool,
    /// Whether the request is for a public path, so that nobody was authenticated.
    pub is_public_api: bool,
    /// The id of the service that passes the request on.
    pub service_user_id: Option<String>,
    /// The id of the domain of that service's user.
    pub service_user_domain_id: Option<String>,
    /// The project of that service's token.
    pub service_project_id: Option<String>,
    /// The id of the domain of that project.
    pub service_project_domain_id: Option<String>,
    /// The roles of that service's token.
    pub service_roles: Vec<String>,
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole system.
    System,
    /// A domain.
    Domain,
    /// A project, or nothing.
    Project,
}

/// A value that rules compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute<'a> {
    /// Nothing; rules write it as `None`.
    None,
    /// A text.
    Text(&'a str),
    /// `True` or `False`.
    Flag(bool),
    /// Several texts; one of them must match.
    List(&'a [String]),
}

impl Credentials {
    /// What the token is for.
    pub fn scope(&self) -> Scope {
        let given = |id: &Option<String>| id.as_deref().is_some_and(|id| !id.is_empty());
        if given(&self.system_scope) {
            Scope::System
        } else if given(&self.domain_id) {
            Scope::Domain
        } else {
            Scope::Project
        }
    }

    /// The attribute of that name, if there is one.
    pub fn attribute(&self, name: &str) -> Option<Attribute<'_>> {
        Some(match name {
            "user_id" => text(&self.user_id),
            "user_domain_id" => text(&self.user_domain_id),
            // oslo.policy adds `system` for rules that were written before `system_scope`.
            "system_scope" => text(&self.system_scope),
            "system" if self.scope() == Scope::System => text(&self.system_scope),
            "domain_id" => text(&self.domain_id),
            "project_id" => text(&self.project_id),
            "project_name" => text(&self.project_name),
            "project_domain_id" => text(&self.project_domain_id),
            "roles" => Attribute::List(&self.roles),
            "is_admin_project" => Attribute::Flag(self.is_admin_project),
            "is_public_api" => Attribute::Flag(self.is_public_api),
            "service_user_id" => text(&self.service_user_id),
            "service_user_domain_id" => text(&self.service_user_domain_id),
            "service_project_id" => text(&self.service_project_id),
            "service_project_domain_id" => text(&self.service_project_domain_id),
            "service_roles" => Attribute::List(&self.service_roles),
            _ => return None,
        })
    }
}

impl<'a> Attribute<'a> {
    /// The text that rules see, as Python would print it; `None` for a list.
    pub fn text(self) -> Option<&'a str> {
        match self {
            Attribute::None => Some("None"),
            Attribute::Text(text) => Some(text),
            Attribute::Flag(true) => Some("True"),
            Attribute::Flag(false) => Some("False"),
            Attribute::List(_) => None,
        }
    }

    /// Whether it, or one of its items, is `wanted`.
    pub fn matches(self, wanted: &str) -> bool {
        match self {
            Attribute::List(items) => items.iter().any(|item| item == wanted),
            single => single.text() == Some(wanted),
        }
    }
}

fn text(value: &Option<String>) -> Attribute<'_> {
    value.as_deref().map_or(Attribute::None, Attribute::Text)
}
