//! One list of columns a table: row, change set and comparison are derived from it.
//!
//! ```ignore
//! record! {
//!     /// A row of `chassis`.
//!     ChassisRow, ChassisChanges of chassis ("1.4") {
//!         uuid: Option<String>,
//!         description: Option<String>,
//!     }
//! }
//! ```
//! gives
//! * `ChassisRow`, with `id`, the listed columns, `version`, `created_at` and `updated_at`: what is
//!   read and inserted (the database numbers the row);
//! * `ChassisChanges`: what an UPDATE sets; a column that is `None` is left alone;
//! * `ChassisRow::changes(before, after)`: the columns that differ;
//! * `ChassisRow::COLUMNS`: every name, which is what a list can be sorted by.
//!
//! A table with more columns than a tuple should have puts some into groups, which follow as
//! `with { states: NodeStatesRow, NodeStatesChanges; }` and are made by [`group!`].
//!
//! Without `, ChassisChanges` there is only the row: for tables that are never updated.

/// See the module documentation.
macro_rules! record {
    ($(#[$meta:meta])* $row:ident, $changes:ident of $table:ident ($version:literal) {
        $($(#[$column_meta:meta])* $column:ident: $type:ty,)+
    } $(with {
        $($group:ident: $group_row:ident, $group_changes:ident;)+
    })?) => {
        $crate::rows::record::record! {
            $(#[$meta])*
            $row of $table ($version) { $($(#[$column_meta])* $column: $type,)+ }
            $(with { $($group: $group_row;)+ })?
        }

        /// What an UPDATE sets; `None` leaves a column alone.
        #[derive(Clone, Debug, Default, diesel::AsChangeset)]
        #[diesel(table_name = $crate::tables::$table)]
        pub(crate) struct $changes {
            $($(#[$column_meta])* pub(crate) $column: Option<$type>,)+
            $($(#[diesel(embed)] pub(crate) $group: $group_changes,)+)?
            pub(crate) version: Option<String>,
            pub(crate) updated_at: Option<$crate::column::Moment>,
        }

        impl $row {
            /// The columns in which `after` differs from `before`; none of the book-keeping ones.
            pub(crate) fn changes(before: &Self, after: Self) -> $changes {
                $changes {
                    $($column: (before.$column != after.$column).then_some(after.$column),)+
                    $($($group: $group_row::changes(&before.$group, after.$group),)+)?
                    version: None,
                    updated_at: None,
                }
            }
        }

        impl $changes {
            /// Whether nothing differs.
            pub(crate) fn is_empty(&self) -> bool {
                true $(&& self.$column.is_none())+ $($(&& self.$group.is_empty())+)?
            }

            /// Adds what every save writes: the object version and the time.
            pub(crate) fn stamped(mut self, now: schemas_model::time::Timestamp) -> Self {
                self.version = Some($row::VERSION.to_owned());
                self.updated_at = Some($crate::column::Moment(now));
                self
            }
        }
    };

    ($(#[$meta:meta])* $row:ident of $table:ident ($version:literal) {
        $($(#[$column_meta:meta])* $column:ident: $type:ty,)+
    } $(with { $($group:ident: $group_row:ident;)+ })?) => {
        $(#[$meta])*
        #[derive(Clone, Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable)]
        #[diesel(table_name = $crate::tables::$table)]
        #[diesel(treat_none_as_default_value = false)]
        pub(crate) struct $row {
            #[diesel(skip_insertion)]
            #[allow(dead_code, reason = "some rows are only ever read by what they belong to")]
            pub(crate) id: i32,
            $($(#[$column_meta])* pub(crate) $column: $type,)+
            $($(#[diesel(embed)] pub(crate) $group: $group_row,)+)?
            pub(crate) version: Option<String>,
            pub(crate) created_at: Option<$crate::column::Moment>,
            pub(crate) updated_at: Option<$crate::column::Moment>,
        }

        impl $row {
            /// The object version that is written (Ironic 39.0.0).
            pub(crate) const VERSION: &'static str = $version;

            /// Every column by name: the row's own, then those of its groups.
            #[allow(dead_code, reason = "some tables are never listed by themselves")]
            pub(crate) const COLUMNS: &'static [&'static [&'static str]] = &[
                &["id", $(stringify!($column),)+ "version", "created_at", "updated_at"],
                $($($group_row::COLUMNS,)+)?
            ];
        }

        $crate::rows::direct::from_columns! {
            $row of $table { id: i32, $($column: $type,)+ }
            groups { $($($group: $group_row,)+)? }
            end {
                version: Option<String>,
                created_at: Option<$crate::column::Moment>,
                updated_at: Option<$crate::column::Moment>,
            }
        }

        $crate::rows::listed::listed_row! {
            $row of $table { id, $($column,)+ version, created_at, updated_at }
            $(groups $($group)+)?
        }
    };
}

/// Columns that are a part of a wide row.
///
/// ```ignore
/// group! {
///     /// The columns with a JSON object.
///     NodeDocumentsRow, NodeDocumentsChanges of nodes { extra: Option<JsonObject>, }
/// }
/// ```
/// gives the same as [`record!`] without what belongs to the row as a whole.
macro_rules! group {
    ($(#[$meta:meta])* $row:ident, $changes:ident of $table:ident {
        $($column:ident: $type:ty,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable)]
        #[diesel(table_name = $crate::tables::$table)]
        #[diesel(treat_none_as_default_value = false)]
        pub(crate) struct $row {
            $(pub(crate) $column: $type,)+
        }

        /// What an UPDATE sets; `None` leaves a column alone.
        #[derive(Clone, Debug, Default, diesel::AsChangeset)]
        #[diesel(table_name = $crate::tables::$table)]
        pub(crate) struct $changes {
            $(pub(crate) $column: Option<$type>,)+
        }

        impl $row {
            /// Every column by name.
            pub(crate) const COLUMNS: &'static [&'static str] = &[$(stringify!($column),)+];

            /// The columns in which `after` differs from `before`.
            pub(crate) fn changes(before: &Self, after: Self) -> $changes {
                $changes {
                    $($column: (before.$column != after.$column).then_some(after.$column),)+
                }
            }
        }

        impl $changes {
            /// Whether nothing differs.
            pub(crate) fn is_empty(&self) -> bool {
                true $(&& self.$column.is_none())+
            }
        }

        $crate::rows::direct::from_columns! {
            $row of $table { $($column: $type,)+ } groups {} end {}
        }
    };
}
pub(crate) use {group, record};
