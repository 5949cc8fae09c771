//! The simulator's own resources, beside Redfish: for tests that run it as a program.
//!
//! ```text
//! PUT    /simulator/bugs    {"bug": "Redirect", "argument": "http://192.0.2.1/", "times": 1, "at": "/redfish/v1/Systems"}
//! DELETE /simulator/bugs                                     all of them off
//! GET    /simulator/account {"tokens": [...], "sessions": 1, "refused": 0}
//! ```
//!
//! They need no account, are never subject to a bug, and are not among what the BMC has seen.

use serde_json::{Value, json};

use super::bug::{Bug, Switch};
use super::error;
use super::http::{Answer, Request};
use super::machine::Machine;

/// The answer to a request for the simulator; `None` if it is for the BMC.
pub(super) fn answer(machine: &mut Machine, request: &Request) -> Option<Answer> {
    let what = request.path().strip_prefix("/simulator/")?;
    let answer = match (request.method.as_str(), what) {
        ("PUT", "bugs") => match switch(&request.json()) {
            Some(switch) => {
                machine.bugs.on(switch);
                Answer::empty(204)
            }
            None => error::refuse(400, "PropertyValueError", "There is no such bug."),
        },
        ("DELETE", "bugs") => {
            machine.bugs.heal();
            Answer::empty(204)
        }
        ("GET", "account") => {
            let tokens: Vec<&str> = machine.accounts.issued().collect();
            let body = json!({
                "tokens": tokens,
                "sessions": machine.accounts.open_sessions(),
                "refused": machine.accounts.refused,
            });
            Answer::json(200, body)
        }
        _ => error::missing(request.path()),
    };
    Some(answer)
}

fn switch(body: &Value) -> Option<Switch> {
    let bug = Bug::named(body["bug"].as_str()?, body.get("argument"))?;
    let mut switch = Switch::from(bug);
    if let Some(times) = body["times"].as_u64() {
        switch = switch.times(u32::try_from(times).ok()?);
    }
    if let Some(path) = body["at"].as_str() {
        switch = switch.at(path);
    }
    if let Some(method) = body["on"].as_str() {
        let method = ["GET", "PATCH", "POST", "DELETE"]
            .into_iter()
            .find(|known| *known == method)?;
        switch = switch.on(method);
    }
    Some(switch)
}
