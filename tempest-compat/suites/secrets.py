"""Every credential of a site is distinctive here, and then everything that came out is searched for it.

The server runs with `debug = true`, notifications in its log, sensors, metrics, consoles and recordings.
Nodes of every driver are led through success and through failure: wrong passwords, BMCs that are away, and
each misbehaviour of the simulator, also one that repeats what it was sent. Then the log, every answer of the
API at every microversion, /metrics, the notifications and the recordings are searched for the passwords, keys
and tokens, as they are and encoded. Markers that are no secrets show that the search finds what is there.
"""
import base64
import concurrent.futures
import contextlib
import functools
import json
import re
import secrets
import socket
import time
import urllib.error
import urllib.request

from runner import sieve
from runner.processes import answers, free_port
from servers import bmc_sim
from servers.listener import Listener
from servers.rest import Rest

ALL = "fake-hardware,ipmi,redfish,ibmc"
CHANGES = {
    "DEFAULT": {
        "debug": True, "notification_level": "debug",
        "enabled_hardware_types": ALL,
        "enabled_bios_interfaces": "fake,no-bios,redfish,ibmc",
        "enabled_boot_interfaces": "fake,ipxe,pxe,redfish-virtual-media",
        "enabled_console_interfaces": "ipmitool-socat,redfish-serial,no-console,fake",
        "enabled_inspect_interfaces": "fake,no-inspect,agent,redfish,ibmc",
        "enabled_management_interfaces": "fake,noop,ipmitool,redfish,ibmc",
        "enabled_power_interfaces": "fake,ipmitool,redfish,ibmc",
        "enabled_raid_interfaces": "fake,no-raid,agent,redfish,ibmc",
        "enabled_rescue_interfaces": "fake,no-rescue,agent",
        "enabled_vendor_interfaces": "fake,no-vendor,ipmitool,redfish,ibmc",
    },
    "agent": {"require_tls": False},
    "conductor": {"sync_power_state_interval": 2, "send_sensor_data": True},
    "ibmc": {"connection_attempts": 1, "connection_retry_interval": 1},
    "ipmi": {"command_retry_timeout": 2, "min_command_interval": 1},
    "oslo_messaging_notifications": {"driver": "log"},
    "redfish": {
        "connect_timeout": 1, "read_timeout": 1, "connection_attempts": 1, "connection_retry_interval": 1,
        "firmware_update_status_interval": 1, "firmware_update_fail_interval": 1, "raid_config_status_interval": 1,
        "firmware_update_required_successes": 1, "firmware_update_validation_interval": 1,
        "firmware_update_reboot_delay": 1, "firmware_update_bmc_version_check_interval": 1,
        "post_boot_retry_attempts": 1, "post_boot_retry_delay": 1, "power_on_conflict_retry_interval": 1,
    },
    "sensor_data": {"send_sensor_data": True, "interval": 1, "enable_for_undeployed_nodes": True},
}
KINDS = ("bios", "firmware", "inspect", "management", "power", "raid", "vendor")
# Make, how it is logged in to.
BMCS = (("generic", "session"), ("dell", "basic"), ("lenovo", "auto"), ("openbmc", "session"), ("huawei", None))
# Bug, its argument, where it shows. `ELSEWHERE` is a host that nobody should be sent to.
ELSEWHERE = object()
# Those that concern credentials, for every BMC.
BUGS = (
    ("Echo", None, {}), ("Echo", None, {"at": "/redfish/v1/Systems"}), ("Echo", None, {"on": "PATCH"}), ("Echo", None, {"on": "POST"}),
    ("Redirect", ELSEWHERE, {}), ("Redirect", ELSEWHERE, {"at": "/redfish/v1/Systems"}),
    ("Unauthorized", None, {"times": 1}), ("Unauthorized", None, {"at": "/redfish/v1/Systems"}), ("Truncated", None, {}),
)
# The others, each for one BMC: what they do to each operation is tested with the drivers.
OTHER_BUGS = (
    ("Truncated", None, {"at": "/redfish/v1/SessionService"}), ("Busy", None, {"times": 3}), ("Busy", None, {}),
    ("Silent", None, {"at": "/redfish/v1/Systems"}), ("Reset", None, {}), ("LostAnswer", None, {"on": "POST"}), ("Huge", None, {}),
    ("Deep", None, {}), ("Html", None, {}), ("WrongTypes", None, {}), ("IdLoop", None, {}), ("EndlessPages", None, {}),
    ("ManyMembers", 5000, {}), ("InternalError", None, {}), ("Changed", None, {"on": "PATCH"}), ("SessionsFull", None, {}),
    ("AlternatingPower", None, {}), ("Slow", 1500, {"at": "/redfish/v1/Systems"}),
)
# Fields that repeat what a user put there, as Ironic 39.0.0 does: secrets within URLs are the user's own words
# there, and Kg and SNMP communities are shown (the recorded contract has both).
REPEATED = {"image_source", "deploy_iso", "clean_step", "deploy_step", "service_step", "clean_steps", "deploy_steps", "service_steps",
            "user_deploy_steps", "redfish_fw_updates", "redfish_address", "ipmi_hex_kg_key", "snmp_community"}
