//! A set of fields of one object.

/// Which rows of an object's table: bit n is row n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldSet(u128);

impl FieldSet {
    /// No field.
    pub const EMPTY: FieldSet = FieldSet(0);

    /// The first `count` fields.
    pub const fn first(count: usize) -> Self {
        if count >= 128 {
            FieldSet(u128::MAX)
        } else {
            FieldSet((1 << count) - 1)
        }
    }

    /// Adds a row; indices beyond 127 are ignored.
    pub const fn insert(&mut self, row: usize) {
        if row < 128 {
            self.0 |= 1 << row;
        }
    }

    /// Removes a row.
    pub const fn remove(&mut self, row: usize) {
        if row < 128 {
            self.0 &= !(1 << row);
        }
    }

    /// Whether the row is in the set.
    pub const fn contains(self, row: usize) -> bool {
        row < 128 && self.0 & (1 << row) != 0
    }

    /// Whether no row is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
