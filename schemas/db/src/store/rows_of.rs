//! One row or none.

use diesel::result::OptionalExtension;

use crate::error::{DbError, DbResult, Resource};

/// The row that a query found, or that there is none of this name.
pub(crate) fn one<T>(
    found: diesel::QueryResult<T>,
    resource: Resource,
    ident: impl std::fmt::Display,
) -> DbResult<T> {
    found
        .optional()?
        .ok_or_else(|| DbError::not_found(resource, ident))
}
