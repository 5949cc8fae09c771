//! Step tables: a row per step, and typed arguments.

use schemas_model::interface::InterfaceKind;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, Object};
use serde_json::{Map, Value, json};

/// An argument of a step, as `argsinfo` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
    /// Whether the step can't go without.
    pub required: bool,
}

impl Argument {
    /// An argument in a table.
    pub const fn new(name: &'static str, description: &'static str, required: bool) -> Self {
        Argument {
            name,
            description,
            required,
        }
    }
}

/// A row of an interface's step table. Built with `const` builder methods:
///
/// ```
/// use drivers_interface::{Argument, StepSpec};
/// const STEPS: &[StepSpec] = &[
///     StepSpec::clean("factory_reset", 0).out_of_band(),
///     StepSpec::clean("apply_configuration", 0).args(&[Argument {
///         name: "settings",
///         description: "A list of BIOS settings to apply",
///         required: true,
///     }]),
///     StepSpec::deploy("deploy", 100),
/// ];
/// assert!(!STEPS[0].requires_ramdisk);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepSpec {
    /// The flow it belongs to.
    pub kind: StepKind,
    /// Its name.
    pub name: &'static str,
    /// Higher runs earlier; 0 means only when asked for.
    pub priority: i64,
    /// Whether the flow may be aborted while it runs.
    pub abortable: bool,
    /// Its arguments.
    pub arguments: &'static [Argument],
    /// Whether it needs the agent's ramdisk.
    pub requires_ramdisk: bool,
    /// Whether running it a second time after a crash does no harm.
    pub resumable: bool,
}

impl StepSpec {
    const fn new(kind: StepKind, name: &'static str, priority: i64) -> Self {
        StepSpec {
            kind,
            name,
            priority,
            abortable: false,
            arguments: &[],
            requires_ramdisk: true,
            resumable: false,
        }
    }

    /// A clean step.
    pub const fn clean(name: &'static str, priority: i64) -> Self {
        Self::new(StepKind::Clean, name, priority)
    }

    /// A deploy step (abortable, as all of Ironic's are unless said otherwise).
    pub const fn deploy(name: &'static str, priority: i64) -> Self {
        Self::new(StepKind::Deploy, name, priority).abortable()
    }

    /// A service step.
    pub const fn service(name: &'static str, priority: i64) -> Self {
        Self::new(StepKind::Service, name, priority)
    }

    /// A verify step.
    pub const fn verify(name: &'static str, priority: i64) -> Self {
        Self::new(StepKind::Verify, name, priority)
    }

    /// It may be aborted.
    #[must_use]
    pub const fn abortable(mut self) -> Self {
        self.abortable = true;
        self
    }

    /// It may not be aborted.
    #[must_use]
    pub const fn not_abortable(mut self) -> Self {
        self.abortable = false;
        self
    }

    /// It takes arguments.
    #[must_use]
    pub const fn args(mut self, arguments: &'static [Argument]) -> Self {
        self.arguments = arguments;
        self
    }

    /// It works without the agent's ramdisk.
    #[must_use]
    pub const fn out_of_band(mut self) -> Self {
        self.requires_ramdisk = false;
        self
    }

    /// It may be run again after a crash.
    #[must_use]
    pub const fn resumable(mut self) -> Self {
        self.resumable = true;
        self
    }

    /// The row as the steps of a node are persisted and shown (Ironic's keys).
    pub fn to_step(&self, interface: InterfaceKind) -> Step {
        let mut rest = Map::new();
        if self.kind != StepKind::Verify {
            let arguments: Option<Map<String, Value>> = (!self.arguments.is_empty()).then(|| {
                self.arguments
                    .iter()
                    .map(|a| {
                        (
                            a.name.to_owned(),
                            json!({"description": a.description, "required": a.required}),
                        )
                    })
                    .collect()
            });
            rest.insert(
                "argsinfo".into(),
                arguments.map_or(Value::Null, Value::Object),
            );
            if matches!(self.kind, StepKind::Clean | StepKind::Service) {
                rest.insert(
                    "requires_ramdisk".into(),
                    Value::Bool(self.requires_ramdisk),
                );
            }
        }
        Step {
            interface: Some(interface),
            step: self.name.to_owned(),
            args: None,
            priority: Some(self.priority),
            abortable: (self.kind != StepKind::Verify).then_some(self.abortable),
            order: None,
            rest,
        }
    }
}

/// The arguments of a step as a struct.
///
/// # Errors
/// `InvalidParameterValue` naming the step and the argument that does not fit.
pub fn parse_args<T: serde::de::DeserializeOwned>(step: &Step) -> Result<T, Fault> {
    let args = step
        .args
        .as_ref()
        .map_or_else(|| Object::default().to_value(), Object::to_value);
    serde_json::from_value(args).map_err(|why| {
        Fault::invalid_parameter(format!(
            "Step '{}' was given arguments that do not fit: {why}",
            step.step
        ))
    })
}
