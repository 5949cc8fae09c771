//! What can go wrong with the database.

use schemas_model::error::UnknownWord;

use crate::unique::Unique;

/// Result of a store function.
pub type DbResult<T> = Result<T, DbError>;

/// A failure of the database layer. `From<DbError> for Fault` is the one conversion to what an
/// operator sees.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// There is no such row.
    #[error("there is no {resource} {ident}")]
    NotFound {
        /// What was looked for.
        resource: Resource,
        /// Its number, UUID, name, ...
        ident: String,
    },
    /// Another row has the value already.
    #[error("{unique} '{value}' is already in use")]
    Duplicate {
        /// Which constraint.
        unique: Unique,
        /// The value, as far as it is known.
        value: String,
    },
    /// The node is reserved by somebody.
    #[error("node {node} is locked by host {host}")]
    Locked {
        /// UUID of the node.
        node: String,
        /// Who holds it.
        host: String,
    },
    /// The node was to be released or saved under a reservation, but nobody holds it.
    #[error("node {node} is not locked")]
    NotLocked {
        /// UUID of the node.
        node: String,
    },
    /// The conductor lost the node: its reservation was taken away, nothing was written.
    #[error("host {host} no longer holds node {node}")]
    ReservationLost {
        /// UUID of the node.
        node: String,
        /// Who believed to hold it.
        host: String,
    },
    /// The node already has an instance.
    #[error("node {node} is already associated with instance {instance}")]
    NodeAssociated {
        /// UUID of the node.
        node: String,
        /// The instance.
        instance: String,
    },
    /// Several nodes have ports with the addresses.
    #[error("several nodes have ports with addresses {addresses}")]
    AmbiguousLookup {
        /// The addresses.
        addresses: String,
    },
    /// Something still refers to the row.
    #[error("{resource} {ident} is not empty")]
    NotEmpty {
        /// What was to be deleted.
        resource: Resource,
        /// Which.
        ident: String,
    },
    /// The row refers to one that is gone, or is referred to by one that came meanwhile.
    #[error("a reference between rows does not hold: {reason}")]
    BrokenReference {
        /// What the database said.
        reason: String,
    },
    /// The conductor is registered and online.
    #[error("conductor {hostname} is already registered")]
    ConductorRegistered {
        /// Its host name.
        hostname: String,
    },
    /// A node would have more than 50 traits.
    #[error("node {node} would have {count} traits; at most {limit} are allowed")]
    TooManyTraits {
        /// Number of the node.
        node: i32,
        /// How many it would have.
        count: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A list cannot be sorted by this.
    #[error("a list cannot be sorted by '{key}'")]
    InvalidSortKey {
        /// What was asked for.
        key: String,
    },
    /// A value does not fit its column.
    #[error("a value does not fit into the database: {reason}")]
    InvalidValue {
        /// What the database said.
        reason: String,
    },
    /// The database was busy for longer than the time allowed.
    #[error("the database is busy: {reason}")]
    Busy {
        /// What the database said.
        reason: String,
    },
    /// The database cannot be reached.
    #[error("the database cannot be reached: {reason}")]
    Unavailable {
        /// What the client library said, without the password.
        reason: String,
    },
    /// A stored value makes no sense.
    #[error("column {table}.{column} holds '{value}', which is not understood")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// What is stored.
        value: String,
    },
    /// The row was written by a newer release.
    #[error("a row of {table} has object version {stored}; this release knows up to {supported}")]
    NewerVersion {
        /// Table.
        table: &'static str,
        /// What is stored.
        stored: String,
        /// What this release writes.
        supported: &'static str,
    },
    /// The schema is not one this release can use.
    #[error("{0}")]
    Schema(#[from] crate::schema::SchemaError),
    /// The connection URL makes no sense.
    #[error("[database]connection: {0}")]
    Url(#[from] crate::url::UrlError),
    /// Anything else the database or the client library reports.
    #[error("database error: {0}")]
    Query(#[source] diesel::result::Error),
    /// A fault of this program.
    #[error("database layer: {0}")]
    Internal(String),
}

/// What a row is, in error texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say all there is to say")]
pub enum Resource {
    Allocation,
    BiosSetting,
    Chassis,
    Conductor,
    DeployTemplate,
    FirmwareComponent,
    InspectionRule,
    Instance,
    Node,
    NodeHistory,
    NodeInventory,
    NodeTrait,
    Port,
    Portgroup,
    Runbook,
    RunbookTrait,
    VolumeConnector,
    VolumeTarget,
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Resource::Allocation => "allocation",
            Resource::BiosSetting => "BIOS setting",
            Resource::Chassis => "chassis",
            Resource::Conductor => "conductor",
            Resource::DeployTemplate => "deploy template",
            Resource::FirmwareComponent => "firmware component",
            Resource::InspectionRule => "inspection rule",
            Resource::Instance => "instance",
            Resource::Node => "node",
            Resource::NodeHistory => "node history entry",
            Resource::NodeInventory => "inventory of node",
            Resource::NodeTrait => "trait",
            Resource::Port => "port",
            Resource::Portgroup => "port group",
            Resource::Runbook => "runbook",
            Resource::RunbookTrait => "runbook trait",
            Resource::VolumeConnector => "volume connector",
            Resource::VolumeTarget => "volume target",
        })
    }
}

