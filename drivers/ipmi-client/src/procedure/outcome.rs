//! Refusals that a procedure can deal with.

use crate::completion::CompletionCode;
use crate::error::{Error, Failure};

/// Splits an answer: success, one of the `expected` refusals, or any other error.
pub(super) fn refusal_of<T>(
    answer: Result<T, Error>,
    expected: &[CompletionCode],
) -> Result<Result<T, CompletionCode>, Error> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(error) => match error.failure {
            Failure::Completion { code, .. } if expected.contains(&code) => Ok(Err(code)),
            _ => Err(error),
        },
    }
}
