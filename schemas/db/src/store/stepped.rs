//! The functions of a resource that owns a list of steps: deploy templates and runbooks.
//!
//! ```ignore
//! stepped! {
//!     Runbook, RunbookId: RunbookRow of runbooks, Resource::Runbook;
//!     steps RunbookStep: RunbookStepRow of runbook_steps, runbook_id;
//!     insert runbook_insert, by_id runbook_by_id, by_uuid runbook_by_uuid,
//!     by_name runbook_by_name, by_ident runbook_by_ident, save runbook_save,
//!     destroy runbook_destroy;
//!     name_unique Unique::RunbookName
//! }
//! ```
//! defines those methods of `Database`. The file gives what differs: `prepare(&mut Model)` before a
//! row is made, `insert_more(connection, id, &Model, Moment)` and `delete_more(connection, id)` for
//! rows of further tables, and `all_with_parts(connection, Vec<Row>)`, a constant number of
//! statements. It gets `steps_of(connection, rows)`, the steps of many owners in one statement.

/// See the module documentation.
macro_rules! stepped {
    (
        $model:ident, $id:ident: $row:ident of $table:ident, $resource:expr;
        steps $step:ident: $step_row:ident of $steps:ident, $owner:ident;
        insert $insert:ident, by_id $by_id:ident, by_uuid $by_uuid:ident,
        by_name $by_name:ident, by_ident $by_ident:ident, save $save:ident,
        destroy $destroy:ident;
        name_unique $name_unique:path
    ) => {
        impl $crate::Database {
            /// Creates it with all that belongs to it.
            ///
            /// # Errors
            /// [`DbError::Duplicate`](crate::DbError::Duplicate) of the UUID or the name.
            pub async fn $insert(&self, given: &$model) -> DbResult<$model> {
                let mut created = given.clone();
                let now = self.now();
                created.created_at = Some(now);
                created.updated_at = None;
                prepare(&mut created);
                let about = created.clone();
                let id = self
                    .transaction(move |connection| {
                        diesel::insert_into($table::table)
                            .values(&$row::from_model(&about))
                            .execute(connection)
                            .map_err(|error| taken(error, &about))?;
                        let id = connection.last_insert_id()?;
                        insert_steps(connection, id, &about.steps, Moment(now))?;
                        insert_more(connection, id, &about, Moment(now))?;
                        Ok(id)
                    })
                    .await?;
                created.id = $id(id);
                Ok(created)
            }

            /// One by number.
            ///
            /// # Errors
            /// [`DbError::NotFound`](crate::DbError::NotFound).
            pub async fn $by_id(&self, id: $id) -> DbResult<$model> {
                self.look_up(move |connection| {
                    let found = $table::table
                        .find(id.0)
                        .select($row::as_select())
                        .get_result(connection);
                    with_parts(connection, one(found, $resource, id)?)
                })
                .await
            }

            /// One by UUID.
            ///
            /// # Errors
            /// [`DbError::NotFound`](crate::DbError::NotFound).
            pub async fn $by_uuid(&self, uuid: &Uuid) -> DbResult<$model> {
                let uuid = uuid.clone();
                self.look_up(move |connection| {
                    let found = $table::table
                        .filter($table::uuid.eq(uuid.as_str()))
                        .select($row::as_select())
                        .get_result(connection);
                    with_parts(connection, one(found, $resource, &uuid)?)
                })
                .await
            }

            /// One by name.
            ///
            /// # Errors
            /// [`DbError::NotFound`](crate::DbError::NotFound).
            pub async fn $by_name(&self, name: &str) -> DbResult<$model> {
                let name = name.to_owned();
                self.look_up(move |connection| {
                    let found = $table::table
                        .filter($table::name.eq(&name))
                        .select($row::as_select())
                        .get_result(connection);
                    with_parts(connection, one(found, $resource, &name)?)
                })
                .await
            }

            /// One by UUID or name.
            ///
            /// # Errors
            /// [`DbError::NotFound`](crate::DbError::NotFound).
            pub async fn $by_ident(&self, ident: &str) -> DbResult<$model> {
                match Uuid::parse(ident) {
                    Ok(uuid) => self.$by_uuid(&uuid).await,
                    Err(_) => self.$by_name(ident).await,
                }
            }

            /// Writes the columns in which `after` differs from `before`, and its steps if they
            /// differ.
            ///
            /// # Errors
            /// [`DbError::NotFound`](crate::DbError::NotFound),
            /// [`DbError::Duplicate`](crate::DbError::Duplicate) of the name.
            pub async fn $save(&self, before: &$model, after: &mut $model) -> DbResult<()> {
                let changes = $row::changes(&$row::from_model(before), $row::from_model(after));
                let other_steps = before.steps != after.steps;
                if changes.is_empty() && !other_steps {
                    return Ok(());
                }
                let now = self.now();
                // New steps alone leave the time of the last change, as in Ironic.
                let stamped = (!changes.is_empty()).then(|| changes.stamped(now));
                let is_stamped = stamped.is_some();
                let about = after.clone();
                let steps = self
                    .transaction(move |connection| {
                        let id = about.id.0;
                        let count = match &stamped {
                            Some(changes) => diesel::update($table::table.find(id))
                                .set(changes)
                                .execute(connection)
                                .map_err(|error| taken(error, &about))?,
                            None => {
                                let there: i64 =
                                    $table::table.find(id).count().get_result(connection)?;
                                usize::try_from(there).unwrap_or_default()
                            }
                        };
                        if count == 0 {
                            return Err(DbError::not_found($resource, &about.uuid));
                        }
                        if other_steps {
                            return replace_steps(connection, id, &about.steps, Moment(now));
                        }
                        Ok(about.steps.clone())
                    })
                    .await?;
                after.steps = steps;
                if is_stamped {
                    after.updated_at = Some(now);
                }
                Ok(())
            }

            /// Deletes it with all that belongs to it.
            ///
            /// # Errors
            /// [`DbError::NotFound`](crate::DbError::NotFound).
            pub async fn $destroy(&self, id: $id) -> DbResult<()> {
                self.transaction(move |connection| {
                    delete_more(connection, id.0)?;
                    diesel::delete($steps::table.filter($steps::$owner.eq(id.0)))
                        .execute(connection)?;
                    let count = diesel::delete($table::table.find(id.0)).execute(connection)?;
                    if count == 0 {
                        return Err(DbError::not_found($resource, id));
                    }
                    Ok(())
                })
                .await
            }
        }

        /// Says which value was taken.
        fn taken(error: diesel::result::Error, about: &$model) -> DbError {
            DbError::from(error).about(|unique| {
                Some(match unique {
                    $name_unique => about.name.clone(),
                    _ => about.uuid.to_string(),
                })
            })
        }

        fn insert_steps(
            connection: &mut AnyConnection,
            owner: i32,
            steps: &[$step],
            now: Moment,
        ) -> DbResult<()> {
            for step in steps {
                diesel::insert_into($steps::table)
                    .values(&$step_row::from_model(owner, step, now))
                    .execute(connection)?;
            }
            Ok(())
        }

        /// Makes the stored steps those that are wanted, and returns them as they are then: equal
        /// ones stay where they are, others go, new ones come last, by interface and name. As in
        /// Ironic.
        fn replace_steps(
            connection: &mut AnyConnection,
            owner: i32,
            wanted: &[$step],
            now: Moment,
        ) -> DbResult<Vec<$step>> {
            let stored: Vec<(i32, $step_row)> = $steps::table
                .filter($steps::$owner.eq(owner))
                .order($steps::id.asc())
                .select(($steps::id, $step_row::as_select()))
                .load(connection)?;
            let mut new = wanted.to_vec();
            let mut steps = Vec::with_capacity(wanted.len());
            for (id, row) in stored {
                let step = row.into_model();
                match new.iter().position(|wanted| *wanted == step) {
                    Some(at) => {
                        new.remove(at);
                        steps.push(step);
                    }
                    None => {
                        diesel::delete($steps::table.find(id)).execute(connection)?;
                    }
                }
            }
            new.sort_by(|a, b| (&a.interface, &a.step).cmp(&(&b.interface, &b.step)));
            insert_steps(connection, owner, &new, now)?;
            steps.extend(new);
            Ok(steps)
        }

        /// Steps of many owners in one statement.
        fn steps_of(connection: &mut AnyConnection, rows: &[$row]) -> DbResult<ByOwner<$step>> {
            let owners = Owners::of(rows.iter().map(|row| row.id));
            // When a step was stored is nothing that is shown.
            let columns = Listed::<$step_row>::of(&Shown::Only(Vec::new()));
            let query = $steps::table
                .into_boxed()
                .order(($steps::$owner.asc(), $steps::id.asc()))
                .select(columns);
            let query = of_owners!(query, $steps::$owner, owners);
            ByOwner::sorted(columns.load(connection, query)?.map(|row| {
                let row = row?;
                Ok((row.$owner, row.into_model()))
            }))
        }

        fn with_parts(connection: &mut AnyConnection, row: $row) -> DbResult<$model> {
            let mut all = all_with_parts(connection, vec![row])?;
            all.pop().ok_or_else(|| {
                DbError::Internal(concat!("a row of ", stringify!($table), " got lost").into())
            })
        }
    };
}
pub(crate) use stepped;
