"""Random walks of nodes through their lives, on the real Ironic and on our server at once."""
import concurrent.futures
import json
import os
import random
import sys
import time

from runner import prerequisites
from servers import configuration, ferric, ironic
from servers.rest import Rest

SEED = os.environ.get("FLOWS_SEED", "39")     # another number takes other walks
LENGTH = 24
MANY = 10                   # times as many walks with --full
RULES = 40                  # cases
# Agents of ours speak no TLS, and one that is gone shall not be waited for.
AGENTS = {"agent": {"require_tls": False, "max_command_attempts": 1, "command_timeout": 5, "post_deploy_get_power_state_retries": 2,
                    "post_deploy_get_power_state_retry_interval": 1, "deploy_logs_collect": "never"}}
IMPATIENT = {"conductor": {"check_provision_state_interval": 1, "deploy_callback_timeout": 6, "clean_callback_timeout": 6,
                           "inspect_wait_timeout": 6, "rescue_callback_timeout": 6, "service_callback_timeout": 6}}
# The runbook that cleans where a configuration names one.
AUTO = {"name": "CUSTOM_AUTO", "public": True, "steps": [
    {"interface": "bios", "step": "factory_reset", "args": {}, "order": 1}, {"interface": "vendor", "step": "log_passthrough", "args": {}, "order": 2}]}
# How a site may be configured, and how many walks are taken there.
SITES = (
    ("as recorded", {}, 24),
    ("fast track", {"deploy": {"fast_track": True}}, 6),
    ("strict", {
        "conductor": {"allow_provisioning_in_maintenance": False, "poweroff_in_cleanfail": True, "poweroff_in_servicefail": True,
                      "record_step_flows_in_history": False, "automated_clean": False, "max_concurrent_clean": 3, "max_concurrent_deploy": 3,
                      "permit_child_node_step_async_result": True, "disallowed_deployment_boot_modes": "bios"},
        "deploy": {"power_off_after_deploy_failure": False},
        "api": {"disallow_clean_steps": "bios.factory_reset", "disallow_deploy_steps": "deploy.inject_files",
                "disallow_service_steps": "vendor.log_passthrough"}}, 6),
    ("cleaned by runbooks", {
        "conductor": {"automated_cleaning_step_source": "hybrid", "automated_cleaning_runbook": "CUSTOM_AUTO",
                      "automated_cleaning_runbook_from_node": True, "automated_cleaning_runbook_validate_traits": False}}, 6),
)
DELAYS = ("power", "boot", "deploy", "vendor", "management", "inspect", "raid", "bios", "storage", "rescue", "firmware")
SLOW = {"fake": {name + "_delay": 600 for name in DELAYS}}


def run(stage):
    sys.path.insert(0, str(prerequisites.HERE / "flows"))
    for name, changes, count in SITES:
        with stage.report.group("walks, " + name):
            walks(stage, name, changes, count)
    with stage.report.group("nobody comes"):
        timeouts(stage)
    with stage.report.group("kill -9"):
        killed(stage)


def _pair(stage, name, changes=None, ports=(None, None), fresh=True):
    """The real Ironic and our server: [(process, URL), (process, URL)]."""
    changes = configuration.merge(AGENTS, changes or {})

    def reference():
        return ironic.start(stage.processes, name + "-ironic", drivers=4, changes=changes, port=ports[0], create_schema=fresh)

    def server():
        if stage.oracle:
            return ironic.start(stage.processes, name + "-oracle", drivers=4, changes=changes, port=ports[1], create_schema=fresh)
        return ferric.configured(stage.processes, stage.executable(), name, changes=changes, port=ports[1], create_schema=fresh)
    if not stage.oracle:
        stage.executable()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [started.result() for started in [pool.submit(reference), pool.submit(server)]]


def walks(stage, name, changes, count):
    import walks as walking
    slug = name.replace(" ", "-")
    with stage.report.check("the real Ironic and our server start", essential=True):
        pair = _pair(stage, slug, changes)
        for _, url in pair:
            Rest(url).ok("POST", "/v1/runbooks", AUTO)
    count *= MANY if stage.full else 1
    counts = {"walks": 0, "steps": 0}

    def tell(walk, lines):
        counts["walks"] += 1
        counts["steps"] += len(walk.trail)
        text = "\n".join(lines[:8] + ["after:"] + walk.trail[-20:])
        stage.report.add("walk %s, %d steps" % (walk.seed, len(walk.trail)), "failed" if lines else "passed", text if lines else "", show=bool(lines))
        stage.report.progress("%d of %d walks" % (counts["walks"], count))
    walking.take([url for _, url in pair], ["%s-%d" % (SEED if not changes else slug + SEED, number) for number in range(count)], LENGTH, tell)
    stage.report.note("%s: %d walks, %d steps" % (name, counts["walks"], counts["steps"]))
    # Rules drawn at random still find values of odd types that end otherwise here: a hunt, for whoever mends them.
    if not changes and stage.full:
        with stage.report.group("inspection rules"):
            ruled(stage, pair)
    for process, _ in pair:
        stage.processes.stop(process)


