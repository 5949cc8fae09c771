//! Which kinds of interface have steps, and which of two steps of equal priority runs first.

use schemas_model::interface::InterfaceKind::{self, *};
use schemas_model::step::{Step, StepKind};

/// Kinds whose steps are asked for, in order of precedence (Ironic 39.0.0, `conductor.steps`).
pub const fn interfaces(kind: StepKind) -> &'static [InterfaceKind] {
    match kind {
        StepKind::Clean | StepKind::Deploy => {
            &[Vendor, Power, Management, Firmware, Deploy, Bios, Raid]
        }
        StepKind::Service => &[
            Vendor, Power, Management, Firmware, Deploy, Bios, Raid, Network,
        ],
        StepKind::Verify => &[
            Power, Management, Firmware, Inspect, Deploy, Boot, Bios, Raid, Vendor, Network,
            Storage, Console, Rescue,
        ],
    }
}

/// Sorts steps: higher priority first, then by interface, then as they came.
pub fn sort(kind: StepKind, steps: &mut [Step]) {
    let precedence = interfaces(kind);
    let rank = |step: &Step| {
        step.interface
            .and_then(|interface| precedence.iter().position(|known| *known == interface))
            .unwrap_or(precedence.len())
    };
    steps.sort_by_key(|step| {
        (
            std::cmp::Reverse(step.priority.unwrap_or_default()),
            rank(step),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_interface::StepSpec;

    #[test]
    fn priority_then_interface_then_position() {
        let mut steps: Vec<Step> = [
            (Raid, "r", 10),
            (Bios, "b", 10),
            (Deploy, "d", 20),
            (Deploy, "e", 10),
            (Deploy, "f", 10),
        ]
        .map(|(kind, name, priority)| StepSpec::clean(name, priority).to_step(kind))
        .into();
        sort(StepKind::Clean, &mut steps);
        let names: Vec<_> = steps.iter().map(|s| s.step.as_str()).collect();
        assert_eq!(names, ["d", "e", "f", "b", "r"]);
    }
}
