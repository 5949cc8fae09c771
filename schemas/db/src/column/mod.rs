//! Column types: how a domain value travels to and from the three databases.

mod json;
mod moment;
mod python_json;

pub(crate) use json::{JsonArray, JsonObject};
pub(crate) use moment::Moment;
