//! JSON columns: stored text is carried unparsed; what was changed is written as Python writes it.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::mysql::{Mysql, MysqlValue};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Text;
use diesel::sqlite::{Sqlite, SqliteValue};
use schemas_model::json::{Array, Doc, Object, Shape};

use super::python_json;
use crate::connection::{MultiBackend, MultiRawValue};

/// The document of a stored text; the empty one, which most are, takes no memory of its own.
fn document<T: Shape>(text: &str) -> Doc<T> {
    if text == T::EMPTY {
        Doc::default()
    } else {
        Doc::from_text(text)
    }
}

/// The text to store for a document.
fn stored<T: Shape>(doc: &Doc<T>) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    match doc.stored_text() {
        Some(text) => Ok(text.to_owned()),
        None => Ok(python_json::to_text(doc)?),
    }
}

macro_rules! json_column {
    ($(#[$meta:meta])* $name:ident($doc:ty)) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, AsExpression, FromSqlRow)]
        #[diesel(sql_type = Text)]
        pub(crate) struct $name(pub(crate) $doc);

        impl From<$doc> for $name {
            fn from(doc: $doc) -> Self {
                $name(doc)
            }
        }

        impl $name {
            /// The document; a NULL column reads as the empty one.
            pub(crate) fn or_empty(column: Option<Self>) -> $doc {
                column.unwrap_or_default().0
            }
        }

        impl ToSql<Text, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(stored(&self.0)?);
                Ok(IsNull::No)
            }
        }

        impl ToSql<Text, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                std::io::Write::write_all(out, stored(&self.0)?.as_bytes())?;
                Ok(IsNull::No)
            }
        }

        impl ToSql<Text, Mysql> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
                std::io::Write::write_all(out, stored(&self.0)?.as_bytes())?;
                Ok(IsNull::No)
            }
        }

        impl ToSql<Text, MultiBackend> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((Text, self));
                Ok(IsNull::No)
            }
        }

        impl FromSql<Text, Sqlite> for $name {
            fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                Ok($name(document(value.read_text())))
            }
        }

        impl FromSql<Text, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok($name(document(std::str::from_utf8(value.as_bytes())?)))
            }
        }

        impl FromSql<Text, Mysql> for $name {
            fn from_sql(value: MysqlValue<'_>) -> deserialize::Result<Self> {
                Ok($name(document(std::str::from_utf8(value.as_bytes())?)))
            }
        }

        impl FromSql<Text, MultiBackend> for $name {
            fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
                value.from_sql::<Self, Text>()
            }
        }
    };
}

json_column! {
    /// A column that holds a JSON object.
    JsonObject(Object)
}

json_column! {
    /// A column that holds a JSON array.
    JsonArray(Array)
}

impl JsonArray {
    /// A column of texts.
    pub(crate) fn of_texts(texts: &[String]) -> Self {
        JsonArray(Array::from_parsed(
            texts.iter().cloned().map(Into::into).collect(),
        ))
    }

    /// The texts of a column; what is not text is left out.
    pub(crate) fn texts(column: Option<Self>) -> Vec<String> {
        let array = Self::or_empty(column);
        if array.is_empty() {
            return Vec::new();
        }
        array
            .get()
            .iter()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    }
}
