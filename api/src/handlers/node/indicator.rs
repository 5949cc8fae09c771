//! `/v1/nodes/{node}/management/indicators`: LEDs, named `indicator@component`.

use schemas_model::Fault;
use schemas_rpc::NodeRef;
use schemas_rpc::methods::{GetIndicatorState, GetSupportedIndicators, SetIndicatorState};
use serde_json::{Value, json};

use crate::handlers::Answered;
use crate::request::Call;

/// The indicators of every component.
pub async fn list(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let request = GetSupportedIndicators {
        node_id: NodeRef::from(&node.uuid),
        component: None,
    };
    let components = access.send_for(node, request).await?;
    let mut out = call.out();
    out.object(|out| {
        out.key("indicators").array(|out| {
            for (component, names) in &components {
                for (name, facts) in names.as_object().into_iter().flatten() {
                    let unique = format!("{name}@{component}");
                    out.item().object(|out| {
                        out.key("name").text(&unique);
                        out.key("component").text(component);
                        let readonly = facts.get("readonly").and_then(Value::as_bool);
                        out.key("readonly").boolean(readonly.unwrap_or(true));
                        let states = facts.get("states").cloned();
                        out.key("states")
                            .value(&states.unwrap_or_else(|| json!([])));
                        out.key("links").links(format_args!(
                            "nodes/{}/management/indicators/{unique}",
                            call.path("node")
                        ));
                    });
                }
            }
        });
    });
    Ok(call.answer(out.finish()))
}

/// The state of an indicator.
pub async fn show(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let to = access.ring().destination(node).await?;
    let (indicator, component) = split(call.path("indicator"))?;
    let request = GetIndicatorState {
        node_id: NodeRef::from(&node.uuid),
        component,
        indicator,
    };
    let state = access.send(&to, request).await?;
    Ok(call.json(&json!({ "state": state })))
}

/// Sets an indicator.
pub async fn set(call: &Call) -> Answered {
    let access = call.authorise_node().await?;
    let node = &access.object;
    let to = access.ring().destination(node).await?;
    let (indicator, component) = split(call.path("indicator"))?;
    let request = SetIndicatorState {
        node_id: NodeRef::from(&node.uuid),
        component,
        indicator,
        state: call.args.text("state").unwrap_or_default().to_owned(),
    };
    access.send(&to, request).await?;
    Ok(call.done())
}

fn split(unique: &str) -> Result<(String, String), Fault> {
    unique
        .split_once('@')
        .map(|(name, component)| (name.to_owned(), component.to_owned()))
        .ok_or_else(|| Fault::invalid_parameter(format!("Malformed indicator name \"{unique}\"")))
}