VERSIONS = ["1.%d" % minor for minor in range(1, 116)]
# Those at which a field that could hold a secret appears: each node by itself.
TELLING = ("1.1", "1.3", "1.12", "1.40", "1.69", "1.90", "1.115")


class Recorder(Rest):
    """Remembers every answer."""

    def __init__(self, base):
        super().__init__(base)
        self.answers = {}

    def call(self, method, path, body=None, version=None, remember=True):
        status, answer = super().call(method, path, body, version)
        if remember:
            self.answers.setdefault("%s %s" % (method, path.split("?")[0]), set()).add(json.dumps(_unrepeated(answer)))
        return status, answer


def _unrepeated(value):
    """The answer without the fields that repeat a user's own words."""
    if isinstance(value, dict):
        return {key: _unrepeated(member) for key, member in value.items() if key not in REPEATED}
    return [_unrepeated(item) for item in value] if isinstance(value, list) else value


class Site:
    """The server, its BMCs and what is secret of them."""

    def __init__(self, stage):
        self.stage, self.report = stage, stage.report
        self.sieve, self.markers = sieve.Sieve(), sieve.Sieve()
        self.nodes, self.bmcs, self._plain = [], [], {}
        self.marker = self.markers.add("the marker", "marker-" + secrets.token_hex(8))

    def secret(self, name):
        """A new distinctive secret, of characters that need quoting somewhere."""
        return self.sieve.add(name, 'S%s"%s\\%s/+%s' % tuple(secrets.token_hex(4) for _ in range(4)))

    def plain_secret(self, name):
        """The secret of this name, that fits into a URL or a command line of any kind."""
        if name not in self._plain:
            self._plain[name] = self.sieve.add(name, "S" + secrets.token_hex(12))
        return self._plain[name]

    def start(self):
        self.simulator = bmc_sim.build(self.report.progress)
        self.recordings = (self.stage.directory / "recordings").resolve()
        first = free_port()
        changes = {**CHANGES, "console": {"socat_address": "127.0.0.1", "port_range": "%d:%d" % (first, first + 50)},
                   "ferric_console": {"enabled": True, "host_ip": "127.0.0.1", "port": free_port(), "recording_dir": self.recordings}}
        self.process, self.url = self.stage.serve("secrets-server", changes=changes)
        self.rest = Recorder(self.url)
        self.elsewhere = Listener()

    def create(self, name, driver, driver_info, **fields):
        made = self.rest.ok("POST", "/v1/nodes", {"name": name, "driver": driver, "driver_info": driver_info,
                                                  "extra": {"is": self.marker}, **fields})
        self.nodes.append(name)
        return made["name"]

    def call(self, method, path, body=None):
        """Ask and accept any answer but a server error; the node is waited for."""
        status, answer = self.rest.call(method, path, body)
        if path.startswith("/v1/nodes/"):
            self.settled(path.split("/")[3].split("?")[0])
        return status, answer

    def settled(self, name, seconds=90):
        """The node when nothing goes on with it any more."""
        end = time.monotonic() + seconds
        while True:
            node = self.rest.node(name)
            if not node["reservation"] and not node["target_power_state"] and not (
                    node["provision_state"] in ("verifying", "inspecting", "cleaning", "deploying", "servicing")):
                return node
            assert time.monotonic() < end, "%s: %s, locked by %s" % (name, node["provision_state"], node["reservation"])
            time.sleep(0.05)

    def patch(self, name, path, value):
        return self.call("PATCH", "/v1/nodes/" + name, [{"op": "add", "path": path, "value": value}])


