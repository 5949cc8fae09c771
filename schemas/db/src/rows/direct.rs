//! Reading a row column by column into its struct, for rows of which lists have many.
//!
//! diesel's way makes a tuple of the columns, for a group inside a row another one, and moves them
//! from one to the next: with a node's 65 columns that is a third of what reading a list costs.
//! What a column holds and how it is decoded is diesel's here too.

use diesel::Expression;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::row::{Field, Row};

/// Which columns of a row a statement selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted(u128);

impl Wanted {
    /// Every column.
    pub(crate) const ALL: Wanted = Wanted(u128::MAX);

    /// Those of some columns that pass a test.
    pub(crate) fn those<C>(columns: &[C], test: impl Fn(&C) -> bool) -> Self {
        let chosen = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| test(column));
        Wanted(chosen.fold(0, |all, (place, _)| all | bit(place)))
    }

    /// Whether it selects the column at a place of the row.
    #[inline(always)]
    pub(crate) const fn has(self, place: usize) -> bool {
        self.0 & bit(place) != 0
    }
}

/// No table has as many columns as there are bits.
const fn bit(place: usize) -> u128 {
    1 << (place % 128)
}

/// The columns of one row, in the order of the statement.
pub(crate) struct Columns<'row, R> {
    row: &'row R,
    wanted: Wanted,
    /// The next column of the row.
    column: usize,
    /// The next one that was selected.
    selected: usize,
}

impl<'row, R> Columns<'row, R> {
    /// The columns of a row of which some are there.
    pub(crate) fn new(row: &'row R, wanted: Wanted) -> Self {
        Columns {
            row,
            wanted,
            column: 0,
            selected: 0,
        }
    }

    /// The value of the next column, which is `C`; as if it were NULL when it is not wanted.
    #[inline(always)]
    pub(crate) fn next<'a, DB, C, T>(&mut self) -> deserialize::Result<T>
    where
        DB: Backend,
        R: Row<'a, DB>,
        C: Expression,
        T: FromSql<C::SqlType, DB>,
    {
        let column = self.column;
        self.column += 1;
        if !self.wanted.has(column) {
            return T::from_nullable_sql(None);
        }
        let place = self.selected;
        self.selected += 1;
        let field = self
            .row
            .get(place)
            .ok_or(diesel::result::UnexpectedEndOfRow)?;
        T::from_nullable_sql(field.value()).map_err(|error| {
            let column = field.field_name().unwrap_or("?");
            format!("column {column}: {error}").into()
        })
    }
}

/// A row or a part of one that is read column by column; made by `record!` and `group!`.
pub(crate) trait FromColumns<DB: Backend>: Sized {
    /// Reads a whole row.
    ///
    /// # Errors
    /// As [`FromColumns::from_columns`].
    fn from_row<'a>(row: &impl Row<'a, DB>) -> deserialize::Result<Self> {
        Self::from_columns(&mut Columns::new(row, Wanted::ALL))
    }

    /// Reads the next columns.
    ///
    /// # Errors
    /// When a column holds what its type cannot.
    fn from_columns<'a>(columns: &mut Columns<'_, impl Row<'a, DB>>) -> deserialize::Result<Self>;
}

/// Makes a struct one that is read column by column: its fields in the order of the columns, then
/// its groups, then what every row ends with.
///
/// ```ignore
/// from_columns!(NodeRow of nodes { id: i32, uuid: Option<String> } groups { names: NodeNamesRow }
///     end { version: Option<String> });
/// ```
macro_rules! from_columns {
    ($row:ident of $table:ident { $($column:ident: $type:ty,)+ }
        groups { $($group:ident: $group_row:ident,)* }
        end { $($last:ident: $last_type:ty,)* }
    ) => {
        impl<DB: diesel::backend::Backend> $crate::rows::direct::FromColumns<DB> for $row
        where
            $($type: diesel::deserialize::FromSql<diesel::dsl::SqlTypeOf<$crate::tables::$table::$column>, DB>,)+
            $($group_row: $crate::rows::direct::FromColumns<DB>,)*
            $($last_type: diesel::deserialize::FromSql<diesel::dsl::SqlTypeOf<$crate::tables::$table::$last>, DB>,)*
        {
            #[inline(always)]
            fn from_columns<'a>(
                columns: &mut $crate::rows::direct::Columns<'_, impl diesel::row::Row<'a, DB>>,
            ) -> diesel::deserialize::Result<Self> {
                Ok($row {
                    $($column: columns.next::<DB, $crate::tables::$table::$column, _>()?,)+
                    $($group: $group_row::from_columns(columns)?,)*
                    $($last: columns.next::<DB, $crate::tables::$table::$last, _>()?,)*
                })
            }
        }
    };
}
pub(crate) use from_columns;
