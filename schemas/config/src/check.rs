//! What can only be checked once several options are known.

use crate::config::Config;
use crate::error::ValueProblem;
use crate::reader::Reader;

impl Config {
    /// Notes what is wrong in `reader`.
    pub(crate) fn check(&self, reader: &mut Reader<'_>) {
        if self.conductor.disable_kernel_parameter_parsing {
            return;
        }
        let parameters = [
            (
                "inspector",
                "extra_kernel_params",
                &self.inspector.extra_kernel_params,
            ),
            (
                "pxe",
                "kernel_append_params",
                &self.pxe.kernel_append_params,
            ),
            (
                "redfish",
                "kernel_append_params",
                &self.redfish.kernel_append_params,
            ),
        ];
        for (section, option, value) in parameters {
            if let Err(problem) = value.check() {
                refuse(reader, section, option, problem);
            }
        }
    }
}

fn refuse(reader: &mut Reader<'_>, section: &'static str, option: &str, problem: ValueProblem) {
    let table = Config::SECTIONS.iter().find(|table| table.name == section);
    if let Some(row) = table.and_then(|table| table.all_rows().find(|row| row.name == option)) {
        reader.enter(section).refuse_resolved(row, problem);
    }
}
