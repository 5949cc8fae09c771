//! Where a flow of steps stands: read from what is persisted, without a side effect.

use schemas_model::Node;
use schemas_model::provision::State;
use serde_json::Value;

use super::flow::StepFlow;

/// What is persisted about a flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Whether a list of steps has been made, be it empty.
    pub is_listed: bool,
    /// How many steps there are.
    pub count: usize,
    /// Whether a step has been begun.
    pub has_current: bool,
    /// The position of the current step.
    pub index: Option<usize>,
    /// Whether a person asked to stop after the current step.
    pub abort_after: bool,
    /// Whether the machine reboots for the current step.
    pub rebooting: bool,
    /// Whether an agent has told its address.
    pub agent_known: bool,
    /// Whether the node was failed meanwhile.
    pub failed: bool,
    /// Whether manual cleaning brings the node back to `manageable`.
    pub back_to_manageable: bool,
}

impl Progress {
    /// Reads it.
    pub fn of(node: &Node, flow: &StepFlow) -> Self {
        let info = &node.driver_internal_info;
        let current = flow.current(node);
        let flag = |key: &str| info.member(key).is_some_and(is_true);
        let steps = info.member(flow.steps).and_then(Value::as_array);
        Progress {
            is_listed: steps.is_some(),
            count: steps.map_or(0, Vec::len),
            has_current: !current.is_empty(),
            index: info
                .member(flow.index)
                .and_then(Value::as_u64)
                .and_then(|index| usize::try_from(index).ok()),
            abort_after: current.member("abort_after").is_some_and(is_true),
            rebooting: flag(flow.reboot),
            agent_known: info
                .text_member("agent_url")
                .is_some_and(|url| !url.is_empty()),
            failed: node.provision_state == flow.failed,
            back_to_manageable: node.target_provision_state == Some(State::Manageable),
        }
    }

    /// The position to go on from: the next step, or the same one again; `None` after the last.
    pub fn next(&self, skip_current: bool) -> Option<usize> {
        if !self.has_current {
            return (self.count > 0).then_some(0);
        }
        let next = self.index? + usize::from(skip_current);
        (next < self.count).then_some(next)
    }
}

fn is_true(value: &Value) -> bool {
    value.as_bool().unwrap_or_default()
}

/// Takes the flag that says whether the current step is over, and forgets that somebody polled it.
pub fn take_skip_flag(node: &mut Node, flow: &StepFlow) -> bool {
    node.driver_internal_info.unset(flow.polling);
    node.driver_internal_info
        .unset(flow.skip)
        .is_none_or(|skip| is_true(&skip))
}

/// Forgets the flags of all flows.
pub fn forget_flags(node: &mut Node) {
    for flow in StepFlow::ALL {
        for flag in [flow.reboot, flow.skip, flow.polling] {
            node.driver_internal_info.unset(flag);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::flow::CLEAN;
    use super::*;
    use schemas_model::{Object, Uuid};
    use serde_json::json;

    fn node(index: Value, current: bool) -> Node {
        let mut node = Node::new(Uuid::random(), "fake-hardware");
        node.driver_internal_info
            .set("clean_steps", json!([{"step": "a"}, {"step": "b"}]));
        node.driver_internal_info.set("clean_step_index", index);
        if current {
            node.clean_step = Object::from_text(r#"{"step": "a"}"#);
        }
        node
    }

    #[test]
    fn the_next_step_follows_from_what_is_persisted() {
        let at = |node: &Node, skip| Progress::of(node, &CLEAN).next(skip);
        assert_eq!(at(&node(Value::Null, false), true), Some(0));
        assert_eq!(at(&node(json!(0), true), true), Some(1));
        assert_eq!(at(&node(json!(0), true), false), Some(0));
        assert_eq!(at(&node(json!(1), true), true), None);
        assert_eq!(at(&node(Value::Null, true), true), None);
    }

    #[test]
    fn the_skip_flag_is_taken_once() {
        let mut node = node(json!(0), true);
        node.driver_internal_info
            .set("skip_current_clean_step", false);
        assert!(!take_skip_flag(&mut node, &CLEAN));
        assert!(take_skip_flag(&mut node, &CLEAN));
    }
}
