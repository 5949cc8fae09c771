//! Deploy templates and their steps.

use diesel::prelude::*;
use schemas_model::ids::{DeployTemplateId, Uuid};
use schemas_model::{DeployTemplate, TemplateStep};

use super::by_owner::{ByOwner, Owners, of_owners};
use super::one;
use super::stepped::stepped;
use crate::Database;
use crate::column::Moment;
use crate::connection::AnyConnection;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, Shown, paged};
use crate::rows::listed::Listed;
use crate::rows::{DeployTemplateRow, TemplateStepRow};
use crate::tables::{deploy_template_steps, deploy_templates};
use crate::unique::Unique;

const LIST: Paged = Paged {
    table: "deploy_templates",
    columns: DeployTemplateRow::COLUMNS,
    marker: "uuid",
    resource: Resource::DeployTemplate,
};

stepped! {
    DeployTemplate, DeployTemplateId: DeployTemplateRow of deploy_templates, Resource::DeployTemplate;
    steps TemplateStep: TemplateStepRow of deploy_template_steps, deploy_template_id;
    insert deploy_template_insert, by_id deploy_template_by_id, by_uuid deploy_template_by_uuid,
    by_name deploy_template_by_name, by_ident deploy_template_by_ident, save deploy_template_save,
    destroy deploy_template_destroy;
    name_unique Unique::DeployTemplateName
}

impl Database {
    /// A page of the templates.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn deploy_template_list(&self, page: &Page) -> DbResult<Vec<DeployTemplate>> {
        let page = page.clone();
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let listed = Listed::<DeployTemplateRow>::of(&page.shown);
            let query = deploy_templates::table.into_boxed().select(listed);
            let rows = listed.load(connection, paged!(query, clauses))?;
            if page.bare {
                return rows.map(|row| row?.into_model()).collect();
            }
            let rows = rows.collect::<DbResult<_>>()?;
            all_with_parts(connection, rows)
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
            all_with_parts(connection, rows)
        })
        .await
    }
}

fn prepare(_: &mut DeployTemplate) {}

fn insert_more(_: &mut AnyConnection, _: i32, _: &DeployTemplate, _: Moment) -> DbResult<()> {
    Ok(())
}

fn delete_more(_: &mut AnyConnection, _: i32) -> DbResult<()> {
    Ok(())
}

fn all_with_parts(
    connection: &mut AnyConnection,
    rows: Vec<DeployTemplateRow>,
) -> DbResult<Vec<DeployTemplate>> {
    let mut steps = steps_of(connection, &rows)?;
    rows.into_iter()
        .map(|row| {
            let mut template = row.into_model()?;
            template.steps = steps.take(template.id.0);
            Ok(template)
        })
        .collect()
}
