//! Steps: which there are for a node, in which order they run, what people may ask for, and where
//! a flow of them stands.
//!
//! Everything but the asking of interfaces is pure.

mod collect;
mod disallowed;
mod flow;
mod list;
mod order;
mod progress;
mod template;
mod validate;

pub use collect::{all_without_ramdisk, collect};
pub use disallowed::{refuse_disallowed, without_disallowed};
pub use flow::StepFlow;
pub use flow::{CLEAN, DEPLOY, SERVICE, to_object, to_value};
pub use list::{
    annotate_clean_steps, set_clean_steps, set_deploy_steps, set_service_steps,
    validate_deploy_requests,
};
pub use progress::{Progress, forget_flags, take_skip_flag};
pub use template::of_runbook;
pub use validate::{check_unvalidated, is_reserved, on_child_nodes, parse_steps, step_id};