impl DbError {
    /// No such row.
    pub(crate) fn not_found(resource: Resource, ident: impl std::fmt::Display) -> Self {
        DbError::NotFound {
            resource,
            ident: ident.to_string(),
        }
    }

    /// A stored word that is in none of our lists.
    pub(crate) fn corrupt(
        table: &'static str,
        column: &'static str,
    ) -> impl Fn(UnknownWord) -> Self {
        move |unknown| DbError::Corrupt {
            table,
            column,
            value: unknown.word,
        }
    }

    /// Says which value a duplicate is about.
    pub(crate) fn about(self, value_of: impl FnOnce(Unique) -> Option<String>) -> Self {
        match self {
            DbError::Duplicate { unique, value } => {
                let value = value_of(unique).unwrap_or(value);
                DbError::Duplicate { unique, value }
            }
            other => other,
        }
    }
}

impl From<diesel::result::Error> for DbError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error};
        let Error::DatabaseError(kind, info) = &error else {
            return DbError::Query(error);
        };
        let reason = || info.message().to_owned();
        match kind {
            DatabaseErrorKind::UniqueViolation => Unique::violated(info.as_ref()).map_or_else(
                || DbError::Query(error),
                |unique| DbError::Duplicate {
                    unique,
                    value: String::new(),
                },
            ),
            DatabaseErrorKind::SerializationFailure => DbError::Busy { reason: reason() },
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                DbError::Unavailable { reason: reason() }
            }
            DatabaseErrorKind::ForeignKeyViolation => DbError::BrokenReference { reason: reason() },
            _ => match symptom(info.message()) {
                Symptom::Busy => DbError::Busy { reason: reason() },
                Symptom::Gone => DbError::Unavailable { reason: reason() },
                Symptom::DoesNotFit => DbError::InvalidValue { reason: reason() },
                Symptom::Other => DbError::Query(error),
            },
        }
    }
}

enum Symptom {
    Busy,
    Gone,
    DoesNotFit,
    Other,
}

/// What diesel has no kind for, told by the texts of the three databases.
fn symptom(message: &str) -> Symptom {
    const BUSY: &[&str] = &[
        "database is locked",
        "database table is locked",
        "deadlock",
        "Deadlock",
        "Lock wait timeout",
        "lock timeout",
        "statement timeout",
        "max_statement_time exceeded",
        "too many clients",
        "Too many connections",
    ];
    const GONE: &[&str] = &[
        "server has gone away",
        "Lost connection",
        "server closed the connection",
        "no connection to the server",
        "terminating connection",
        "SSL connection has been closed",
        "could not receive data from server",
        "the database system is",
        "Connection was killed",
        "Server shutdown in progress",
    ];
    const DOES_NOT_FIT: &[&str] = &[
        "value too long for type",
        "Data too long for column",
        "out of range",
        "Out of range value",
        "Incorrect string value",
        "invalid byte sequence",
        "string or blob too big",
    ];
    let says = |list: &[&str]| list.iter().any(|words| message.contains(words));
    if says(BUSY) {
        Symptom::Busy
    } else if says(GONE) {
        Symptom::Gone
    } else if says(DOES_NOT_FIT) {
        Symptom::DoesNotFit
    } else {
        Symptom::Other
    }
}