def ruled(stage, pair):
    import rules

    def tell(case, lines):
        text = "\n".join([*lines[:8], *map(json.dumps, case.rules)])
        stage.report.add("case %s, %d rules" % (case.seed, len(case.rules)), "failed" if lines else "passed", text if lines else "", show=bool(lines))
    rules.take([url for _, url in pair], ["%s-%d" % (SEED, number) for number in range(RULES * (MANY if stage.full else 1))], tell)


# ------------------------------------------------------ waits that nobody ends

BUSY = "*busy"          # no verb: an agent reports in and works on its step for ever
IMAGE = {"image_source": "@image", "image_checksum": "0" * 32, "image_disk_format": "raw", "root_gb": 1}
# name, interfaces, the way to the wait state
WAITS = (
    ("clean wait, automated", {"deploy_interface": "direct"}, [("manage", {}), ("provide", {})]),
    ("clean wait, manual", {"deploy_interface": "direct"}, [
        ("manage", {}), ("clean", {"clean_steps": [{"interface": "deploy", "step": "erase_devices"}]})]),
    ("wait call-back", {"deploy_interface": "direct", "automated_clean": False, "instance_info": IMAGE}, [
        ("manage", {}), ("provide", {}), ("active", {})]),
    ("clean wait, in a step", {"deploy_interface": "direct"}, [
        ("manage", {}), ("clean", {"clean_steps": [{"interface": "deploy", "step": "burnin_cpu"}]}), (BUSY, {})]),
    ("wait call-back, in a step", {"deploy_interface": "direct", "automated_clean": False, "instance_info": IMAGE}, [
        ("manage", {}), ("provide", {}), ("active", {}), (BUSY, {})]),
    ("inspect wait", {"inspect_interface": "agent"}, [("manage", {}), ("inspect", {})]),
    ("service wait, by an agent", {"deploy_interface": "direct"}, [
        ("manage", {}), ("adopt", {}), ("service", {"service_steps": [{"interface": "deploy", "step": "burnin_memory"}]})]),
    ("service wait, by a step", {}, [
        ("manage", {}), ("adopt", {}), ("service", {"service_steps": [{"interface": "vendor", "step": "trigger_servicewait"}]})]),
)


def _enrol(side, number, more):
    import steps
    node = "00000000-0000-4000-8000-%012d" % number
    body = {"uuid": node, "driver": "fake-hardware", "vendor_interface": "fake", **more}
    side.rest.ok("POST", "/v1/nodes", steps.filled(body, {"@image": side.agent.url + "/image.raw"}))
    side.rest.ok("POST", "/v1/ports", {"node_uuid": node, "address": "52:54:00:00:%02x:%02x" % divmod(number, 256)})
    return node


def _told(sides, node):
    """What differs in a node of both sides that has come to rest."""
    import view
    seen = [side.rests(node) for side in sides]
    histories = [view.history(side.ask("GET", "/v1/nodes/%s/history?detail=true" % node)[1], side) for side in sides]
    return seen[0], list(view.differences(*[view.of_node(one, side) for one, side in zip(seen, sides)])) + list(
        view.differences(*histories, "history"))


def timeouts(stage):
    from walk import Side
    with stage.report.check("both start with short patience", essential=True):
        pair = _pair(stage, "impatient", IMPATIENT)
    sides = [Side(url) for _, url in pair]
    nodes = {}
    for number, (name, more, way) in enumerate(WAITS):
        for side in sides:
            nodes[name] = node = _enrol(side, number, more)
            for verb, arguments in way:
                side.rests(node)
                if verb == BUSY:
                    side.lookup(node)
                    side.agent.moods[node] = "is busy"
                    side.heartbeat(node, {})
                    continue
                side.rest.ok("PUT", "/v1/nodes/%s/states/provision" % node, {"target": verb, **arguments})
    for name, node in nodes.items():
        with stage.report.check("%s ends alike" % name):
            for side in sides:
                end = time.monotonic() + 30
                while side.rest.node(node)["provision_state"].endswith(("wait", "call-back")):
                    assert time.monotonic() < end, "still %s at %s" % (side.rest.node(node)["provision_state"], side.base)
                    time.sleep(0.2)
            last, wrong = _told(sides, node)
            assert not wrong, "%s\n%s" % (last["provision_state"], "\n".join(wrong))
    for side in sides:
        side.agent.close()
    for process, _ in pair:
        stage.processes.stop(process)


