//! Drivers that do what a test tells them to, by name: `power.state`, `deploy.prepare`, `step.deploy`...

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use drivers_interface::{
    Boot, Console, Deploy, Heartbeat, Inspect, Interface, Outcome, Power, Rescue, StepSpec, Task,
    async_trait,
};
use schemas_model::interface::InterfaceKind;
use schemas_model::power::PowerState;
use schemas_model::step::{Step, StepKind};
use schemas_model::{Class, Fault, Object};
use tokio::sync::Semaphore;

/// What a method does when it is called next.
#[derive(Clone, Debug)]
pub enum Act {
    /// Fails with this class.
    Fail(Class),
    /// Panics.
    Panic,
    /// Goes on elsewhere.
    Wait,
    /// Does not return until the test opens the gate.
    Hang,
    /// Says this power state.
    Power(Option<PowerState>),
}

/// What methods do, and which were called.
pub struct Script {
    acts: Mutex<HashMap<&'static str, VecDeque<Act>>>,
    calls: Mutex<Vec<String>>,
    gate: Semaphore,
}

impl Script {
    pub fn new() -> Arc<Self> {
        Arc::new(Script {
            acts: Mutex::default(),
            calls: Mutex::default(),
            gate: Semaphore::new(0),
        })
    }

    /// The next call of `method` does this.
    pub fn next(&self, method: &'static str, act: Act) {
        self.acts
            .lock()
            .unwrap()
            .entry(method)
            .or_default()
            .push_back(act);
    }

    /// Lets one hanging method go.
    pub fn open(&self) {
        self.gate.add_permits(1);
    }

    /// How often a method was called.
    pub fn calls(&self, method: &str) -> usize {
        self.calls
            .lock()
            .unwrap()
            .iter()
            .filter(|call| *call == method)
            .count()
    }

    async fn play(&self, method: &'static str) -> Result<Outcome, Fault> {
        self.calls.lock().unwrap().push(method.to_owned());
        let act = self
            .acts
            .lock()
            .unwrap()
            .get_mut(method)
            .and_then(VecDeque::pop_front);
        match act {
            None | Some(Act::Power(_)) => Ok(Outcome::Done),
            Some(Act::Fail(class)) => Err(Fault::new(class, format!("{method} was told to fail"))),
            Some(Act::Panic) => panic!("{method} was told to panic"),
            Some(Act::Wait) => Ok(Outcome::wait("the test says so")),
            Some(Act::Hang) => {
                self.gate.acquire().await.unwrap().forget();
                Ok(Outcome::Done)
            }
        }
    }

    fn told_power(&self) -> Option<Option<PowerState>> {
        match self.acts.lock().unwrap().get("power.state")?.front()? {
            Act::Power(state) => Some(*state),
            _ => None,
        }
    }
}

macro_rules! scripted {
    ($($name:ident: $kind:ident, $steps:expr;)+) => {$(
        pub struct $name(pub Arc<Script>);

        #[async_trait]
        impl Interface for $name {
            fn name(&self) -> &'static str {
                "fake"
            }
            fn kind(&self) -> InterfaceKind {
                InterfaceKind::$kind
            }
            fn step_table(&self) -> &'static [StepSpec] {
                $steps
            }
            async fn validate(&self, _: &dyn Task) -> Result<(), Fault> {
                self.0.play(concat!(stringify!($kind), ".validate")).await.map(drop)
            }
            async fn run_step(
                &self,
                _: &mut dyn Task,
                kind: StepKind,
                _: &Step,
            ) -> Result<Outcome, Fault> {
                let method = match kind {
                    StepKind::Clean => "clean.step",
                    StepKind::Deploy => "deploy.step",
                    StepKind::Service => "service.step",
                    StepKind::Verify => "verify.step",
                };
                self.0.play(method).await
            }
        }
    )+};
}

const DEPLOY_STEPS: &[StepSpec] = &[
    StepSpec::deploy("deploy", 100),
    StepSpec::clean("erase", 10).abortable(),
    StepSpec::clean("burn", 0),
    StepSpec::service("polish", 0),
];

