//! Management of nothing: PXE only, two indicators.

use drivers_interface::{
    CurrentBootDevice, IndicatorInfo, Indicators, Management, Task, async_trait,
};
use schemas_model::boot::BootDevice;
use schemas_model::{Fault, Object};

use crate::delay::pause;
use crate::fake_interface;

/// The `fake` management interface.
#[derive(Debug, Default)]
pub struct FakeManagement;

fake_interface!(FakeManagement, Management);

/// Component, indicator, whether it can only be read, states.
const INDICATORS: &[(&str, &str, bool, &[&str])] = &[
    ("chassis", "led-0", true, &["off", "on"]),
    ("system", "led", false, &["blinking", "off", "on"]),
];

fn indicators(component: Option<&str>) -> Indicators {
    let mut found = Indicators::new();
    for (of, id, readonly, states) in INDICATORS {
        if component.is_none_or(|wanted| wanted == *of) {
            let states = states.iter().map(|state| (*state).to_owned()).collect();
            found.entry((*of).to_owned()).or_default().insert(
                (*id).to_owned(),
                IndicatorInfo {
                    readonly: *readonly,
                    states,
                },
            );
        }
    }
    found
}

#[async_trait]
impl Management for FakeManagement {
    async fn supported_boot_devices(&self, _task: &mut dyn Task) -> Result<Vec<BootDevice>, Fault> {
        Ok(vec![BootDevice::Pxe])
    }

    async fn set_boot_device(
        &self,
        task: &mut dyn Task,
        device: BootDevice,
        _persistent: bool,
    ) -> Result<(), Fault> {
        pause(&task.config().fake.management_delay).await;
        if device == BootDevice::Pxe {
            Ok(())
        } else {
            Err(Fault::invalid_parameter(format!(
                "Fake hardware boots from 'pxe' only, not from '{device}'."
            )))
        }
    }

    async fn boot_device(&self, task: &mut dyn Task) -> Result<CurrentBootDevice, Fault> {
        pause(&task.config().fake.management_delay).await;
        Ok(CurrentBootDevice {
            device: Some(BootDevice::Pxe),
            persistent: Some(false),
        })
    }

    async fn sensors_data(&self, task: &mut dyn Task) -> Result<Object, Fault> {
        pause(&task.config().fake.management_delay).await;
        Ok(Object::default())
    }

    async fn supported_indicators(
        &self,
        task: &mut dyn Task,
        component: Option<&str>,
    ) -> Result<Indicators, Fault> {
        pause(&task.config().fake.management_delay).await;
        Ok(indicators(component))
    }

    async fn indicator_state(
        &self,
        task: &mut dyn Task,
        component: &str,
        indicator: &str,
    ) -> Result<String, Fault> {
        pause(&task.config().fake.management_delay).await;
        let known = indicators(None);
        let Some(of_component) = known.get(component) else {
            return Err(Fault::invalid_parameter(format!(
                "Fake hardware has no component '{component}'."
            )));
        };
        if of_component.contains_key(indicator) {
            Ok("on".to_owned())
        } else {
            Err(Fault::invalid_parameter(format!(
                "Component '{component}' has no indicator '{indicator}'."
            )))
        }
    }
}
