//! Rules by priority; of each the conditions, then the actions, one after the other.

use std::collections::VecDeque;
use std::time::Duration;

use schemas_config::section::inspection_rules::MaskSecrets;
use schemas_model::rule::{Action, MAIN_PHASE};
use schemas_model::{Class, Fault, InspectionRule, Node, Port};
use serde_json::Value;

use super::format::Context;
use super::{action, condition, python};

/// A rule ready to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its UUID, for messages.
    pub uuid: String,
    /// Higher runs earlier.
    pub priority: i64,
    /// Whether its author may see secrets, where `[inspection_rules]mask_secrets` says so.
    pub sensitive: bool,
    /// When the actions run: all must hold.
    pub conditions: Vec<Value>,
    /// What is done.
    pub actions: Vec<Value>,
}

impl From<&InspectionRule> for Rule {
    fn from(rule: &InspectionRule) -> Self {
        Rule {
            uuid: rule.uuid.as_str().to_owned(),
            priority: rule.priority.into(),
            sensitive: rule.sensitive,
            conditions: rule.conditions.get().clone(),
            actions: rule.actions.get().clone(),
        }
    }
}

impl Rule {
    /// The stored rules that run after an inspection.
    pub fn of_main_phase(rules: &[InspectionRule]) -> Vec<Rule> {
        rules
            .iter()
            .filter(|rule| rule.phase.as_deref() == Some(MAIN_PHASE))
            .map(Rule::from)
            .collect()
    }
}

/// What rules look at and change.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The node, with its traits.
    pub node: Node,
    /// Its ports.
    pub ports: Vec<Port>,
    /// What the ramdisk found. Rules only read it.
    pub inventory: Value,
    /// What inspection hooks made of it.
    pub plugin_data: Value,
}

/// A request (GET) that an action wants made; an answer of 400 or more is a failure.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiCall {
    /// Where to.
    pub url: String,
    /// Headers besides the usual ones.
    pub headers: Vec<(String, String)>,
    /// Proxies by scheme.
    pub proxies: Vec<(String, String)>,
    /// For connecting and for each read.
    pub timeout: Duration,
    /// How often to try again after 429 and 500–504; at most 100.
    pub retries: u32,
    /// Seconds to wait before the first retry; doubled for each further one. At most 60.
    pub backoff_factor: f64,
}

/// How far the engine came.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// All rules have run.
    Done,
    /// It waits for a request to be made; call [`Engine::run`] again after it succeeded.
    Call(ApiCall),
}

/// An action whose turn will come.
struct Pending {
    action: Value,
    item: Option<Value>,
    rule: String,
    masked: bool,
}

/// The rules on their way through a subject.
pub struct Engine {
    /// Node, ports and data; whatever rules changed so far stays changed when a later one fails.
    pub subject: Subject,
    rules: VecDeque<Rule>,
    pending: VecDeque<Pending>,
    mask: MaskSecrets,
}

impl Engine {
    /// Sorts the rules: higher priorities first, equal ones as given.
    pub fn new(mut rules: Vec<Rule>, subject: Subject, mask: MaskSecrets) -> Engine {
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.priority));
        Engine {
            subject,
            rules: rules.into(),
            pending: VecDeque::new(),
            mask,
        }
    }

    /// Runs until all is done or a request is wanted.
    ///
    /// # Errors
    /// What made a condition or an action fail; the inspection fails with it.
    pub fn run(&mut self) -> Result<Progress, Fault> {
        loop {
            if let Some(next) = self.pending.pop_front() {
                if let Some(call) = self.act(&next)? {
                    return Ok(Progress::Call(call));
                }
                continue;
            }
            let Some(rule) = self.rules.pop_front() else {
                return Ok(Progress::Done);
            };
            self.consider(&rule)?;
        }
    }

    /// Queues the actions of a rule if its conditions hold.
    fn consider(&mut self, rule: &Rule) -> Result<(), Fault> {
        let masked = match self.mask {
            MaskSecrets::Always => true,
            MaskSecrets::Never => false,
            MaskSecrets::Sensitive => !rule.sensitive,
        };
        let context = self.context(None, masked);
        for one in &rule.conditions {
            if !condition::holds(one, &context)? {
                tracing::debug!(
                    node.uuid = %self.subject.node.uuid,
                    rule.uuid = %rule.uuid,
                    "a condition of the inspection rule does not hold"
                );
                return Ok(());
            }
        }
        tracing::info!(
            node.uuid = %self.subject.node.uuid,
            rule.uuid = %rule.uuid,
            "running the actions of the inspection rule"
        );
        for one in &rule.actions {
            let items: Vec<Option<Value>> = match one.get("loop").filter(|i| python::is_truthy(i)) {
                None => vec![None],
                Some(Value::Array(items)) => items.iter().cloned().map(Some).collect(),
                Some(single) => vec![Some(single.clone())],
            };
            self.pending.extend(items.into_iter().map(|item| Pending {
                action: one.clone(),
                item,
                rule: rule.uuid.clone(),
                masked,
            }));
        }
        Ok(())
    }

    fn context<'a>(&'a self, item: Option<&'a Value>, masked: bool) -> Context<'a> {
        Context {
            node: &self.subject.node,
            inventory: &self.subject.inventory,
            plugin_data: &self.subject.plugin_data,
            item,
            masked,
            missing_is_null: false,
        }
    }

    fn act(&mut self, next: &Pending) -> Result<Option<ApiCall>, Fault> {
        let word = next.action.get("op").and_then(Value::as_str);
        let kind: Action = word.unwrap_or_default().parse().map_err(|_| {
            failure(
                next,
                format!("unsupported action '{}'", word.unwrap_or_default()),
            )
        })?;
        let given = next.action.get("args").unwrap_or(&Value::Null);
        let mut args = kind
            .signature()
            .bind(given)
            .map_err(|reason| failure(next, reason))?;
        let context = self.context(next.item.as_ref(), next.masked);
        for (name, value) in &mut args {
            if next.item.is_some() || kind.interpolated().contains(&name.as_str()) {
                *value = context.fill(value);
            }
        }
        action::execute(kind, &args, &mut self.subject)
    }
}

