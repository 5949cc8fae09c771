"""The main job: the real `openstack` client drives two machines through their life.

Debian's ipmi_sim and sushy-emulator play the machines. What the client is told
is compared with what the simulators themselves say.
"""
import json
import re
import subprocess
import time

from runner.report import Skip
from servers import bmc_ipmi, bmc_redfish

CLIENTS = ("python-openstackclient", "python-ironicclient")
# ipmi_sim's names of boot devices
IPMI_DEVICES = {"pxe": "pxe", "disk": "default", "cdrom": "cdrom"}
REDFISH_TARGETS = {"pxe": "Pxe", "disk": "Hdd", "cdrom": "Cd"}


class Refused(Exception):
    """The client ended with an error, which is the text."""


class Client:
    """`openstack baremetal ...`, without authentication."""

    def __init__(self, binaries, url):
        self._command = [str(binaries / "openstack"), "--os-auth-type", "none", "--os-endpoint", url, "baremetal"]

    def run(self, *arguments, seconds=180):
        done = subprocess.run([*self._command, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=seconds)
        if done.returncode:
            raise Refused(done.stderr.strip() or done.stdout.strip())
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "-f", "json"))

    def column(self, name, *arguments):
        """One column of a list; releases of the client disagree about the case of its name."""
        return [next(v for k, v in row.items() if k.lower() == name) for row in self.json(*arguments)]

    def node(self, name):
        return self.json("node", "show", name)

    def becomes(self, name, seconds=90, **wanted):
        """Ask for the node until its fields are as wanted."""
        end = time.monotonic() + seconds
        while True:
            node = self.node(name)
            seen = {field: node[field] for field in wanted}
            if seen == wanted:
                return node
            assert time.monotonic() < end, "wanted %s, is %s; last_error: %s" % (wanted, seen, node["last_error"])
            time.sleep(0.5)


class IpmiMachine:
    """What differs between the two machines: the IPMI one."""

    name, driver, mac = "compat-ipmi", "ipmi", "52:54:00:aa:bb:02"
    password = "ipmi_password"
    # what ipmitool and RMCP+ implementations say of a wrong password
    refusal = r"(?i)password|session|authenticat|integrity|rakp|unauthori[sz]ed|credential"

    def __init__(self, stage):
        self.hides_reason = stage.oracle
        self.bmc = bmc_ipmi.start(stage.processes, "ipmi")

    def boots_from(self, device, _persistent):
        assert self.bmc.boot() == IPMI_DEVICES[device], self.bmc.boot()

    def reboots(self):
        return self.bmc.resets() + sum("set power 0" in call for call in self.bmc.calls())


class RedfishMachine:
    """What differs between the two machines: the Redfish one."""

    name, driver, mac = "compat-redfish", "redfish", "52:54:00:aa:bb:01"
    password = "redfish_password"
    refusal = r"(?i)401|unauthori[sz]ed|authenticat|credential|access"

    def __init__(self, stage):
        self.hides_reason = False
        self.bmc = bmc_redfish.start(stage.processes, "redfish")

    def boots_from(self, device, persistent):
        assert self.bmc.boot() == REDFISH_TARGETS[device], self.bmc.boot()
        wanted, told = "Continuous" if persistent else "Once", self.bmc.boot_request()
        # As Ironic, what the BMC says is in force already is not sent again.
        in_force = told.get("BootSourceOverrideEnabled", self.bmc.boot_enabled())
        assert in_force == wanted, "wanted %s, the BMC was told %s" % (wanted, told)

    def reboots(self):
        return self.bmc.resets()


def run(stage):
    stage.debian("openipmi", *(["ipmitool"] if stage.oracle else []))
    binaries = stage.venv("clients", *CLIENTS)
    stage.venv("sushy", *bmc_redfish.REQUIREMENTS)
    with stage.report.check("the server starts by its README command", essential=True):
        _, url = stage.serve_readme()
    client = Client(binaries, url)
    with stage.report.check("driver list names ipmi and redfish", essential=True):
        rows = client.json("driver", "list")
        names = {value for row in rows for key, value in row.items() if key.lower() in ("name", "supported driver(s)")}
        assert {"ipmi", "redfish"} <= names, names
    for machine in (IpmiMachine, RedfishMachine):
        with stage.report.group(machine.driver):
            life(stage.report, client, machine(stage))


def life(report, client, machine):
    """Registration to deletion of one machine."""
    name, bmc = machine.name, machine.bmc
    info = bmc.driver_info()
    with report.check("node create", essential=True):
        options = [part for key, value in {**info, machine.password: "wrong-password"}.items()
                   for part in ("--driver-info", "%s=%s" % (key, value))]
        node = client.json("node", "create", "--driver", machine.driver, "--name", name, "--resource-class", "compat", *options)
        assert node["provision_state"] == "enroll" and node["power_state"] is None, node
        uuid = node["uuid"]
    with report.check("node show hides the password"):
        assert client.node(name)["driver_info"][machine.password] == "******"
    with report.check("node list shows the node"):
        assert name in client.column("name", "node", "list")
    with report.check("port create and list"):
        client.json("port", "create", "--node", uuid, machine.mac)
        addresses = client.column("address", "port", "list", "--node", name)
        assert addresses == [machine.mac], addresses
    credentials(report, client, machine)
    power(report, client, machine)
    boot_device(report, client, machine)
    lifecycle(report, client, machine)


