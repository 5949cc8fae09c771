//! Failures on the wire, and what they mean to whoever called.
//!
//! Ironic's exceptions keep class and HTTP code across processes; anything else arrives as a
//! failure of the service (500). The traceback never travels: it is one header line, from which the
//! Python API cuts everything off.

use schemas_model::error::{Class, Fault};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::methods::Refused;
use crate::wire::Mismatch;

/// The module of Ironic's exceptions.
pub const IRONIC: &str = "ironic.common.exception";
const BUILTINS: &str = "builtins";
const DISPATCHER: &str = "oslo_messaging.rpc.dispatcher";
const OBJECTS: &str = "oslo_versionedobjects.exception";
const TRACEBACK_HEADER: &str = "Traceback (most recent call last):\n";

/// A failure as oslo.messaging writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Exception class.
    pub class: String,
    /// Python module of the class.
    pub module: String,
    /// The text.
    #[serde(default)]
    pub message: String,
    /// Traceback lines.
    #[serde(default)]
    pub tb: Vec<String>,
    /// Positional arguments the exception is rebuilt with.
    #[serde(default)]
    pub args: Vec<Value>,
    /// Keyword arguments. Of Ironic's exceptions every value is JSON text, except the number `code`.
    #[serde(default)]
    pub kwargs: Map<String, Value>,
}

impl Failure {
    fn new(module: &str, class: &str, message: String) -> Self {
        Failure {
            class: class.to_owned(),
            module: module.to_owned(),
            args: vec![message.clone().into()],
            message,
            tb: vec![TRACEBACK_HEADER.to_owned()],
            kwargs: Map::new(),
        }
    }

    /// What the failure means to the caller.
    pub fn into_fault(self) -> Fault {
        match (self.module.as_str(), Class::from_name(&self.class)) {
            (IRONIC, Some(class)) => {
                let fault = Fault::new(class, self.message);
                match self.kwargs.get("code").and_then(http_code) {
                    Some(code) if code != fault.code() => fault.with_code(code),
                    _ => fault,
                }
            }
            (BUILTINS, _) => Fault::internal(self.message),
            _ => Fault::internal(format!("Remote error: {} {}", self.class, self.message)),
        }
    }
}

/// The code is a number, or text when whoever raised it passed it along (observed).
fn http_code(value: &Value) -> Option<u16> {
    let code = match value {
        Value::Number(number) => u16::try_from(number.as_u64()?).ok()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    (400..600).contains(&code).then_some(code)
}

impl From<&Fault> for Failure {
    fn from(fault: &Fault) -> Self {
        let mut failure = Failure::new(
            IRONIC,
            fault.class.name(),
            fault.message.clone().into_owned(),
        );
        failure
            .kwargs
            .insert("code".to_owned(), fault.code().into());
        failure
    }
}

impl From<&Refused> for Failure {
    fn from(refused: &Refused) -> Self {
        let message = refused.to_string();
        match refused {
            Refused::Method(_) => Failure::new(DISPATCHER, "NoSuchMethod", message),
            Refused::Version { .. } => Failure::new(DISPATCHER, "UnsupportedVersion", message),
            Refused::Argument {
                mismatch:
                    mismatch @ Mismatch::ObjectVersion {
                        object,
                        got,
                        supported,
                    },
                ..
            } => {
                let mut failure =
                    Failure::new(OBJECTS, "IncompatibleObjectVersion", mismatch.to_string());
                failure.kwargs = [
                    ("objname", Value::from(*object)),
                    ("objver", got.to_string().into()),
                    ("supported", supported.to_string().into()),
                    ("code", 500.into()),
                ]
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect();
                failure
            }
            Refused::Argument {
                mismatch: Mismatch::Word(_),
                ..
            } => Failure::from(&Fault::invalid_parameter(message)),
            Refused::Argument { .. }
            | Refused::UnexpectedArgument { .. }
            | Refused::MissingArgument { .. }
            | Refused::VersionCap { .. } => Failure::new(BUILTINS, "TypeError", message),
        }
    }
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        match &refused {
            Refused::VersionCap { .. } => Fault::internal(refused.to_string()),
            _ => Failure::from(&refused).into_fault(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_survives_the_wire() {
        for fault in [
            Fault::node_locked("Node n is locked by host c"),
            Fault::new(Class::InstanceDeployFailure, "x").with_code(400),
        ] {
            assert_eq!(Failure::from(&fault).into_fault(), fault);
        }
    }

    #[test]
    fn unknown_classes_are_remote_errors() {
        let failure = Failure::new(IRONIC, "SomethingNew", "what".into());
        let fault = failure.into_fault();
        assert_eq!(fault.code(), 500);
        assert_eq!(fault.message, "Remote error: SomethingNew what");
        assert_eq!(
            Failure::new("evil", "NodeLocked", "x".into())
                .into_fault()
                .message,
            "Remote error: NodeLocked x"
        );
    }

    #[test]
    fn an_absurd_code_is_ignored() {
        let mut failure = Failure::from(&Fault::not_found("x"));
        failure.kwargs.insert("code".into(), 200.into());
        assert_eq!(failure.into_fault().code(), 404);
    }
}
