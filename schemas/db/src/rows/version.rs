//! Object versions in the `version` columns.

use crate::error::{DbError, DbResult};

/// Refuses a row that a newer release has written.
///
/// An older version of the same major is read (columns it did not know are NULL); NULL counts as
/// the oldest (Ironic 39.0.0, `ironic.objects.base`).
///
/// # Errors
/// [`DbError::NewerVersion`].
pub(crate) fn check(
    table: &'static str,
    stored: Option<&str>,
    supported: &'static str,
) -> DbResult<()> {
    match stored {
        None => Ok(()),
        Some(stored) if stored == supported => Ok(()),
        Some(stored) => match (parse(stored), parse(supported)) {
            (Some((major, minor)), Some(ours)) if major == ours.0 && minor <= ours.1 => Ok(()),
            _ => Err(DbError::NewerVersion {
                table,
                stored: stored.to_owned(),
                supported,
            }),
        },
    }
}

/// Whether this release knows a version: one of the same major, from minor `oldest` to `supported`.
pub(crate) fn is_known(stored: Option<&str>, oldest: u32, supported: &'static str) -> bool {
    match (stored.and_then(parse), parse(supported)) {
        (Some((major, minor)), Some((ours, newest))) => {
            major == ours && (oldest..=newest).contains(&minor)
        }
        _ => false,
    }
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{check, is_known};

    #[test]
    fn an_upgrade_wants_versions_of_releases_it_knows() {
        for stored in ["1.21", "1.44"] {
            assert!(is_known(Some(stored), 21, "1.44"), "{stored}");
        }
        for stored in [None, Some("1.20"), Some("1.45"), Some("2.21"), Some("x")] {
            assert!(!is_known(stored, 21, "1.44"), "{stored:?}");
        }
    }

    #[test]
    fn older_is_read_and_newer_refused() {
        for stored in [None, Some("1.0"), Some("1.44")] {
            assert!(check("nodes", stored, "1.44").is_ok(), "{stored:?}");
        }
        for stored in ["1.45", "2.0", "x"] {
            assert!(check("nodes", Some(stored), "1.44").is_err(), "{stored}");
        }
    }
}
