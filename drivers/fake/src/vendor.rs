//! Vendor methods that compare a word with another one.

use drivers_interface::{
    HttpMethod, Interface, Outcome, Property, Scope, StepSpec, Task, Vendor, VendorMethod,
    async_trait, unsupported,
};
use schemas_model::interface::InterfaceKind;
use schemas_model::mask::is_truthy;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Fault, Object};
use serde_json::Value;

use crate::delay::pause;

const POST: &[HttpMethod] = &[HttpMethod::Post];

const fn method(name: &'static str, description: &'static str) -> VendorMethod {
    VendorMethod {
        name,
        description,
        scope: Scope::Node,
        http_methods: POST,
        r#async: true,
        attach: false,
        require_exclusive_lock: true,
    }
}

/// The word each method compares `bar` with.
const WORDS: &[(&str, &str)] = &[
    ("first_method", "baz"),
    ("second_method", "kazoo"),
    ("third_method_sync", "meow"),
    ("fourth_method_shared_lock", "woof"),
];

fn wanted_word(method: &str) -> Option<&'static str> {
    WORDS
        .iter()
        .find(|(name, _)| *name == method)
        .map(|(_, word)| *word)
}

fn need_bar(method: &str, info: &Object) -> Result<(), Fault> {
    // What Python takes for nothing counts as not given.
    let given = info.member("bar").is_some_and(is_truthy);
    if wanted_word(method).is_none() || given {
        Ok(())
    } else {
        Err(Fault::missing_parameter(format!(
            "Method '{method}' needs the parameter 'bar'."
        )))
    }
}

/// The `FakeVendorA` vendor interface.
#[derive(Debug, Default)]
pub struct FakeVendorA;

const METHODS_A: &[VendorMethod] = &[method("first_method", "Test if the value of bar is baz")];

#[async_trait]
impl Interface for FakeVendorA {
    fn name(&self) -> &'static str {
        "FakeVendorA"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Vendor
    }

    fn properties(&self) -> &'static [Property] {
        &[
            Property {
                name: "A1",
                description: "A1 description. Required.",
            },
            Property {
                name: "A2",
                description: "A2 description. Optional.",
            },
        ]
    }
}

#[async_trait]
impl Vendor for FakeVendorA {
    fn methods(&self) -> &'static [VendorMethod] {
        METHODS_A
    }

    async fn validate_method(
        &self,
        _task: &dyn Task,
        method: &str,
        info: &Object,
    ) -> Result<(), Fault> {
        need_bar(method, info)
    }

    async fn call(
        &self,
        task: &mut dyn Task,
        method: &str,
        _http_method: HttpMethod,
        info: &Object,
    ) -> Result<Value, Fault> {
        compare(self, task, METHODS_A, method, info).await
    }
}

/// The `fake` vendor interface (`FakeVendorB` in Ironic's code).
#[derive(Debug, Default)]
pub struct FakeVendorB;

const METHODS_B: &[VendorMethod] = &[
    method("second_method", "Test if the value of bar is kazoo"),
    VendorMethod {
        r#async: false,
        ..method("third_method_sync", "Test if the value of bar is meow")
    },
    VendorMethod {
        require_exclusive_lock: false,
        ..method(
            "fourth_method_shared_lock",
            "Test if the value of bar is woof",
        )
    },
    method("log_passthrough", "Test pass-through to wait."),
];

const STEPS_B: &[StepSpec] = &[
    StepSpec::clean("log_passthrough", 1).resumable(),
    StepSpec::service("log_passthrough", 0)
        .out_of_band()
        .resumable(),
    StepSpec::service("trigger_servicewait", 0),
];

#[async_trait]
impl Interface for FakeVendorB {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn kind(&self) -> InterfaceKind {
        InterfaceKind::Vendor
    }

    fn properties(&self) -> &'static [Property] {
        &[
            Property {
                name: "B1",
                description: "B1 description. Required.",
            },
            Property {
                name: "B2",
                description: "B2 description. Required.",
            },
        ]
    }

    fn step_table(&self) -> &'static [StepSpec] {
        STEPS_B
    }

    async fn run_step(
        &self,
        task: &mut dyn Task,
        _kind: StepKind,
        step: &Step,
    ) -> Result<Outcome, Fault> {
        match step.step.as_str() {
            "log_passthrough" => {
                pause(&task.config().fake.vendor_delay).await;
                Ok(Outcome::Done)
            }
            "trigger_servicewait" => Ok(Outcome::wait(
                "this fake step waits until somebody aborts it",
            )),
            other => Err(unsupported(self, task, other)),
        }
    }
}

#[async_trait]
impl Vendor for FakeVendorB {
    fn methods(&self) -> &'static [VendorMethod] {
        METHODS_B
    }

    async fn validate_method(
        &self,
        _task: &dyn Task,
        method: &str,
        info: &Object,
    ) -> Result<(), Fault> {
        need_bar(method, info)
    }

    async fn call(
        &self,
        task: &mut dyn Task,
        method: &str,
        _http_method: HttpMethod,
        info: &Object,
    ) -> Result<Value, Fault> {
        if method == "log_passthrough" {
            pause(&task.config().fake.vendor_delay).await;
            return Ok(Value::Null);
        }
        compare(self, task, METHODS_B, method, info).await
    }
}

async fn compare<I: Interface>(
    interface: &I,
    task: &dyn Task,
    methods: &[VendorMethod],
    method: &str,
    info: &Object,
) -> Result<Value, Fault> {
    let known = methods.iter().any(|row| row.name == method);
    let Some(word) = wanted_word(method).filter(|_| known) else {
        return Err(unsupported(interface, task, method));
    };
    if let Some(unknown) = info.get().keys().find(|key| *key != "bar") {
        return Err(Fault::invalid_parameter(format!(
            "Method '{method}' got an unexpected argument '{unknown}'."
        )));
    }
    pause(&task.config().fake.vendor_delay).await;
    Ok(Value::Bool(info.text_member("bar") == Some(word)))
}