def credentials(report, client, machine):
    name = machine.name
    with report.check("manage with a wrong password ends in enroll"):
        try:
            client.run("node", "manage", "--wait", "120", name)
        except Refused:
            pass
        node = client.becomes(name, provision_state="enroll", target_provision_state=None)
        assert node["last_error"], "last_error is empty"
    with report.check("last_error gives the BMC's reason"):
        if machine.hides_reason:
            raise Skip("Ironic hides what ipmitool said")
        error = client.node(name)["last_error"]
        assert re.search(machine.refusal, error or ""), error
        assert "wrong-password" not in error, "the password is in last_error"
    with report.check("manage with the right password reaches manageable", essential=True):
        client.run("node", "set", name, "--driver-info", "%s=%s" % (machine.password, machine.bmc.password))
        client.run("node", "manage", "--wait", "120", name)
        node = client.becomes(name, provision_state="manageable")
        assert node["last_error"] is None, node["last_error"]
    with report.check("the node shows the machine's power state"):
        client.becomes(name, power_state="power " + machine.bmc.power())


def power(report, client, machine):
    name, bmc = machine.name, machine.bmc
    with report.check("power on reaches the machine"):
        client.run("node", "power", "on", name)
        client.becomes(name, power_state="power on", target_power_state=None)
        assert bmc.power() == "on", bmc.power()
    with report.check("power off reaches the machine"):
        client.run("node", "power", "off", name)
        client.becomes(name, power_state="power off", target_power_state=None)
        assert bmc.power() == "off", bmc.power()
    with report.check("power on again"):
        client.run("node", "power", "on", name)
        client.becomes(name, power_state="power on", target_power_state=None)
        assert bmc.power() == "on", bmc.power()
    with report.check("reboot restarts the machine"):
        before = machine.reboots()
        client.run("node", "reboot", name)
        client.becomes(name, power_state="power on", target_power_state=None)
        assert machine.reboots() > before, "the simulator saw no restart"
        assert bmc.power() == "on", bmc.power()
    with report.check("power off with --soft shuts the machine down"):
        client.run("node", "power", "off", "--soft", name)
        client.becomes(name, power_state="power off", target_power_state=None)
        assert bmc.power() == "off", bmc.power()


def boot_device(report, client, machine):
    name = machine.name
    with report.check("boot device show --supported"):
        supported = client.json("node", "boot", "device", "show", "--supported", name)["supported_boot_devices"]
        devices = supported if isinstance(supported, list) else re.findall(r"\w+", supported)
        assert {"pxe", "disk", "cdrom"} <= set(devices), supported
    with report.check("boot device set pxe, once"):
        client.run("node", "boot", "device", "set", name, "pxe")
        machine.boots_from("pxe", False)
    # neither simulator keeps whether it is for one boot only
    with report.check("boot device show says pxe"):
        shown = client.json("node", "boot", "device", "show", name)
        assert shown["boot_device"] == "pxe", shown
    with report.check("boot device set disk, persistent"):
        client.run("node", "boot", "device", "set", name, "disk", "--persistent")
        machine.boots_from("disk", True)
    with report.check("boot device show says disk"):
        shown = client.json("node", "boot", "device", "show", name)
        assert shown["boot_device"] == "disk", shown
    with report.check("an unknown boot device is refused"):
        before = machine.bmc.boot()
        try:
            client.run("node", "boot", "device", "set", name, "safe" if machine.driver == "redfish" else "wanboot")
        except Refused:
            assert machine.bmc.boot() == before
        else:
            raise AssertionError("the client reported success")


def lifecycle(report, client, machine):
    name = machine.name
    with report.check("provide reaches available"):
        client.run("node", "set", name, "--no-automated-clean")
        client.run("node", "provide", "--wait", "120", name)
        client.becomes(name, provision_state="available", last_error=None)
    with report.check("adopt reaches active"):
        client.run("node", "manage", "--wait", "120", name)
        client.run("node", "set", name, "--instance-info", "image_source=http://127.0.0.1:9/image.raw",
                   "--instance-info", "image_checksum=" + "0" * 64, "--instance-info", 'capabilities={"boot_option": "local"}')
        client.run("node", "adopt", "--wait", "120", name)
        client.becomes(name, provision_state="active", last_error=None)
    with report.check("maintenance set, with a reason"):
        client.run("node", "maintenance", "set", "--reason", "a fan is loud", name)
        node = client.node(name)
        assert node["maintenance"] is True and node["maintenance_reason"] == "a fan is loud", node
    with report.check("maintenance unset"):
        client.run("node", "maintenance", "unset", name)
        node = client.node(name)
        assert node["maintenance"] is False and node["maintenance_reason"] is None, node
    with report.check("an active node is not deleted"):
        try:
            client.run("node", "delete", name)
        except Refused:
            assert client.node(name)["provision_state"] == "active"
        else:
            raise AssertionError("the client reported success")
    with report.check("undeploy returns it to available"):
        client.run("node", "undeploy", "--wait", "120", name)
        client.becomes(name, provision_state="available")
    with report.check("delete removes node and port"):
        client.run("node", "delete", name)
        assert name not in client.column("name", "node", "list")
        assert machine.mac not in client.column("address", "port", "list")
