//! How important an event is, how far its action got, and how it is called.

/// The level of an event, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the words are oslo.messaging's")]
pub enum Level {
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

impl Level {
    /// The last part of a routing key.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warning => "warn",
            Level::Error => "error",
            Level::Critical => "critical",
        }
    }

    /// The `priority` of a message.
    pub const fn priority(self) -> &'static str {
        match self {
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warning => "WARN",
            Level::Error => "ERROR",
            Level::Critical => "CRITICAL",
        }
    }
}

/// How far an action got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It begins.
    Start,
    /// It ended well.
    End,
    /// It failed.
    Error,
    /// It happened in one go.
    Success,
}

impl Status {
    /// The last word of an event type.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Start => "start",
            Status::End => "end",
            Status::Error => "error",
            Status::Success => "success",
        }
    }

    /// The level such an event has.
    pub const fn level(self) -> Level {
        match self {
            Status::Error => Level::Error,
            Status::Start | Status::End | Status::Success => Level::Info,
        }
    }
}

/// `baremetal.{object}.{action}.{status}`
pub fn event_type(object: &str, action: &str, status: Status) -> String {
    format!("baremetal.{object}.{action}.{}", status.word())
}
