//! Credentials for the Identity service, as keystoneauth names them.

use schemas_model::secret::Secret;

use crate::section::section;

section! {
    /// Who we are to the Identity service; shared by all sections that talk to OpenStack services.
    KeystoneCredentials;

    /// Application credential, by id (`v3applicationcredential`).
    application_credential_id: Option<String>;
    /// Application credential, by name (`v3applicationcredential`).
    application_credential_name: Option<String>;
    /// Secret of the application credential (`v3applicationcredential`).
    application_credential_secret: Option<Secret<String>>;
    /// Section that has these options instead of this one.
    auth_section: Option<String>;
    /// Authentication plugin: `password`, `v3applicationcredential`, `http_basic`, `none`, ...
    auth_type: Option<String>, formerly(&[(None, "auth_plugin")]);
    /// Address of the Identity service.
    auth_url: Option<String>;
    /// Domain for user and project, by id.
    default_domain_id: Option<String>;
    /// Domain for user and project, by name.
    default_domain_name: Option<String>;
    /// Domain to be scoped to, by id.
    domain_id: Option<String>;
    /// Domain to be scoped to, by name.
    domain_name: Option<String>;
    /// Address of the service (`none` and `http_basic`).
    endpoint: Option<String>;
    /// Password of the user.
    password: Option<Secret<String>>;
    /// Domain of the project, by id.
    project_domain_id: Option<String>;
    /// Domain of the project, by name.
    project_domain_name: Option<String>;
    /// Project to be scoped to, by id.
    project_id: Option<String>, formerly(&[(None, "tenant-id"), (None, "tenant_id")]);
    /// Project to be scoped to, by name.
    project_name: Option<String>, formerly(&[(None, "tenant-name"), (None, "tenant_name")]);
    /// `all` to be scoped to the system.
    system_scope: Option<String>;
    /// Old name of `project_id`.
    tenant_id: Option<String>;
    /// Old name of `project_name`.
    tenant_name: Option<String>;
    /// Trust to be scoped to.
    trust_id: Option<String>;
    /// Domain of the user, by id.
    user_domain_id: Option<String>;
    /// Domain of the user, by name.
    user_domain_name: Option<String>;
    /// User, by id.
    user_id: Option<String>;
    /// User, by name.
    username: Option<String>, formerly(&[(None, "user-name"), (None, "user_name")]);
}
