"""The tests that need a BMC program, which `cargo test` alone leaves out."""
from servers import bmc_fake, bmc_ipmi, bmc_redfish
from suites import unit

# package, test binary
IPMI = (("drivers-ipmi-client", "ipmi_sim"), ("drivers-ipmi", "ipmi_sim"), ("ferric", "bmc"))


def run(stage):
    if stage.oracle:
        stage.report.add("our clients", "skipped", "they are not Ironic's")
        return
    stage.debian("openipmi", "ipmitool")
    stage.venv("sushy", *bmc_redfish.REQUIREMENTS)
    stage.venv("fakebmc", *bmc_fake.REQUIREMENTS)
    for package, binary in IPMI:
        with stage.report.check("ipmi_sim for %s starts" % package, essential=True):
            ipmi = bmc_ipmi.start(stage.processes, package)
        # one machine, so one test at a time
        _tests(stage, package, binary, {"FERRIC_IPMI_SIM": "%s:%d" % (ipmi.address, ipmi.port)})
    with stage.report.check("fakebmc starts", essential=True):
        address, port = bmc_fake.start(stage.processes)
    _tests(stage, "drivers-ipmi", "fakebmc", {"FERRIC_FAKEBMC": "%s:%d" % (address, port)})
    _tests(stage, "drivers-ipmi-client", "rmcp_plus", {})
    # ipmitool as the client of our own simulator: every command it has
    _tests(stage, "drivers-sim", "ipmitool", {})
    # and our sensors beside its own
    _tests(stage, "drivers-ipmi", "ipmitool", {})
    with stage.report.check("sushy-emulator starts", essential=True):
        redfish = bmc_redfish.start(stage.processes)
    _tests(stage, "drivers-redfish-client", "live",
           {"REDFISH_BMC": redfish.url, "REDFISH_USER": redfish.user, "REDFISH_PASSWORD": redfish.password})


def _tests(stage, package, binary, env):
    with stage.report.group(package):
        unit.tests(stage, "test", "--locked", "-p", package, "--test", binary, "--", "--ignored", "--test-threads=1", env=env)
