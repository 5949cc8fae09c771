//! `[errors]`.

use crate::section::section;

section! {
    /// `[errors]`: programming errors in error texts.
    Errors;

    /// Fail when an error text cannot be formatted.
    fatal_exception_format_errors: bool = false,
        formerly(&[(Some("ironic_lib"), "fatal_exception_format_errors")]);
}
