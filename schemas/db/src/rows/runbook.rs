//! Rows of `runbooks`.

use schemas_model::Runbook;
use schemas_model::ids::{RunbookId, Uuid};

use super::record::record;
use super::version;
use crate::column::{JsonObject, Moment};
use crate::error::DbResult;

const TABLE: &str = "runbooks";

record! {
    /// A row of `runbooks`.
    RunbookRow, RunbookChanges of runbooks ("1.2") {
        uuid: Option<String>,
        name: String,
        description: Option<String>,
        public: Option<bool>,
        owner: Option<String>,
        disable_ramdisk: Option<bool>,
        extra: Option<JsonObject>,
    }
}

impl RunbookRow {
    /// The runbook, without what its other tables hold.
    pub(crate) fn into_model(self) -> DbResult<Runbook> {
        let RunbookRow {
            id,
            uuid,
            name,
            description,
            public,
            owner,
            disable_ramdisk,
            extra,
            version,
            created_at,
            updated_at,
        } = self;
        version::check(TABLE, version.as_deref(), Self::VERSION)?;
        Ok(Runbook {
            id: RunbookId(id),
            uuid: Uuid::from_stored(uuid.unwrap_or_default()),
            name,
            description,
            steps: Vec::new(),
            traits: Vec::new(),
            disable_ramdisk: disable_ramdisk.unwrap_or_default(),
            public: public.unwrap_or_default(),
            owner,
            extra: JsonObject::or_empty(extra),
            created_at: created_at.map(|m| m.0),
            updated_at: updated_at.map(|m| m.0),
        })
    }

    /// The row of a runbook.
    pub(crate) fn from_model(model: &Runbook) -> Self {
        let Runbook {
            id,
            uuid,
            name,
            description,
            steps: _,
            traits: _,
            disable_ramdisk,
            public,
            owner,
            extra,
            created_at,
            updated_at,
        } = model.clone();
        RunbookRow {
            id: id.0,
            uuid: Some(uuid.to_string()),
            name,
            description,
            disable_ramdisk: Some(disable_ramdisk),
            public: Some(public),
            owner,
            extra: Some(extra.into()),
            version: Some(Self::VERSION.to_owned()),
            created_at: Moment::from_domain(created_at),
            updated_at: Moment::from_domain(updated_at),
        }
    }
}
