//! `GET /v1/inspection_rules`

use schemas_db::InspectionRuleFilter;
use schemas_rest::types::inspection_rule::InspectionRuleResource;
use schemas_rest::{Resource, Selection};

use crate::handlers::Answered;
use crate::handlers::lists::{self, LateSelection};
use crate::request::Call;

/// A short list, one with chosen fields, or one with all. The reference takes a phase and forgets
/// it everywhere but in the link to the next page.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise()?;
    lists::gate_names(call)?;
    let selected = call.list_selection::<InspectionRuleResource>();
    let selected = LateSelection::of(selected, call)?;
    let mut page = call.page::<InspectionRuleResource>()?;
    page.marker = page.marker.filter(|marker| !marker.is_empty());
    let filter = InspectionRuleFilter::default();
    let rows = selected.page(&page);
    let rules = access.db().inspection_rule_list(&filter, &rows).await?;
    let selection: Selection<_> = selected.for_rows(rules.len(), call)?;
    let mut extra = lists::detail(call);
    if let Some(names) = &selection.names {
        extra.push(("fields", names.join(",")));
    }
    let last = rules.last().map(|rule| rule.uuid.as_str());
    let next = page.next(&call.base, "inspection", rules.len(), last, &extra);
    let mut out = call.out();
    out.object(|out| {
        out.key(InspectionRuleResource::COLLECTION)
            .array(|out| selection.write_all(rules.iter(), out));
        if let Some(next) = next {
            out.key("next")
                .text(&with_filters(&next, call.args.text("phase")));
        }
    });
    Ok(call.answer(out.finish()))
}

/// The link as the reference writes it: with the filters, as Python prints them, in front.
fn with_filters(next: &str, phase: Option<&str>) -> String {
    let filters = match phase.filter(|phase| !phase.is_empty()) {
        Some(phase) => format!("{{'phase': '{phase}'}}"),
        None => "{}".to_owned(),
    };
    next.replacen('?', &format!("?filters={filters}&"), 1)
}

#[cfg(test)]
mod tests {
    use super::with_filters;

    #[test]
    fn filters_come_first() {
        assert_eq!(
            with_filters("http://h/v1/inspection?sort_key=id&limit=1", None),
            "http://h/v1/inspection?filters={}&sort_key=id&limit=1"
        );
        assert_eq!(
            with_filters("h?a=1", Some("main")),
            "h?filters={'phase': 'main'}&a=1"
        );
    }
}
