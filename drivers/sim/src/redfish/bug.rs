//! What a BMC can do wrong, switched on by name.
//!
//! ```text
//! bmc.on(Bug::Silent);                                   // every request, until `heal`
//! bmc.on(Bug::Busy.times(3));                            // the next three
//! bmc.on(Bug::Truncated.at("/redfish/v1/Systems/1"));    // one resource and what lies below it
//! ```

use std::time::Duration;

use serde_json::Value;

use super::http::Request;

/// A misbehaviour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bug {
    /// Takes the request and never answers.
    Silent,
    /// Answers this much later.
    Slow(Duration),
    /// Sends its answer byte for byte, with this pause between two.
    Drip(Duration),
    /// Resets the connection instead of answering; nothing is done.
    Reset,
    /// Does what was asked and closes the connection without a word.
    LostAnswer,
    /// Closes the connection in the middle of the answer.
    Truncated,
    /// A JSON document of 64 MB, sent as long as somebody reads it.
    Huge,
    /// JSON nested five thousand deep.
    Deep,
    /// A login page where JSON belongs.
    Html,
    /// Every value has another type than it should have.
    WrongTypes,
    /// Collections that lead to themselves: members and the next page are the collection.
    IdLoop,
    /// Collections with a next page for ever.
    EndlessPages,
    /// Collections with this many members, all the same.
    ManyMembers(usize),
    /// A redirect to this URL.
    Redirect(String),
    /// The token or password is refused although it is right; a session is forgotten.
    Unauthorized,
    /// 503, with `Retry-After: 0`.
    Busy,
    /// 500 with an explanation.
    InternalError,
    /// 412: the resource has changed in between.
    Changed,
    /// A change is confirmed with 204, and not made.
    NoEffect,
    /// No session is free.
    SessionsFull,
    /// The power state is another at every read.
    AlternatingPower,
    /// The BMC restarts as soon as an update runs, and forgets its tasks and sessions.
    RebootDuringUpdate,
    /// Tasks never end.
    StuckTasks,
    /// Tasks end with `Exception`.
    FailingTasks,
    /// Every request is refused with 400, and the explanation repeats what came: its head with the
    /// token or password, and its body.
    Echo,
}

impl Bug {
    /// The bug of this name, as the variant is called, with what some of them need: milliseconds of
    /// [`Bug::Slow`] and [`Bug::Drip`], the number of [`Bug::ManyMembers`], the URL of [`Bug::Redirect`].
    pub fn named(name: &str, argument: Option<&Value>) -> Option<Bug> {
        let number = || argument.and_then(Value::as_u64);
        let pause = || number().map(Duration::from_millis);
        let bug = match name {
            "Silent" => Bug::Silent,
            "Slow" => Bug::Slow(pause()?),
            "Drip" => Bug::Drip(pause()?),
            "Reset" => Bug::Reset,
            "LostAnswer" => Bug::LostAnswer,
            "Truncated" => Bug::Truncated,
            "Huge" => Bug::Huge,
            "Deep" => Bug::Deep,
            "Html" => Bug::Html,
            "WrongTypes" => Bug::WrongTypes,
            "IdLoop" => Bug::IdLoop,
            "EndlessPages" => Bug::EndlessPages,
            "ManyMembers" => Bug::ManyMembers(usize::try_from(number()?).ok()?),
            "Redirect" => Bug::Redirect(argument?.as_str()?.to_owned()),
            "Unauthorized" => Bug::Unauthorized,
            "Busy" => Bug::Busy,
            "InternalError" => Bug::InternalError,
            "Changed" => Bug::Changed,
            "NoEffect" => Bug::NoEffect,
            "SessionsFull" => Bug::SessionsFull,
            "AlternatingPower" => Bug::AlternatingPower,
            "RebootDuringUpdate" => Bug::RebootDuringUpdate,
            "StuckTasks" => Bug::StuckTasks,
            "FailingTasks" => Bug::FailingTasks,
            "Echo" => Bug::Echo,
            _ => return None,
        };
        Some(bug)
    }

    /// Only in the next so many requests that it concerns.
    pub fn times(self, times: u32) -> Switch {
        Switch::from(self).times(times)
    }

    /// Only at this path and below.
    pub fn at(self, path: &str) -> Switch {
        Switch::from(self).at(path)
    }
}

/// A bug with where and how often it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    pub(super) bug: Bug,
    path: Option<String>,
    method: Option<&'static str>,
    left: Option<u32>,
}

impl From<Bug> for Switch {
    fn from(bug: Bug) -> Self {
        Switch {
            bug,
            path: None,
            method: None,
            left: None,
        }
    }
}

impl Switch {
    /// Only in the next so many requests that it concerns.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Only at this path and below.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.path = Some(path.trim_end_matches('/').to_owned());
        self
    }

    /// Only for this method.
    #[must_use]
    pub const fn on(mut self, method: &'static str) -> Self {
        self.method = Some(method);
        self
    }

    fn concerns(&self, request: &Request) -> bool {
        self.left != Some(0)
            && self.method.is_none_or(|method| method == request.method)
            && self.path.as_deref().is_none_or(|path| {
                request
                    .path()
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
    }
}

/// The bugs that are switched on.
#[derive(Debug, Default)]
pub(super) struct Bugs(Vec<Switch>);

impl Bugs {
    pub(super) fn on(&mut self, switch: Switch) {
        self.0.push(switch);
    }

    pub(super) fn heal(&mut self) {
        self.0.clear();
    }

    /// The bugs that show in this request, each counted.
    pub(super) fn of(&mut self, request: &Request) -> Vec<Bug> {
        let mut showing = Vec::new();
        for switch in &mut self.0 {
            if switch.concerns(request) {
                if let Some(left) = &mut switch.left {
                    *left -= 1;
                }
                showing.push(switch.bug.clone());
            }
        }
        self.0.retain(|switch| switch.left != Some(0));
        showing
    }

    /// Whether a bug is switched on anywhere.
    pub(super) fn has(&self, bug: &Bug) -> bool {
        self.0.iter().any(|switch| switch.bug == *bug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, target: &str) -> Request {
        Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: vec![],
            body: String::new(),
        }
    }

    #[test]
    fn bugs_show_where_and_as_often_as_they_should() {
        let mut bugs = Bugs::default();
        bugs.on(Bug::Busy.times(2));
        bugs.on(Bug::Truncated.at("/redfish/v1/Systems/1").on("GET"));
        assert_eq!(
            bugs.of(&request("GET", "/redfish/v1/Systems/10")),
            [Bug::Busy]
        );
        assert_eq!(
            bugs.of(&request("GET", "/redfish/v1/Systems/1/Bios")),
            [Bug::Busy, Bug::Truncated]
        );
        assert_eq!(bugs.of(&request("PATCH", "/redfish/v1/Systems/1")), []);
        assert_eq!(
            bugs.of(&request("GET", "/redfish/v1/Systems/1/")),
            [Bug::Truncated]
        );
        bugs.heal();
        assert_eq!(bugs.of(&request("GET", "/redfish/v1/Systems/1")), []);
    }
}
