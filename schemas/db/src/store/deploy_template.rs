//! Deploy templates and their steps.

use std::collections::HashMap;

use diesel::prelude::*;
use schemas_model::ids::{DeployTemplateId, Uuid};
use schemas_model::{DeployTemplate, TemplateStep};

use super::one;
use crate::Database;
use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::{DeployTemplateRow, TemplateStepRow};
use crate::tables::{deploy_template_steps, deploy_templates};
use crate::unique::Unique;

const LIST: Paged = Paged {
    table: "deploy_templates",
    columns: DeployTemplateRow::COLUMNS,
    marker: "uuid",
    resource: Resource::DeployTemplate,
};

impl Database {
    /// Creates a template with its steps.
    ///
    /// # Errors
    /// [`DbError::Duplicate`] of the UUID or the name.
    pub async fn deploy_template_insert(
        &self,
        template: &DeployTemplate,
    ) -> DbResult<DeployTemplate> {
        let mut created = template.clone();
        let now = self.now();
        created.created_at = Some(now);
        created.updated_at = None;
        let about = created.clone();
        let id = self
            .transaction(move |connection| {
                diesel::insert_into(deploy_templates::table)
                    .values(&DeployTemplateRow::from_model(&about))
                    .execute(connection)
                    .map_err(|error| taken(error, &about))?;
                let id = connection.last_insert_id()?;
                insert_steps(connection, id, &about.steps, Moment(now))?;
                Ok(id)
            })
            .await?;
        created.id = DeployTemplateId(id);
        Ok(created)
    }

    /// One template by number.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn deploy_template_by_id(&self, id: DeployTemplateId) -> DbResult<DeployTemplate> {
        self.read(move |connection| {
            let found = deploy_templates::table
                .find(id.0)
                .select(DeployTemplateRow::as_select())
                .first(connection);
            with_steps(connection, one(found, Resource::DeployTemplate, id)?)
        })
        .await
    }

    /// One template by UUID.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn deploy_template_by_uuid(&self, uuid: &Uuid) -> DbResult<DeployTemplate> {
        let uuid = uuid.clone();
        self.read(move |connection| {
            let found = deploy_templates::table
                .filter(deploy_templates::uuid.eq(uuid.as_str()))
                .select(DeployTemplateRow::as_select())
                .first(connection);
            with_steps(connection, one(found, Resource::DeployTemplate, &uuid)?)
        })
        .await
    }

    /// One template by name.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn deploy_template_by_name(&self, name: &str) -> DbResult<DeployTemplate> {
        let name = name.to_owned();
        self.read(move |connection| {
            let found = deploy_templates::table
                .filter(deploy_templates::name.eq(&name))
                .select(DeployTemplateRow::as_select())
                .first(connection);
            with_steps(connection, one(found, Resource::DeployTemplate, &name)?)
        })
        .await
    }

    /// One template by UUID or name.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn deploy_template_by_ident(&self, ident: &str) -> DbResult<DeployTemplate> {
        match Uuid::parse(ident) {
            Ok(uuid) => self.deploy_template_by_uuid(&uuid).await,
            Err(_) => self.deploy_template_by_name(ident).await,
        }
    }

    /// A page of the templates.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn deploy_template_list(&self, page: &Page) -> DbResult<Vec<DeployTemplate>> {
        let page = page.clone();
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let query = deploy_templates::table
                .into_boxed()
                .select(DeployTemplateRow::as_select());
            let rows: Vec<DeployTemplateRow> = paged!(query, clauses).load(connection)?;
            all_with_steps(connection, rows)
        })
        .await
    }

    /// The templates with one of these names: those that match an instance's traits.
    pub async fn deploy_template_list_by_names(
        &self,
        names: &[String],
    ) -> DbResult<Vec<DeployTemplate>> {
        let names = names.to_vec();
        self.read(move |connection| {
            let rows: Vec<DeployTemplateRow> = deploy_templates::table
                .filter(deploy_templates::name.eq_any(names.clone()))
                .order(deploy_templates::id.asc())
                .select(DeployTemplateRow::as_select())
                .load(connection)?;
            all_with_steps(connection, rows)
        })
        .await
    }

    /// Writes the columns in which `after` differs from `before`, and its steps if they differ.
    ///
    /// # Errors
    /// [`DbError::NotFound`], [`DbError::Duplicate`] of the name.
    pub async fn deploy_template_save(
        &self,
        before: &DeployTemplate,
        after: &mut DeployTemplate,
    ) -> DbResult<()> {
        let changes = DeployTemplateRow::changes(
            &DeployTemplateRow::from_model(before),
            DeployTemplateRow::from_model(after),
        );
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
                    Some(changes) => diesel::update(deploy_templates::table.find(id))
                        .set(changes)
                        .execute(connection)
                        .map_err(|error| taken(error, &about))?,
                    None => {
                        let there: i64 = deploy_templates::table
                            .find(id)
                            .count()
                            .get_result(connection)?;
                        usize::try_from(there).unwrap_or_default()
                    }
                };
                if count == 0 {
                    return Err(DbError::not_found(Resource::DeployTemplate, &about.uuid));
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

    /// Deletes a template with its steps.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn deploy_template_destroy(&self, id: DeployTemplateId) -> DbResult<()> {
        self.transaction(move |connection| {
            delete_steps(connection, id.0)?;
            let count = diesel::delete(deploy_templates::table.find(id.0)).execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::DeployTemplate, id));
            }
            Ok(())
        })
        .await
    }
}