fn failure(next: &Pending, reason: String) -> Fault {
    Fault::new(
        Class::InspectionRuleExecutionFailure,
        format!("Failed to execute inspection rule {}: {reason}", next.rule),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;
    use serde_json::json;

    fn rule(priority: i64, conditions: Value, actions: Value) -> Rule {
        Rule {
            uuid: format!("rule-{priority}"),
            priority,
            sensitive: false,
            conditions: conditions.as_array().unwrap().clone(),
            actions: actions.as_array().unwrap().clone(),
        }
    }

    fn engine(rules: Vec<Rule>) -> Engine {
        let subject = Subject {
            node: Node::new(Uuid::from_stored("u-1".to_owned()), "ipmi"),
            ports: Vec::new(),
            inventory: json!({
                "cpu": {"architecture": "x86_64"},
                "disks": [{"name": "sda"}, {"name": "sdb"}],
                "bmc_password": "hunter2",
            }),
            plugin_data: json!({}),
        };
        Engine::new(rules, subject, MaskSecrets::Sensitive)
    }

    fn set(path: &str, value: &str) -> Value {
        json!([{"op": "set-attribute", "args": {"path": path, "value": value}}])
    }

    #[test]
    fn a_rule_whose_conditions_hold_changes_the_node() {
        let holds =
            json!([{"op": "eq", "args": {"values": ["{inventory[cpu][architecture]}", "x86_64"]}}]);
        let fails = json!([{"op": "eq", "args": {"values": [1, 2]}}]);
        let mut engine = engine(vec![
            rule(0, holds, set("/extra/ruled", "yes")),
            rule(0, fails, set("/extra/other", "yes")),
        ]);
        assert_eq!(engine.run(), Ok(Progress::Done));
        assert_eq!(
            engine.subject.node.extra.to_value(),
            json!({"ruled": "yes"})
        );
    }

    #[test]
    fn higher_priorities_run_first_and_later_rules_see_what_they_did() {
        let copies = json!([{"op": "set-attribute",
                             "args": {"path": "/extra/b", "value": "{plugin_data[a]}"}}]);
        let sets = json!([{"op": "set-plugin-data", "args": {"path": "a", "value": "x", "plugin_data": {}}}]);
        let mut engine = engine(vec![rule(1, json!([]), copies), rule(2, json!([]), sets)]);
        assert_eq!(engine.run(), Ok(Progress::Done));
        assert_eq!(engine.subject.node.extra.to_value(), json!({"b": "x"}));
        assert_eq!(engine.subject.plugin_data, json!({"a": "x"}));
    }

    #[test]
    fn loops_run_an_action_for_each_item() {
        let actions = json!([{
            "op": "extend-attribute",
            "args": {"path": "/extra/disks", "value": "{item[name]}", "unique": true},
            "loop": [{"name": "sda"}, {"name": "sdb"}, {"name": "sda"}],
        }]);
        let mut engine = engine(vec![rule(0, json!([]), actions)]);
        assert_eq!(engine.run(), Ok(Progress::Done));
        let extra = engine.subject.node.extra.to_value();
        assert_eq!(extra, json!({"disks": ["sda", "sdb"]}));
    }

    #[test]
    fn capabilities_and_traits() {
        let actions = json!([
            {"op": "set-capability", "args": {"name": "boot_mode", "value": "uefi"}},
            {"op": "set-capability", "args": {"name": "disk", "value": "ssd"}},
            {"op": "unset-capability", "args": {"name": "boot_mode"}},
            {"op": "add-trait", "args": {"name": "CUSTOM_B"}},
            {"op": "add-trait", "args": {"name": "CUSTOM_A"}},
            {"op": "remove-trait", "args": {"name": "CUSTOM_B"}},
        ]);
        let mut engine = engine(vec![rule(0, json!([]), actions)]);
        assert_eq!(engine.run(), Ok(Progress::Done));
        let node = &engine.subject.node;
        assert_eq!(
            node.properties.text_member("capabilities"),
            Some("disk:ssd")
        );
        assert_eq!(node.traits, ["CUSTOM_A"]);
    }

    #[test]
    fn what_was_done_before_a_failure_stays() {
        let actions = json!([
            {"op": "set-attribute", "args": ["resource_class", "gold"]},
            {"op": "fail", "args": {"msg": "too old"}},
        ]);
        let mut engine = engine(vec![rule(0, json!([]), actions)]);
        let fault = engine.run().unwrap_err();
        assert_eq!(fault.class, Class::HardwareInspectionFailure);
        assert!(fault.message.ends_with("too old"));
        assert_eq!(engine.subject.node.resource_class.as_deref(), Some("gold"));
    }

    #[test]
    fn secrets_are_for_sensitive_rules() {
        let actions = set("/extra/p", "{inventory[bmc_password]}");
        let mut sensitive = rule(0, json!([]), actions.clone());
        sensitive.sensitive = true;
        for (rule, seen) in [(rule(0, json!([]), actions), "***"), (sensitive, "hunter2")] {
            let mut engine = engine(vec![rule]);
            assert_eq!(engine.run(), Ok(Progress::Done));
            assert_eq!(engine.subject.node.extra.text_member("p"), Some(seen));
        }
    }

    #[test]
    fn requests_are_left_to_the_caller() {
        let actions = json!([
            {"op": "api-call", "args": {"url": "http://127.0.0.1:9/{node.uuid}", "timeout": "2"}},
            {"op": "set-attribute", "args": ["/extra/after", "yes"]},
        ]);
        let mut engine = engine(vec![rule(0, json!([]), actions)]);
        let Ok(Progress::Call(call)) = engine.run() else {
            panic!("no request was wanted");
        };
        assert_eq!(call.url, "http://127.0.0.1:9/u-1");
        assert_eq!(call.timeout, Duration::from_secs(2));
        assert!(engine.subject.node.extra.is_empty());
        assert_eq!(engine.run(), Ok(Progress::Done));
        assert_eq!(engine.subject.node.extra.text_member("after"), Some("yes"));
    }

    #[test]
    fn what_is_beside_the_fields_and_whole_fields_are_left_alone() {
        let actions = json!([
            {"op": "set-attribute", "args": ["/nosuch", 1]},
            {"op": "extend-attribute", "args": ["nosuch", 1]},
            {"op": "del-attribute", "args": ["/driver"]},
        ]);
        let mut engine = engine(vec![rule(0, json!([]), actions)]);
        let before = engine.subject.clone();
        assert_eq!(engine.run(), Ok(Progress::Done));
        assert_eq!(engine.subject, before);
    }

    #[test]
    fn what_cannot_be_done_fails() {
        for actions in [
            json!([{"op": "set-attribute", "args": ["provision_state", "active"]}]),
            json!([{"op": "del-attribute", "args": ["/extra/nosuch"]}]),
            json!([{"op": "del-attribute", "args": ["/nosuch"]}]),
            json!([{"op": "set-attribute", "args": ["/nosuch/a", 1]}]),
            json!([{"op": "set-port-attribute", "args": ["p-1", "/extra/a", 1]}]),
            json!([{"op": "log", "args": {"msg": "x", "level": "loud"}}]),
            json!([{"op": "api-call", "args": {"url": "http://h", "timeout": 0}}]),
        ] {
            let mut engine = engine(vec![rule(0, json!([]), actions.clone())]);
            assert!(engine.run().is_err(), "{actions}");
        }
    }
}