def run(stage):
    if stage.oracle:
        stage.report.add("secrets", "skipped", "our simulator, metrics and recordings are not Ironic's")
        return
    site = Site(stage)
    with stage.report.check("server and simulators start", essential=True):
        site.start()
        site.bmcs = [bmc_sim.start(stage.processes, site.simulator, model, site.secret("password of %s" % model)) for model, _ in BMCS]
    stories = {"Redfish, %s %s" % (model, auth or "over ibmc"): functools.partial(_redfish, bmc=bmc, auth=auth)
               for (model, auth), bmc in zip(BMCS, site.bmcs)}
    stories.update({"IPMI": _ipmi, "agent": _agent})
    _told_at_once(site, stories)
    with stage.report.group("refused requests"):
        _refused(site, stage.report)
    with stage.report.group("search"):
        _search(site)


class Story:
    """The checks of a story that is told beside others; reported when all have ended."""

    def __init__(self):
        self.checks = []

    @contextlib.contextmanager
    def check(self, name, essential=False):
        started, reason = time.monotonic(), ""
        try:
            yield
        except Exception as error:
            reason = "%s: %s" % (type(error).__name__, error)
            if essential:
                raise
        finally:
            self.checks.append((name, reason, time.monotonic() - started))


def _told_at_once(site, stories):
    """Most of a story is waiting for BMCs that do not answer, so all are told side by side."""
    def tell(tale):
        story = Story()
        try:
            tale(site, story)
        except Exception as error:
            story.checks.append(("it comes to its end", "%s: %s" % (type(error).__name__, error), 0))
        return story

    with concurrent.futures.ThreadPoolExecutor(len(stories)) as pool:
        told = dict(zip(stories, pool.map(tell, stories.values())))
    for name, story in told.items():
        with site.report.group(name):
            for check, reason, seconds in story.checks:
                site.report.add(check, "failed" if reason else "passed", reason, seconds)


# --------------------------------------------------------------------------------------- Redfish

def _redfish(site, report, bmc, auth):
    name = "over-" + bmc.model
    prefix = "redfish" if auth else "ibmc"
    info = {**bmc.driver_info(prefix), **({"redfish_auth_type": auth} if auth else {})}
    with report.check("a wrong password is refused"):
        wrong = {**info, prefix + "_password": site.secret("wrong password of " + bmc.model)}
        interfaces = {kind + "_interface": "redfish" for kind in KINDS} if auth else {}
        site.create(name, "fake-hardware" if auth else "ibmc", wrong, **interfaces)
        site.call("PUT", "/v1/nodes/%s/states/provision" % name, {"target": "manage"})
        node = site.settled(name)
        assert node["provision_state"] == "enroll" and node["last_error"], node["last_error"]
    with report.check("a BMC that is away"):
        site.patch(name, "/driver_info/%s_address" % prefix, "http://127.0.0.1:%d" % free_port())
        _operations(site, name)
        site.patch(name, "/driver_info/%s_address" % prefix, bmc.url)
    with report.check("everything works with the right one", essential=True):
        site.patch(name, "/driver_info/%s_password" % prefix, bmc.password)
        site.rest.provision(name, "manage", "manageable")
        site.rest.ok("PUT", "/v1/nodes/%s/states/power" % name, {"target": "power on"})
        site.rest.reaches(name, power_state="power on", target_power_state=None)
        _operations(site, name)
        _steps(site, name)
    mine = BUGS + OTHER_BUGS[site.bmcs.index(bmc)::len(site.bmcs)]
    with report.check("%d misbehaviours" % len(mine)):
        for bug, argument, where in mine:
            bmc.misbehave(bug, site.elsewhere.url + "/redfish/v1/" if argument is ELSEWHERE else argument, **where)
            _changes(site, name)
            bmc.heal()
            _recovered(site, name)
    with report.check("steps fail while the BMC repeats what it is sent"):
        for where in ({"on": "PATCH"}, {"on": "POST"}):
            bmc.misbehave("Echo", **where)
            _steps(site, name)
            bmc.heal()
            _recovered(site, name)
        bmc.misbehave("FailingTasks")
        _steps(site, name)
        bmc.heal()
    for number, token in enumerate(bmc.tokens()):
        site.sieve.add("token %d of %s" % (number, bmc.model), token)