/// Says which value of the template was taken.
fn taken(error: diesel::result::Error, template: &DeployTemplate) -> DbError {
    DbError::from(error).about(|unique| {
        Some(match unique {
            Unique::DeployTemplateName => template.name.clone(),
            _ => template.uuid.to_string(),
        })
    })
}

fn insert_steps(
    connection: &mut AnyConnection,
    template: i32,
    steps: &[TemplateStep],
    now: Moment,
) -> DbResult<()> {
    for step in steps {
        diesel::insert_into(deploy_template_steps::table)
            .values(&TemplateStepRow::from_model(template, step, now))
            .execute(connection)?;
    }
    Ok(())
}

/// Makes the stored steps those that are wanted, and returns them as they are then: equal ones stay
/// where they are, others go, new ones come last, by interface and name. As in Ironic.
fn replace_steps(
    connection: &mut AnyConnection,
    owner: i32,
    wanted: &[TemplateStep],
    now: Moment,
) -> DbResult<Vec<TemplateStep>> {
    let stored: Vec<(i32, TemplateStepRow)> = deploy_template_steps::table
        .filter(deploy_template_steps::deploy_template_id.eq(owner))
        .order(deploy_template_steps::id.asc())
        .select((deploy_template_steps::id, TemplateStepRow::as_select()))
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
                diesel::delete(deploy_template_steps::table.find(id)).execute(connection)?;
            }
        }
    }
    new.sort_by(|a, b| (&a.interface, &a.step).cmp(&(&b.interface, &b.step)));
    insert_steps(connection, owner, &new, now)?;
    steps.extend(new);
    Ok(steps)
}

fn delete_steps(connection: &mut AnyConnection, template: i32) -> DbResult<()> {
    diesel::delete(
        deploy_template_steps::table.filter(deploy_template_steps::deploy_template_id.eq(template)),
    )
    .execute(connection)?;
    Ok(())
}

fn with_steps(connection: &mut AnyConnection, row: DeployTemplateRow) -> DbResult<DeployTemplate> {
    let mut template = row.into_model()?;
    let steps: Vec<TemplateStepRow> = deploy_template_steps::table
        .filter(deploy_template_steps::deploy_template_id.eq(template.id.0))
        .order(deploy_template_steps::id.asc())
        .select(TemplateStepRow::as_select())
        .load(connection)?;
    template.steps = steps.into_iter().map(TemplateStepRow::into_model).collect();
    Ok(template)
}

/// Steps of many templates in one statement.
fn all_with_steps(
    connection: &mut AnyConnection,
    rows: Vec<DeployTemplateRow>,
) -> DbResult<Vec<DeployTemplate>> {
    let ids: Vec<i32> = rows.iter().map(|row| row.id).collect();
    let mut steps: HashMap<i32, Vec<TemplateStep>> = HashMap::new();
    for row in deploy_template_steps::table
        .filter(deploy_template_steps::deploy_template_id.eq_any(ids))
        .order(deploy_template_steps::id.asc())
        .select(TemplateStepRow::as_select())
        .load::<TemplateStepRow>(connection)?
    {
        steps
            .entry(row.deploy_template_id)
            .or_default()
            .push(row.into_model());
    }
    rows.into_iter()
        .map(|row| {
            let mut template = row.into_model()?;
            template.steps = steps.remove(&template.id.0).unwrap_or_default();
            Ok(template)
        })
        .collect()
}
