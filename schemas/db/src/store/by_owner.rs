//! What belongs to many rows of another table, read in one statement.

use crate::error::DbResult;

/// How many owners there may be between the first and the last for each one that is wanted.
const DENSE: i64 = 2;

/// Which owners a statement asks for.
pub(crate) enum Owners {
    /// Those between two numbers: nearly all of them are wanted, and a statement with two values
    /// is prepared once for all pages.
    Between(i32, i32),
    /// Each by number.
    Each(Vec<i32>),
}

impl Owners {
    /// The best way to ask for these.
    pub(crate) fn of(ids: impl Iterator<Item = i32> + Clone) -> Self {
        let span = ids.clone().min().zip(ids.clone().max());
        match span {
            Some((first, last)) if is_dense(first, last, ids.clone().count()) => {
                Owners::Between(first, last)
            }
            _ => Owners::Each(ids.collect()),
        }
    }
}

fn is_dense(first: i32, last: i32, count: usize) -> bool {
    let span = i64::from(last) - i64::from(first) + 1;
    i64::try_from(count).is_ok_and(|count| span <= DENSE * count)
}

/// Keeps the rows of a boxed query whose column is one of some owners.
macro_rules! of_owners {
    ($query:expr, $column:expr, $owners:expr) => {
        match $owners {
            $crate::store::by_owner::Owners::Between(first, last) => {
                $query.filter($column.between(first, last))
            }
            $crate::store::by_owner::Owners::Each(ids) => $query.filter($column.eq_any(ids)),
        }
    };
}
pub(crate) use of_owners;

/// The parts of each owner, in the order in which they were read.
pub(crate) struct ByOwner<T>(Vec<(i32, Vec<T>)>);

impl<T> ByOwner<T> {
    /// Collects parts that come sorted by owner.
    ///
    /// # Errors
    /// The first error among them.
    pub(crate) fn sorted(parts: impl Iterator<Item = DbResult<(i32, T)>>) -> DbResult<Self> {
        let mut owners: Vec<(i32, Vec<T>)> = Vec::new();
        for part in parts {
            let (owner, part) = part?;
            match owners.last_mut() {
                Some((last, parts)) if *last == owner => parts.push(part),
                _ => owners.push((owner, vec![part])),
            }
        }
        Ok(ByOwner(owners))
    }

    /// The parts of an owner; they are gone then.
    pub(crate) fn take(&mut self, owner: i32) -> Vec<T> {
        self.0
            .binary_search_by_key(&owner, |(owner, _)| *owner)
            .ok()
            .and_then(|place| self.0.get_mut(place))
            .map(|(_, parts)| std::mem::take(parts))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_asked_for_by_their_ends() {
        let between = |ids: &[i32]| match Owners::of(ids.iter().copied()) {
            Owners::Between(first, last) => Some((first, last)),
            Owners::Each(_) => None,
        };
        assert_eq!(between(&[7]), Some((7, 7)));
        assert_eq!(between(&[9, 3, 6, 4]), Some((3, 9)));
        assert_eq!(between(&[1, 100]), None);
        assert_eq!(between(&[i32::MIN, i32::MAX]), None);
        assert_eq!(between(&[]), None);
    }

    #[test]
    fn parts_go_to_their_owner_once() {
        let parts = [(1, 'a'), (1, 'b'), (4, 'c')];
        let mut parts = ByOwner::sorted(parts.into_iter().map(Ok)).unwrap();
        assert_eq!(parts.take(4), ['c']);
        assert_eq!(parts.take(1), ['a', 'b']);
        assert!(parts.take(1).is_empty() && parts.take(3).is_empty());
    }
}
