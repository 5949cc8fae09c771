//! Inspection rules.

use diesel::prelude::*;
use schemas_model::InspectionRule;
use schemas_model::ids::{InspectionRuleId, Uuid};

use super::crud::crud;
use crate::Database;
use crate::error::{DbError, DbResult, Resource};
use crate::page::{Page, Paged, paged};
use crate::rows::InspectionRuleRow;
use crate::rows::listed::Listed;
use crate::tables::inspection_rules;
use crate::unique::Unique;

const LIST: Paged = Paged {
    table: "inspection_rules",
    columns: InspectionRuleRow::COLUMNS,
    marker: "uuid",
    resource: Resource::InspectionRule,
};

/// Which inspection rules: all conditions that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct InspectionRuleFilter {
    /// Of this phase.
    pub phase: Option<String>,
    /// Of this scope.
    pub scope: Option<String>,
}

crud! {
    InspectionRule, InspectionRuleId: InspectionRuleRow of inspection_rules, Resource::InspectionRule;
    insert inspection_rule_insert, by_id inspection_rule_by_id,
    by_uuid inspection_rule_by_uuid, save inspection_rule_save;
    taken taken
}

/// The only unique column is the UUID.
fn taken(rule: &InspectionRule, _: Unique) -> Option<String> {
    Some(rule.uuid.to_string())
}

impl Database {
    /// A page of the inspection rules that a filter lets through.
    ///
    /// # Errors
    /// [`DbError::InvalidSortKey`]; [`DbError::NotFound`] for a marker that is none.
    pub async fn inspection_rule_list(
        &self,
        filter: &InspectionRuleFilter,
        page: &Page,
    ) -> DbResult<Vec<InspectionRule>> {
        let (filter, page) = (filter.clone(), page.clone());
        self.read(move |connection| {
            let clauses = page.clauses(connection, &LIST)?;
            let listed = Listed::<InspectionRuleRow>::of(&page.shown);
            let mut query = inspection_rules::table.into_boxed().select(listed);
            if let Some(phase) = &filter.phase {
                query = query.filter(inspection_rules::phase.eq(phase.clone()));
            }
            if let Some(scope) = &filter.scope {
                query = query.filter(inspection_rules::scope.eq(scope.clone()));
            }
            listed
                .load(connection, paged!(query, clauses))?
                .map(|row| row?.into_model())
                .collect()
        })
        .await
    }

    /// Deletes an inspection rule.
    ///
    /// # Errors
    /// [`DbError::NotFound`].
    pub async fn inspection_rule_destroy(&self, uuid: &Uuid) -> DbResult<()> {
        let uuid = uuid.clone();
        self.write(move |connection| {
            let count = diesel::delete(
                inspection_rules::table.filter(inspection_rules::uuid.eq(uuid.as_str())),
            )
            .execute(connection)?;
            if count == 0 {
                return Err(DbError::not_found(Resource::InspectionRule, &uuid));
            }
            Ok(())
        })
        .await
    }
}
