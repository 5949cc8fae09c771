//! The functions that every table with a number and a UUID has, from one row of names.
//!
//! ```ignore
//! crud! {
//!     Chassis, ChassisId: ChassisRow of chassis, Resource::Chassis;
//!     insert chassis_insert, by_id chassis_by_id, by_uuid chassis_by_uuid, save chassis_save;
//!     taken taken
//! }
//! ```
//! defines the four methods of `Database`. `taken` is a function of the file, `fn(&Chassis, Unique)
//! -> Option<String>`: the value that violates a unique constraint.

/// See the module documentation.
macro_rules! crud {
    (
        $model:ident, $id:ident: $row:ident of $table:ident, $resource:expr;
        insert $insert:ident, by_id $by_id:ident, by_uuid $by_uuid:ident, save $save:ident;
        taken $taken:ident
    ) => {
        impl $crate::Database {
            /// Creates it and returns it with its number and its time of creation.
            ///
            /// # Errors
            /// [`DbError::Duplicate`](crate::DbError::Duplicate), which says what is taken.
            pub async fn $insert(&self, given: &$model) -> $crate::DbResult<$model> {
                let mut created = given.clone();
                created.created_at = Some(self.now());
                created.updated_at = None;
                let (row, about) = ($row::from_model(&created), created.clone());
                let id = self
                    .transaction(move |connection| {
                        diesel::insert_into($table::table)
                            .values(&row)
                            .execute(connection)
                            .map_err(|error| {
                                $crate::DbError::from(error).about(|unique| $taken(&about, unique))
                            })?;
                        connection.last_insert_id()
                    })
                    .await?;
                created.id = $id(id);
                Ok(created)
            }

            /// One by number.
            ///
            /// # Errors
            /// [`DbError::NotFound`](crate::DbError::NotFound).
            pub async fn $by_id(&self, id: $id) -> $crate::DbResult<$model> {
                self.look_up(move |connection| {
                    let found = $table::table
                        .find(id.0)
                        .select($row::as_select())
                        .get_result(connection);
                    $crate::store::one(found, $resource, id)?.into_model()
                })
                .await
            }

            /// One by UUID.
            ///
            /// # Errors
            /// [`DbError::NotFound`](crate::DbError::NotFound).
            pub async fn $by_uuid(
                &self,
                uuid: &schemas_model::ids::Uuid,
            ) -> $crate::DbResult<$model> {
                let uuid = uuid.clone();
                self.look_up(move |connection| {
                    let found = $table::table
                        .filter($table::uuid.eq(uuid.as_str()))
                        .select($row::as_select())
                        .get_result(connection);
                    $crate::store::one(found, $resource, &uuid)?.into_model()
                })
                .await
            }

            /// Writes the columns in which `after` differs from `before`, which then gets the new
            /// `updated_at`; nothing at all when none does.
            ///
            /// # Errors
            /// [`DbError::NotFound`](crate::DbError::NotFound),
            /// [`DbError::Duplicate`](crate::DbError::Duplicate).
            pub async fn $save(&self, before: &$model, after: &mut $model) -> $crate::DbResult<()> {
                let changes = $row::changes(&$row::from_model(before), $row::from_model(after));
                if changes.is_empty() {
                    return Ok(());
                }
                let now = self.now();
                let (id, changes, about) = (before.id, changes.stamped(now), after.clone());
                self.write(move |connection| {
                    let count = diesel::update($table::table.find(id.0))
                        .set(&changes)
                        .execute(connection)
                        .map_err(|error| {
                            $crate::DbError::from(error).about(|unique| $taken(&about, unique))
                        })?;
                    if count == 0 {
                        return Err($crate::DbError::not_found($resource, &about.uuid));
                    }
                    Ok(())
                })
                .await?;
                after.updated_at = Some(now);
                Ok(())
            }
        }
    };
}
pub(crate) use crud;