scripted! {
    TestPower: Power, &[];
    TestDeploy: Deploy, DEPLOY_STEPS;
    TestInspect: Inspect, &[];
    TestRescue: Rescue, &[];
    TestConsole: Console, &[];
    TestBoot: Boot, &[];
}

#[async_trait]
impl Power for TestPower {
    async fn power_state(&self, task: &mut dyn Task) -> Result<Option<PowerState>, Fault> {
        if let Some(told) = self.0.told_power() {
            return Ok(told);
        }
        self.0.play("power.state").await?;
        Ok(task.node().power_state)
    }
    async fn set_power_state(
        &self,
        task: &mut dyn Task,
        state: PowerState,
        _: Option<Duration>,
    ) -> Result<(), Fault> {
        self.0.play("power.set").await?;
        task.node_mut().power_state = Some(state.settled());
        Ok(())
    }
    async fn reboot(&self, _: &mut dyn Task, _: Option<Duration>) -> Result<(), Fault> {
        self.0.play("power.reboot").await.map(drop)
    }
}

#[async_trait]
impl Deploy for TestDeploy {
    async fn prepare(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("deploy.prepare").await.map(drop)
    }
    async fn clean_up(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("deploy.clean_up").await.map(drop)
    }
    async fn tear_down(&self, _: &mut dyn Task) -> Result<Outcome, Fault> {
        self.0.play("deploy.tear_down").await
    }
    async fn take_over(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("deploy.take_over").await.map(drop)
    }
    async fn prepare_cleaning(&self, _: &mut dyn Task) -> Result<Outcome, Fault> {
        self.0.play("deploy.prepare_cleaning").await
    }
    async fn tear_down_cleaning(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("deploy.tear_down_cleaning").await.map(drop)
    }
    async fn prepare_service(&self, _: &mut dyn Task) -> Result<Outcome, Fault> {
        self.0.play("deploy.prepare_service").await
    }
    async fn tear_down_service(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("deploy.tear_down_service").await.map(drop)
    }
    async fn heartbeat(&self, task: &mut dyn Task, heartbeat: &Heartbeat) -> Result<(), Fault> {
        self.0.play("deploy.heartbeat").await?;
        task.node_mut()
            .driver_internal_info
            .set("agent_url", heartbeat.callback_url.clone());
        Ok(())
    }
    async fn poll_step(&self, _: &mut dyn Task) -> Result<Outcome, Fault> {
        self.0.play("deploy.poll_step").await
    }
}

#[async_trait]
impl Inspect for TestInspect {
    async fn inspect_hardware(&self, _: &mut dyn Task) -> Result<Outcome, Fault> {
        self.0.play("inspect").await
    }
    async fn abort(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("inspect.abort").await.map(drop)
    }
    async fn continue_inspection(
        &self,
        _: &mut dyn Task,
        _: drivers_interface::Inspection,
    ) -> Result<Outcome, Fault> {
        self.0.play("inspect.continue").await
    }
}

#[async_trait]
impl Rescue for TestRescue {
    async fn rescue(&self, _: &mut dyn Task) -> Result<Outcome, Fault> {
        self.0.play("rescue").await
    }
    async fn unrescue(&self, _: &mut dyn Task) -> Result<Outcome, Fault> {
        self.0.play("unrescue").await
    }
    async fn clean_up(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("rescue.clean_up").await.map(drop)
    }
}

#[async_trait]
impl Console for TestConsole {
    async fn start(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("console.start").await.map(drop)
    }
    async fn stop(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("console.stop").await.map(drop)
    }
}

#[async_trait]
impl Boot for TestBoot {
    async fn prepare_ramdisk(&self, _: &mut dyn Task, _: &Object) -> Result<(), Fault> {
        self.0.play("boot.prepare_ramdisk").await.map(drop)
    }
    async fn clean_up_ramdisk(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("boot.clean_up_ramdisk").await.map(drop)
    }
    async fn prepare_instance(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("boot.prepare_instance").await.map(drop)
    }
    async fn clean_up_instance(&self, _: &mut dyn Task) -> Result<(), Fault> {
        self.0.play("boot.clean_up_instance").await.map(drop)
    }
    async fn validate_rescue(&self, _: &dyn Task) -> Result<(), Fault> {
        self.0.play("boot.validate_rescue").await.map(drop)
    }
}
