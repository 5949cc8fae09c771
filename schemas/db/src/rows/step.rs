//! Rows of `deploy_template_steps` and `runbook_steps`. Their `version` is always NULL.

use schemas_model::{RunbookStep, TemplateStep};

use super::direct::from_columns;
use super::listed::listed_row;
use crate::column::{JsonObject, Moment};
use crate::tables::{deploy_template_steps, runbook_steps};

/// A row of `deploy_template_steps`, without its number.
#[derive(Clone, Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable)]
#[diesel(table_name = deploy_template_steps)]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct TemplateStepRow {
    pub(crate) deploy_template_id: i32,
    pub(crate) interface: String,
    pub(crate) step: String,
    pub(crate) args: JsonObject,
    pub(crate) priority: i32,
    pub(crate) created_at: Option<Moment>,
}

from_columns! {
    TemplateStepRow of deploy_template_steps {
        deploy_template_id: i32,
        interface: String,
        step: String,
        args: JsonObject,
        priority: i32,
        created_at: Option<Moment>,
    } groups {} end {}
}
listed_row! {
    TemplateStepRow of deploy_template_steps {
        deploy_template_id, interface, step, args, priority, created_at
    }
}

impl TemplateStepRow {
    /// The step.
    pub(crate) fn into_model(self) -> TemplateStep {
        let TemplateStepRow {
            deploy_template_id: _,
            interface,
            step,
            args,
            priority,
            created_at: _,
        } = self;
        TemplateStep {
            interface,
            step,
            args: args.0,
            priority,
        }
    }

    /// The row of a step of a template.
    pub(crate) fn from_model(template: i32, model: &TemplateStep, now: Moment) -> Self {
        let TemplateStep {
            interface,
            step,
            args,
            priority,
        } = model.clone();
        TemplateStepRow {
            deploy_template_id: template,
            interface,
            step,
            args: args.into(),
            priority,
            created_at: Some(now),
        }
    }
}

/// A row of `runbook_steps`, without its number.
#[derive(Clone, Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable)]
#[diesel(table_name = runbook_steps)]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct RunbookStepRow {
    pub(crate) runbook_id: i32,
    pub(crate) interface: String,
    pub(crate) step: String,
    pub(crate) args: JsonObject,
    pub(crate) order: i32,
    pub(crate) created_at: Option<Moment>,
}

from_columns! {
    RunbookStepRow of runbook_steps {
        runbook_id: i32,
        interface: String,
        step: String,
        args: JsonObject,
        order: i32,
        created_at: Option<Moment>,
    } groups {} end {}
}
listed_row! {
    RunbookStepRow of runbook_steps { runbook_id, interface, step, args, order, created_at }
}

impl RunbookStepRow {
    /// The step.
    pub(crate) fn into_model(self) -> RunbookStep {
        let RunbookStepRow {
            runbook_id: _,
            interface,
            step,
            args,
            order,
            created_at: _,
        } = self;
        RunbookStep {
            interface,
            step,
            args: args.0,
            order,
        }
    }

    /// The row of a step of a runbook.
    pub(crate) fn from_model(runbook: i32, model: &RunbookStep, now: Moment) -> Self {
        let RunbookStep {
            interface,
            step,
            args,
            order,
        } = model.clone();
        RunbookStepRow {
            runbook_id: runbook,
            interface,
            step,
            args: args.into(),
            order,
            created_at: Some(now),
        }
    }
}