def _recovered(site, name, seconds=90):
    """After a refusal a login is not tried again for a while, lest the account be locked."""
    end = time.monotonic() + seconds
    while site.call("GET", "/v1/nodes/%s/management/boot_device" % name)[0] != 200:
        assert time.monotonic() < end, "%s does not recover" % name
        time.sleep(0.5)


def _operations(site, name):
    """What can be asked of a node at once, whatever comes of it."""
    at = "/v1/nodes/%s" % name
    for path in ("/management/boot_device", "/management/boot_device/supported", "/management/indicators", "/validate",
                 "/vendor_passthru?method=get_all_subscriptions", "/vendor_passthru?method=get_raid_controller_list",
                 "/vendor_passthru?method=boot_up_seq", "/vmedia", "/states"):
        site.call("GET", at + path)
    site.call("PUT", at + "/states/boot_mode", {"target": "uefi"})
    site.call("PUT", at + "/states/secure_boot", {"target": False})
    site.call("DELETE", at + "/vmedia?device_types=cdrom")
    site.call("POST", at + "/vendor_passthru?method=eject_vmedia", {"boot_device": "cd"})
    _changes(site, name)


def _changes(site, name):
    """What sends something to a BMC that it could repeat."""
    at, media = "/v1/nodes/%s" % name, site.plain_secret("password in the URL of a medium")
    site.call("PUT", at + "/management/boot_device", {"boot_device": "cdrom", "persistent": False})
    site.call("PUT", at + "/management/inject_nmi", {})
    site.call("PUT", at + "/states/power", {"target": "rebooting"})
    site.call("POST", at + "/vmedia", {"device_type": "cdrom", "image_url": "http://user:%s@192.0.2.1/%s.iso" % (media, site.marker)})
    site.call("POST", at + "/vendor_passthru?method=create_subscription",
              {"Destination": "https://192.0.2.1/", "EventTypes": ["Alert"], "HttpHeaders": [{"X-Key": site.plain_secret("header of a subscription")}]})


def _steps(site, name):
    """Steps with settings, volumes and firmware, and an inspection; each may fail."""
    if site.rest.node(name)["provision_state"] != "manageable":
        site.call("PUT", "/v1/nodes/%s/states/provision" % name, {"target": "manage"})
    file = "http://user:%s@192.0.2.1/bmc-2.5.bin" % site.plain_secret("password in the URL of firmware")
    steps = [("bios", "factory_reset", {}), ("management", "set_bmc_ntp_servers", {"servers": ["192.0.2.123"]}),
             ("raid", "create_configuration", {}), ("raid", "delete_configuration", {}),
             ("firmware", "update", {"settings": [{"component": "bmc", "url": file}]}),
             ("management", "update_firmware", {"firmware_images": [{"url": file, "checksum": "0" * 64}]})]
    site.call("PUT", "/v1/nodes/%s/states/raid" % name, {"logical_disks": [{"raid_level": "1", "size_gb": 100}]})
    for interface, step, arguments in steps:
        status, _ = site.call("PUT", "/v1/nodes/%s/states/provision" % name, {
            "target": "clean", "disable_ramdisk": True, "clean_steps": [{"interface": interface, "step": step, "args": arguments}]})
        if status == 202:
            _back(site, name)
    status, _ = site.call("PUT", "/v1/nodes/%s/states/provision" % name, {"target": "inspect"})
    if status == 202:
        _back(site, name)