# -------------------------------------------------------------------- kill -9

ADOPTED = [("manage", {}), ("adopt", {})]
READY = [("manage", {}), ("provide", {})]
RESCUED = [*ADOPTED, ("rescue", {"rescue_password": "secret"})]
# name, what the node is like, the way to where it is killed, the last verb
CRASHES = (
    ("verifying", {}, [], ("manage", {})),
    ("cleaning, automated", {}, [("manage", {})], ("provide", {})),
    ("cleaning, manual", {}, [("manage", {})], ("clean", {"clean_steps": [{"interface": "bios", "step": "factory_reset"}]})),
    ("inspecting", {}, [("manage", {})], ("inspect", {})),
    ("adopting", {}, [("manage", {})], ("adopt", {})),
    ("deploying", {}, READY, ("active", {})),
    ("deploying again", {}, [*READY, ("active", {}), ("deleted", {})], ("active", {})),
    ("deleting", {}, [*READY, ("active", {})], ("deleted", {})),
    ("rescuing", {}, ADOPTED, ("rescue", {"rescue_password": "secret"})),
    ("unrescuing", {}, RESCUED, ("unrescue", {})),
    ("servicing", {}, ADOPTED, ("service", {"service_steps": [{"interface": "vendor", "step": "log_passthrough"}]})),
    ("switching on", {}, [("manage", {})], ("power", {"target": "power on"})),
    ("switching off a deployed one", {}, [*READY, ("active", {})], ("power", {"target": "power off"})),
    ("inspect wait", {"inspect_interface": "agent"}, [("manage", {}), ("inspect", {})], None),
    ("clean wait", {"deploy_interface": "direct"}, [("manage", {}), ("provide", {})], None),
    ("wait call-back", {"deploy_interface": "direct", "automated_clean": False, "instance_info": IMAGE}, [*READY, ("active", {})], None),
    ("service wait", {}, [*ADOPTED, ("service", {"service_steps": [{"interface": "vendor", "step": "trigger_servicewait"}]})], None),
    ("maintenance and clean failed", {}, [("manage", {}), ("clean", {
        "clean_steps": [{"interface": "management", "step": "clear_job_queue"}], "disable_ramdisk": True})], None),
)


def killed(stage):
    """Both are killed with a node in every working state; what they make of it at the next start is compared."""
    from walk import Side
    with stage.report.check("both start, and nodes reach their places", essential=True):
        pair = _pair(stage, "crash")
        sides = [Side(url) for _, url in pair]
        nodes = {}
        for number, (name, more, way, _) in enumerate(CRASHES):
            for side in sides:
                nodes[name] = node = _enrol(side, number, {"rescue_interface": "fake", "vendor_interface": "fake", **more})
                for verb, arguments in way:
                    side.rest.ok("PUT", "/v1/nodes/%s/states/provision" % node, {"target": verb, **arguments})
                    side.rests(node)
    ports = [int(url.rpartition(":")[2]) for _, url in pair]
    with stage.report.check("both are killed at work", essential=True):
        for process, _ in pair:
            stage.processes.stop(process)
        pair = _pair(stage, "crash", SLOW, ports, fresh=False)
        for name, _, _, verb in CRASHES:
            for side in sides:
                if verb and verb[0] == "power":
                    side.rest.ok("PUT", "/v1/nodes/%s/states/power" % nodes[name], verb[1])
                elif verb:
                    side.rest.ok("PUT", "/v1/nodes/%s/states/provision" % nodes[name], {"target": verb[0], **verb[1]})
        time.sleep(1 + random.Random(SEED).random())
        before = {name: sides[0].rest.node(node)["provision_state"] for name, node in nodes.items()}
        for process, _ in pair:
            process.kill()
    with stage.report.check("both start again", essential=True):
        pair = _pair(stage, "crash", None, ports, fresh=False)
    time.sleep(2)
    for name, node in nodes.items():
        with stage.report.check("%s (%s): both make the same of it" % (name, before[name])):
            last, wrong = _told(sides, node)
            assert not wrong, "Ironic: %s, %s\n%s" % (last["provision_state"], json.dumps(last["last_error"]), "\n".join(wrong))
    for side in sides:
        side.agent.close()
    for process, _ in pair:
        stage.processes.stop(process)
