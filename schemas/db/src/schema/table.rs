//! Words to describe a table with, and what they are called in three dialects.

use crate::backend::Backend;

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [Column],
    pub(crate) primary_key: &'static [&'static str],
    /// Name and columns.
    pub(crate) unique: &'static [(&'static str, &'static [&'static str])],
    /// Name and columns.
    pub(crate) indexes: &'static [(&'static str, &'static [&'static str])],
    pub(crate) references: &'static [Reference],
}

/// A column.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) nullable: bool,
    pub(crate) default: Option<Literal>,
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Numbered by the database.
    Serial,
    Integer,
    BigInt,
    /// At most so many characters.
    Varchar(u16),
    /// 64 KiB on MariaDB.
    Text,
    /// 4 GiB on MariaDB.
    LongText,
    Boolean,
    DateTime,
}

/// A default value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    /// The empty text.
    Empty,
    False,
    True,
}

/// A foreign key on the number of another table.
#[derive(Debug)]
pub(crate) struct Reference {
    /// Its name, if Ironic gives it one.
    pub(crate) name: Option<&'static str>,
    pub(crate) column: &'static str,
    pub(crate) table: &'static str,
}

/// A nullable column without a default.
pub(crate) const fn column(name: &'static str, kind: Kind) -> Column {
    Column {
        name,
        kind,
        nullable: true,
        default: None,
    }
}

/// A foreign key.
pub(crate) const fn reference(
    name: Option<&'static str>,
    column: &'static str,
    table: &'static str,
) -> Reference {
    Reference {
        name,
        column,
        table,
    }
}

impl Column {
    /// The same column, mandatory.
    pub(crate) const fn not_null(mut self) -> Self {
        self.nullable = false;
        self
    }

    /// The same column with a default.
    pub(crate) const fn default(mut self, literal: Literal) -> Self {
        self.default = Some(literal);
        self
    }
}

impl Kind {
    /// What the type is called when a table is created.
    pub(crate) fn as_sql(self, backend: Backend) -> String {
        match (self, backend) {
            (Kind::Serial, Backend::Postgresql) => "SERIAL".to_owned(),
            (Kind::Serial | Kind::Integer, _) => "INTEGER".to_owned(),
            (Kind::BigInt, _) => "BIGINT".to_owned(),
            (Kind::Varchar(width), _) => format!("VARCHAR({width})"),
            (Kind::LongText, Backend::Mysql) => "LONGTEXT".to_owned(),
            (Kind::Text | Kind::LongText, _) => "TEXT".to_owned(),
            (Kind::Boolean, Backend::Mysql) => "BOOL".to_owned(),
            (Kind::Boolean, _) => "BOOLEAN".to_owned(),
            (Kind::DateTime, Backend::Postgresql) => "TIMESTAMP WITHOUT TIME ZONE".to_owned(),
            (Kind::DateTime, _) => "DATETIME".to_owned(),
        }
    }
}

impl Literal {
    /// How it is written.
    pub(crate) fn as_sql(self, backend: Backend) -> &'static str {
        match (self, backend) {
            (Literal::Empty, _) => "''",
            (Literal::False, Backend::Postgresql) => "false",
            (Literal::False, _) => "0",
            (Literal::True, Backend::Postgresql) => "true",
            (Literal::True, _) => "1",
        }
    }
}
