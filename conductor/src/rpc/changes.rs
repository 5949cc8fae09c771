//! Writing the changed fields of a versioned object onto the object as it is now.

use schemas_model::Fault;
use schemas_rpc::Versioned;
use schemas_rpc::objects::Object;

/// Fields that are never taken from a caller: they belong to the conductor or the database.
const OWN: &[&str] = &[
    "id",
    "uuid",
    "created_at",
    "updated_at",
    "reservation",
    "provision_state",
    "target_provision_state",
    "provision_updated_at",
    "traits",
];

/// `current` with the named fields of `given`.
///
/// # Errors
/// 500 for a field that cannot be carried over, which would be a fault of the object tables.
pub fn overlay<T: Object>(current: T, given: &Versioned<T>, fields: &[&str]) -> Result<T, Fault> {
    let mut result = Versioned::from(current);
    for row in T::ROWS {
        if fields.contains(&row.name) && !OWN.contains(&row.name) {
            let value = (row.get)(given);
            (row.set)(&mut result, value).map_err(|mismatch| {
                Fault::internal(format!("{}.{}: {mismatch}", T::NAME, row.name))
            })?;
        }
    }
    Ok(result.object)
}