def _back(site, name):
    """The node becomes manageable again, whatever became of what it did; one that goes on for long is stopped."""
    end = time.monotonic() + 15
    while True:
        node = site.settled(name)
        if node["provision_state"] == "manageable":
            break
        if node["provision_state"] in ("clean failed", "inspect failed"):
            site.call("PUT", "/v1/nodes/%s/states/provision" % name, {"target": "manage"})
        elif time.monotonic() > end:
            site.call("PUT", "/v1/nodes/%s/states/provision" % name, {"target": "abort"})
        assert time.monotonic() < end + 60, "%s stays %s" % (name, node["provision_state"])
        time.sleep(0.1)
    if node["maintenance"]:
        site.call("DELETE", "/v1/nodes/%s/maintenance" % name)


# ------------------------------------------------------------------------------------------ IPMI

def _ipmi(site, report):
    kg = "K" + secrets.token_hex(9)
    hex_kg = site.sieve.add("Kg", kg.encode().hex().ljust(40, "0"))
    site.sieve.add("Kg, decoded", kg)
    password, wrong, lost = ("P" + secrets.token_hex(7) for _ in range(3))
    for name, value in (("IPMI password", password), ("wrong IPMI password", wrong), ("IPMI password of a BMC that is away", lost)):
        site.sieve.add(name, value)
    with report.check("BMCs start", essential=True):
        # Who is refused has a BMC of his own: it has few sessions, and half-open ones take some of them.
        with_kg, refusing = (bmc_sim.start_ipmi(site.stage.processes, site.simulator, name, password, "--kg", kg)
                             for name in ("ipmi-kg", "ipmi-refusing"))
        dead = bmc_sim.start_ipmi(site.stage.processes, site.simulator, "ipmi-dead", lost, "--dead-every", "1")
    wrong_kg = site.sieve.add("wrong Kg", secrets.token_hex(20))
    away = {**dead, "ipmi_port": str(free_port(socket.SOCK_DGRAM))}
    stories = (("right", {**with_kg, "ipmi_hex_kg_key": hex_kg}, "manageable"),
               ("wrong-password", {**refusing, "ipmi_hex_kg_key": hex_kg, "ipmi_password": wrong}, "enroll"),
               ("wrong-kg", {**refusing, "ipmi_hex_kg_key": wrong_kg}, "enroll"),
               ("silent", dead, "enroll"), ("away", away, "enroll"))
    for name, info, state in stories:
        with report.check("%s ends %s" % (name, state)):
            info = {**info, "snmp_community": site.plain_secret("community of " + name),
                    "snmp_auth_key": site.plain_secret("SNMP key of " + name), "snmp_priv_key": site.plain_secret("SNMP privacy key of " + name)}
            site.create("ipmi-" + name, "ipmi", info, console_interface="ipmitool-socat")
            site.call("PUT", "/v1/nodes/ipmi-%s/states/provision" % name, {"target": "manage"})
            node = site.settled("ipmi-" + name)
            assert node["provision_state"] == state, node["last_error"]
            _ipmi_operations(site, "ipmi-" + name)
    with report.check("a console is used"):
        at = "/v1/nodes/ipmi-right/states/console"
        site.call("PUT", at, {"enabled": True})
        port = int(site.rest.get(at)["console_info"]["url"].rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            _until(line, "connected")
            line.sendall(site.marker.encode() + b"\r")
            _until(line, site.marker)
        # The link is given to one person, who uses it once; it belongs nowhere else.
        _, link = site.rest.call("POST", "/console/ipmi-right", {}, remember=False)
        site.sieve.add("link to a console", link["url"].split("#")[1])
        with contextlib.suppress(OSError):
            urllib.request.urlopen(link["url"].split("#")[0], timeout=10).read()
        site.call("PUT", at, {"enabled": False})
    with report.check("consoles that cannot be opened"):
        for name in ("wrong-password", "wrong-kg", "silent"):
            at = "/v1/nodes/ipmi-%s/states/console" % name
            site.call("PUT", at, {"enabled": True})
            info = site.rest.get(at)["console_info"]
            if info and answers(int(info["url"].rsplit(":", 1)[1])):
                with socket.create_connection(("127.0.0.1", int(info["url"].rsplit(":", 1)[1])), timeout=10) as line:
                    with contextlib.suppress(OSError, AssertionError):
                        _until(line, "tried again", 5)
            site.call("PUT", at, {"enabled": False})


def _until(line, text, seconds=60):
    end, seen = time.monotonic() + seconds, ""
    while text not in seen:
        line.settimeout(max(0.1, end - time.monotonic()))
        data = line.recv(4096)
        assert data, "wanted %r, saw %r" % (text, seen)
        seen += data.decode(errors="replace")


def _ipmi_operations(site, name):
    at = "/v1/nodes/" + name
    for path in ("/management/boot_device", "/management/boot_device/supported", "/validate", "/states"):
        site.call("GET", at + path)
    site.call("PUT", at + "/management/boot_device", {"boot_device": "pxe", "persistent": True})
    site.call("PUT", at + "/states/power", {"target": "power on"})
    site.call("PUT", at + "/management/inject_nmi", {})
    site.call("POST", at + "/vendor_passthru?method=send_raw", {"raw_bytes": "0x06 0x01"})
    site.call("POST", at + "/vendor_passthru?method=bmc_reset", {"warm": True})


# ----------------------------------------------------------------------------------------- agent

def _agent(site, report):
    """A node that is deployed by an agent of ours, which repeats what it is told."""
    name = "over-agent"
    image, drive = site.plain_secret("password in the URL of an image"), site.secret("secret in a configdrive")
    packed = site.secret("secret in a packed configdrive")
    agent = Listener(lambda request: (500, json.dumps({"faultstring": "cannot do " + request}).encode()))
    with report.check("a deployment waits for its agent", essential=True):
        site.create(name, "fake-hardware", {"deploy_kernel": "http://192.0.2.1/k", "deploy_ramdisk": "http://192.0.2.1/r"},
                    deploy_interface="direct", resource_class="agent", properties={"cpu_arch": "x86_64"})
        site.rest.ok("POST", "/v1/ports", {"node_uuid": site.rest.node(name)["uuid"], "address": "52:54:00:5e:c7:01"})
        site.patch(name, "/automated_clean", False)
        site.rest.provision(name, "manage", "manageable")
        site.rest.provision(name, "provide", "available")
        for field, value in (("image_source", "http://user:%s@192.0.2.1/%s.qcow2" % (image, site.marker)),
                             ("image_checksum", "0" * 64), ("image_os_hash_algo", "sha256"), ("image_os_hash_value", "0" * 64)):
            site.patch(name, "/instance_info/" + field, value)
        site.rest.provision(name, "active", "wait call-back", configdrive={"user_data": drive, "meta_data": {"hostname": site.marker}})
    with report.check("it tells its token once, and only the right one is taken"):
        uuid = site.rest.node(name)["uuid"]
        status, found = site.rest.call("GET", "/v1/lookup?node_uuid=" + uuid, remember=False)
        token = found["config"]["agent_token"]
        assert status == 200 and not token.startswith("*"), found
        site.sieve.add("agent token", token)
        again = site.rest.get("/v1/lookup?node_uuid=" + uuid)
        assert again["config"]["agent_token"] != token
        beat = {"callback_url": agent.url, "agent_version": "11.0.0", "agent_verify_ca": None}
        site.call("POST", "/v1/heartbeat/" + uuid, {**beat, "agent_token": site.plain_secret("wrong agent token")})
        status, answer = site.call("POST", "/v1/heartbeat/" + uuid, {**beat, "agent_token": token})
        assert status == 202, answer
        end = time.monotonic() + 60
        while site.rest.node(name)["provision_state"] == "wait call-back" and time.monotonic() < end:
            time.sleep(0.2)
        node = site.settled(name)
        assert agent.heard and node["provision_state"] == "deploy failed" and node["last_error"], node["provision_state"]
        assert any(token in heard for heard in agent.heard), "the agent was not shown the token"
    with report.check("configdrives of other kinds, and a rescue password"):
        site.call("PUT", "/v1/nodes/%s/states/provision" % name, {
            "target": "active", "configdrive": base64.b64encode(packed.encode()).decode()})
        site.settled(name)
        site.create("rescued", "fake-hardware", {}, rescue_interface="fake")
        for verb, state in (("manage", "manageable"), ("provide", "available"), ("active", "active")):
            site.rest.provision("rescued", verb, state)
        site.rest.provision("rescued", "rescue", "rescue", rescue_password=site.secret("rescue password"))
        site.rest.ok("POST", "/v1/volume/targets", {
            "node_uuid": site.rest.node("rescued")["uuid"], "volume_type": "iscsi", "volume_id": "v", "boot_index": 0,
            "properties": {"auth_username": "u", "auth_password": site.secret("password of a volume")}})


# --------------------------------------------------------------------------------------- refusals

def _refused(site, report):
    """Requests whose refusal could repeat a secret."""
    with report.check("credentials in wrong places"):
        secret = site.plain_secret("secret in a refused request")
        bad = [{"ipmi_hex_kg_key": "not hex " + secret, "ipmi_address": "192.0.2.1"},
               {"ipmi_password": {"a_password": secret}, "ipmi_address": "192.0.2.1"},
               {"ipmi_password": [secret], "ipmi_address": "192.0.2.1"},
               {"ipmi_address": "192.0.2.1", "ipmi_password": secret * 10}]
        bad += [{"redfish_address": "http://user:%s@127.0.0.1:1" % secret}, {"redfish_address": "127.0.0.1:1", "redfish_password": [secret]},
                {"redfish_address": "127.0.0.1:1", "redfish_username": "a", "redfish_password": secret, "redfish_auth_type": "odd"},
                {"redfish_address": "127.0.0.1:1", "redfish_username": {"a": 1}, "redfish_password": {"x_password": secret}}]
        for number, info in enumerate(bad):
            driver = "ipmi" if number < 4 else "redfish"
            status, made = site.rest.call("POST", "/v1/nodes", {"name": "bad-%d" % number, "driver": driver, "driver_info": info})
            if status == 201:
                site.nodes.append(made["name"])
                site.call("GET", "/v1/nodes/%s/validate" % made["name"])
                site.call("PUT", "/v1/nodes/%s/states/provision" % made["name"], {"target": "manage"})
                site.call("PUT", "/v1/nodes/%s/states/power" % made["name"], {"target": "power on"})
    with report.check("requests that cannot be read"):
        secret = site.plain_secret("secret in an unreadable request")
        for body in ('{"driver": "ipmi", "driver_info": {"ipmi_password": "%s"' % secret, '{"driver_info": {"ipmi_password": "%s"}}x' % secret,
                     '[{"ipmi_password": "%s"}]' % secret):
            request = urllib.request.Request(site.url + "/v1/nodes", data=body.encode(), method="POST", headers={
                "Content-Type": "application/json", "X-OpenStack-Ironic-API-Version": "1.115"})
            try:
                urllib.request.urlopen(request, timeout=10)
            except urllib.error.HTTPError as refusal:
                site.rest.answers.setdefault("POST /v1/nodes", set()).add(refusal.read().decode())
        for body in ({"driver": "ipmi", "driver_info": "ipmi_password=" + secret}, {"driver": "ipmi", "driver_info": {"ipmi_password": secret}, "odd": 1},
                     {"driver": "no-such", "driver_info": {"ipmi_password": secret}}):
            site.rest.call("POST", "/v1/nodes", body)
        for op in ({"op": "odd", "path": "/driver_info/ipmi_password", "value": secret}, {"op": "add", "path": "driver_info", "value": {"ipmi_password": secret}},
                   {"op": "test", "path": "/driver_info/ipmi_password", "value": secret},
                   {"op": "replace", "path": "/driver_info", "value": [{"ipmi_password": secret}]}):
            site.rest.call("PATCH", "/v1/nodes/ipmi-right", [op])
        site.rest.call("PUT", "/v1/nodes/rescued/states/provision", {"target": "rescue", "rescue_password": [secret]})
        site.rest.call("PUT", "/v1/nodes/rescued/states/provision", {"target": "rebuild", "configdrive": 7, "rescue_password": secret})
        site.rest.call("POST", "/v1/heartbeat/" + site.rest.node("rescued")["uuid"], {
            "callback_url": "odd", "agent_version": "1", "agent_token": secret})


# ---------------------------------------------------------------------------------------- search

def _search(site):
    report, rest = site.report, site.rest
    with report.check("the API is read whole, at %d microversions" % len(VERSIONS)):
        _read_everything(site)
        metrics = urllib.request.urlopen(site.url + "/metrics", timeout=30).read().decode()
    time.sleep(2)
    log = site.process.log.read_text(errors="replace")
    told = [line for line in log.splitlines() if re.search(r"\b(baremetal|hardware)\.\w+\.\w+", line)]
    events = {re.search(r"\b(?:baremetal|hardware)\.[\w.]+", line)[0] for line in told}
    recordings = "\n".join(path.read_text(errors="replace") for path in site.recordings.rglob("*") if path.is_file())
    answers_by_path = {path: "\n".join(texts) for path, texts in rest.answers.items()}
    sinks = {"the log": log, "the notifications": "\n".join(told), "/metrics": metrics, "the recordings": recordings}
    report.note("%d secrets; %d lines of log, %d notifications of %d types, %d paths of the API" % (
        len(site.sieve.names()), log.count("\n"), len(told), len(events), len(answers_by_path)))
    with report.check("a marker that is no secret is found in all of them"):
        for name, text in {**sinks, "the answers": "\n".join(answers_by_path.values())}.items():
            wanted = 'node_name="over-openbmc"' if name == "/metrics" else None
            assert (wanted in text) if wanted else site.markers.search(text), "not in %s" % name
        assert "baremetal.node.provision_set.error" in events or len(events) > 3, sorted(events)
    with report.check("an encoded marker is found"):
        for encode in (lambda data: base64.b64encode(b"x:" + data).decode(), lambda data: data.hex(),
                       lambda data: base64.urlsafe_b64encode(data).decode(), lambda data: json.dumps({"a": data.decode()})):
            site.rest.ok("PATCH", "/v1/nodes/rescued", [{"op": "add", "path": "/extra/encoded", "value": encode(site.marker.encode())}])
            text = json.dumps(site.rest.node("rescued")["extra"]["encoded"])
            assert site.markers.search(text), text
    for name, text in sinks.items():
        with report.check("no secret is in %s" % name):
            found = site.sieve.search(text)
            assert not found, sieve.told(found)
    with report.check("no secret is in an answer of the API"):
        found = [(secret, form, "%s: %s" % (path, around)) for path, text in sorted(answers_by_path.items())
                 for secret, form, around in site.sieve.search(text)]
        assert not found, sieve.told(found)
    with report.check("a BMC that leads elsewhere has led nobody there"):
        assert not site.elsewhere.heard, site.elsewhere.heard[0]
    with report.check("the process has not panicked"):
        assert site.process.running() and "panicked" not in log


def _read_everything(site):
    rest = site.rest
    fields = "fields=uuid,name,driver_info,driver_internal_info,instance_info,last_error,extra,properties,raid_config,target_raid_config"
    for version in VERSIONS:
        for path in ("/v1/nodes/detail", "/v1/volume/targets?detail=True", "/v1/ports/detail"):
            rest.call("GET", path, version=version)
    for version in TELLING:
        for node in rest.get("/v1/nodes")["nodes"]:
            rest.call("GET", "/v1/nodes/" + node["uuid"], version=version)
    rest.get("/v1/nodes?" + fields)
    for driver in ALL.split(","):
        rest.get("/v1/drivers/%s/properties" % driver)
        rest.get("/v1/drivers/" + driver)
    rest.get("/v1/conductors?detail=true")
    for name in site.nodes:
        for path in ("", "/states", "/validate", "/history?detail=true", "/bios?detail=true", "/firmware", "/inventory", "/ports?detail=true",
                     "/traits", "/vendor_passthru/methods", "/states/console", "/allocation", "/children", "/vifs", "/maintenance"):
            rest.call("GET", "/v1/nodes/%s%s" % (name, path))
        status, history = rest.call("GET", "/v1/nodes/%s/history" % name)
        for event in (history or {}).get("history") or []:
            rest.call("GET", "/v1/nodes/%s/history/%s" % (name, event["uuid"]))
