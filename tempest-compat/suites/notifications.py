"""Notifications on RabbitMQ, received with oslo.messaging as consumers of Ironic's do.

Every event that was recorded from Ironic 39.0.0 is caused and compared by type, priority, publisher,
payload class and version, and by the fields of its payload.
"""
import json
import os
import pathlib
import signal
import time
import urllib.request

from runner.report import Skip
from servers import bmc_ipmi, ironic, rabbitmq
from servers.rest import Rest

RECORDED = pathlib.Path(__file__).parents[2] / "schemas/rpc/tests/data/notifications.jsonl"
LISTENER = pathlib.Path(__file__).parents[1] / "servers/bus_listener.py"
TOPICS = ("ironic_versioned_notifications", "notifications")
FAKE = {"driver": "fake-hardware", "resource_class": "compat"}
SECRET = "hunter2-not-for-bus"


def run(stage):
    stage.debian("rabbitmq-server")
    python = ironic.binaries() / "python"
    with stage.report.check("RabbitMQ and a consumer of Ironic's start", essential=True):
        broker = rabbitmq.start(stage.processes)
        seen = stage.directory.resolve() / "notifications.jsonl"
        seen.write_text("")
        listener = stage.processes.start("listener", [python, LISTENER, broker.url, "ironic", seen, *TOPICS])
        listener.wait_until(lambda: "listening" in listener.tail(), 60, "listening")
    changes = {
        "DEFAULT": {"transport_url": broker.url, "notification_level": "info"},
        "oslo_messaging_notifications": {"driver": "messagingv2"},
        "conductor": {"sync_power_state_interval": 0, "automated_clean": True},
        "sensor_data": {"send_sensor_data": True, "interval": 1, "enable_for_undeployed_nodes": True},
    }
    with stage.report.check("the server starts", essential=True):
        process, url = stage.serve("server", changes)
    rest = Rest(url)
    for name, story in STORIES.items():
        with stage.report.check(name):
            story(rest)
    with stage.report.check("sensors of ipmi_sim come to the bus and to Prometheus"):
        sensors(stage, rest, url, seen)
    with stage.report.check("a console is restored after a restart", essential=True):
        port = int(url.rsplit(":", 1)[1])
        stage.processes.stop(process, seconds=30)
        again = configured_again(stage, changes, port)
        time.sleep(3)
    with stage.report.check("a bus that hangs holds no action up, and hears of it later"):
        hung(stage, broker, rest, seen)
    stage.processes.stop(again, seconds=30)
    compare(stage, seen)


def configured_again(stage, changes, port):
    """The same server on the same database."""
    if stage.oracle:
        return ironic.start(stage.processes, "server", changes=changes, port=port, create_schema=False)[0]
    from servers import ferric
    return ferric.configured(stage.processes, stage.executable(), "server", changes=changes, port=port, create_schema=False)[0]


def hung(stage, broker, rest, seen):
    """RabbitMQ is stopped in mid-air while a node goes through its life."""
    if stage.oracle:
        raise Skip("Ironic waits for its bus")
    node = rest.ok("POST", "/v1/nodes", FAKE)["uuid"]
    os.killpg(broker.process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        for verb, state in (("manage", "manageable"), ("provide", "available"), ("active", "active"), ("deleted", "available")):
            rest.provision(node, verb, state)
        took = time.monotonic() - began
    finally:
        os.killpg(broker.process.pid, signal.SIGCONT)
    assert took < 20, "it took %.1f s" % took
    stage.report.note("with a bus that hangs, a node's life took %.1f s" % took)
    end = time.monotonic() + 60
    while not any(node in line and "provision_set.end" in line and '"available"' in line for line in seen.read_text().splitlines()):
        assert time.monotonic() < end, "nothing of it ever came"
        time.sleep(0.5)


def refused(rest, method, path, body=None):
    status, answer = rest.call(method, path, body)
    assert 400 <= status < 500, "%s %s: %d %s" % (method, path, status, answer)


def replace(path, value):
    return [{"op": "replace", "path": path, "value": value}]


def add(path, value):
    return [{"op": "add", "path": path, "value": value}]


def crud(rest, collection, body, patch, keep=False):
    made = rest.ok("POST", "/v1/" + collection, body)
    path = "/v1/%s/%s" % (collection, made["uuid"])
    rest.ok("PATCH", path, patch)
    if not keep:
        rest.ok("DELETE", path)
    return made


def chassis(rest):
    crud(rest, "chassis", {"description": "one"}, replace("/description", "two"))
    kept = crud(rest, "chassis", {"description": "full"}, add("/extra/a", 1), keep=True)
    rest.ok("POST", "/v1/nodes", {**FAKE, "chassis_uuid": kept["uuid"]})
    refused(rest, "DELETE", "/v1/chassis/" + kept["uuid"])


def nodes(rest):
    node = crud(rest, "nodes", {**FAKE, "name": "told", "driver_info": {"some_password": SECRET}},
                add("/extra/a", 1), keep=True)
    refused(rest, "POST", "/v1/nodes", {**FAKE, "name": "told"})
    other = rest.ok("POST", "/v1/nodes", {**FAKE, "name": "other"})
    refused(rest, "PATCH", "/v1/nodes/" + other["uuid"], replace("/name", "told"))
    rest.ok("DELETE", "/v1/nodes/" + other["uuid"])
    rest.ok("PUT", "/v1/nodes/%s/traits/CUSTOM_TOLD" % node["uuid"])
    rest.ok("PUT", "/v1/nodes/%s/maintenance" % node["uuid"], {"reason": "test"})
    rest.ok("DELETE", "/v1/nodes/%s/maintenance" % node["uuid"])


def children(rest):
    node = rest.ok("POST", "/v1/nodes", FAKE)["uuid"]
    mac = "52:54:00:aa:00:%02x"
    crud(rest, "ports", {"node_uuid": node, "address": mac % 1}, add("/extra/a", 1))
    rest.ok("POST", "/v1/ports", {"node_uuid": node, "address": mac % 2})
    third = rest.ok("POST", "/v1/ports", {"node_uuid": node, "address": mac % 3})
    refused(rest, "PATCH", "/v1/ports/" + third["uuid"], replace("/address", mac % 2))
    crud(rest, "portgroups", {"node_uuid": node, "name": "g1"}, add("/extra/a", 1))
    group = rest.ok("POST", "/v1/portgroups", {"node_uuid": node, "name": "g2"})["uuid"]
    rest.ok("POST", "/v1/ports", {"node_uuid": node, "address": mac % 4, "portgroup_uuid": group})
    refused(rest, "DELETE", "/v1/portgroups/" + group)


def volumes(rest):
    node = rest.ok("POST", "/v1/nodes", FAKE)["uuid"]
    rest.ok("PUT", "/v1/nodes/%s/states/power" % node, {"target": "power off"})
    rest.reaches(node, power_state="power off")
    crud(rest, "volume/connectors", {"node_uuid": node, "type": "iqn", "connector_id": "iqn.2026-11.test:1"},
         replace("/connector_id", "iqn.2026-11.test:2"))
    crud(rest, "volume/targets", {"node_uuid": node, "volume_type": "iscsi", "volume_id": "v", "boot_index": 0,
                                  "properties": {"auth_password": SECRET}}, replace("/volume_id", "w"))
    kept = rest.ok("POST", "/v1/volume/connectors", {"node_uuid": node, "type": "iqn", "connector_id": "iqn.2026-11.test:3"})
    rest.ok("PUT", "/v1/nodes/%s/states/power" % node, {"target": "power on"})
    rest.reaches(node, power_state="power on")
    path = "/v1/volume/connectors/" + kept["uuid"]
    refused(rest, "PATCH", path, replace("/connector_id", "iqn.2026-11.test:4"))


def templates(rest):
    step = {"interface": "bios", "step": "apply_configuration", "args": {"settings": []}}
    crud(rest, "deploy_templates", {"name": "CUSTOM_T", "steps": [{**step, "priority": 10}]}, add("/extra/a", 1))
    crud(rest, "runbooks", {"name": "CUSTOM_R", "steps": [{**step, "order": 1}]}, add("/extra/a", 1))
    crud(rest, "inspection_rules", {
        "description": "d", "conditions": [{"op": "is-true", "args": {"value": "{inventory[cpu][count]}"}}],
        "actions": [{"op": "set-attribute", "args": {"path": "/extra/ok", "value": "yes"}}]},
        replace("/description", "e"))


def allocations(rest):
    made = rest.ok("POST", "/v1/allocations", {"name": "al", "resource_class": "nobody-has-it"})["uuid"]
    refused(rest, "POST", "/v1/allocations", {"name": "al", "resource_class": "nobody-has-it"})
    rest.ok("PATCH", "/v1/allocations/" + made, add("/extra/a", 1))
    end = time.monotonic() + 20
    while rest.get("/v1/allocations/" + made)["state"] == "allocating" and time.monotonic() < end:
        time.sleep(0.2)
    rest.ok("DELETE", "/v1/allocations/" + made)


def provisioning(rest):
    node = rest.ok("POST", "/v1/nodes", {**FAKE, "name": "provisioned"})["uuid"]
    rest.provision(node, "manage", "manageable")
    rest.provision(node, "provide", "available")
    rest.provision(node, "active", "active")
    refused(rest, "DELETE", "/v1/nodes/" + node)
    volume = rest.ok("POST", "/v1/volume/connectors", {"node_uuid": node, "type": "iqn", "connector_id": "iqn.2026-11.test:9"})
    refused(rest, "DELETE", "/v1/volume/connectors/" + volume["uuid"])
    rest.ok("PUT", "/v1/nodes/%s/states/power" % node, {"target": "rebooting"})
    time.sleep(1)
    rest.provision(node, "deleted", "available")
    silent = rest.ok("POST", "/v1/nodes", {"driver": "ipmi", "driver_info": {
        "ipmi_address": "127.0.0.1", "ipmi_port": 9, "ipmi_username": "a", "ipmi_password": SECRET}})["uuid"]
    rest.ok("PUT", "/v1/nodes/%s/states/power" % silent, {"target": "power on"})
    rest.reaches(silent, target_power_state=None)
    rest.ok("PUT", "/v1/nodes/%s/states/provision" % silent, {"target": "manage"})
    rest.reaches(silent, provision_state="enroll", target_provision_state=None)


def console(rest):
    node = rest.ok("POST", "/v1/nodes", {**FAKE, "name": "console"})["uuid"]
    rest.ok("PUT", "/v1/nodes/%s/states/console" % node, {"enabled": True})
    rest.reaches(node, console_enabled=True)


def sensors(stage, rest, url, path):
    if stage.oracle:
        raise Skip("the oracle's ipmitool is one that always fails")
    stage.debian("openipmi")
    bmc = bmc_ipmi.start(stage.processes, "bmc")
    node = rest.ok("POST", "/v1/nodes", {"driver": "ipmi", "name": "sensed", "driver_info": bmc.driver_info()})["uuid"]
    end = time.monotonic() + 60
    while True:
        events = [row for row in map(json.loads, path.read_text().splitlines())
                  if row["event_type"] == "hardware.ipmi.metrics" and row["payload"]["node_uuid"] == node]
        if events:
            break
        assert time.monotonic() < end, "no hardware.ipmi.metrics came"
        time.sleep(0.5)
    message = events[0]["payload"]
    missing = {"message_id", "instance_uuid", "node_uuid", "timestamp", "node_name", "event_type", "payload"} - set(message)
    assert not missing, "missing: %s" % missing
    assert message["event_type"] == "hardware.ipmi.metrics.update" and message["node_name"] == "sensed", message
    assert "Temperature" in message["payload"] and "Fan" in message["payload"], sorted(message["payload"])
    with urllib.request.urlopen(url + "/metrics", timeout=30) as answer:
        text = answer.read().decode()
    for wanted in ('baremetal_last_payload_timestamp_seconds{', 'node_name="sensed"', "_celsius{", "baremetal_fan",
                   'baremetal_bmc_request_duration_seconds_bucket{bmc="%s"' % bmc.address,
                   "baremetal_api_request_duration_seconds_bucket{", "ironic_conductormanager_create_node_call_count{"):
        assert wanted in text, "%s is not in /metrics" % wanted
    rest.ok("DELETE", "/v1/nodes/" + node)


STORIES = {
    "chassis are created, changed and deleted": chassis,
    "nodes are created, changed, put into maintenance": nodes,
    "ports and port groups": children,
    "volume connectors and targets": volumes,
    "templates, runbooks and inspection rules": templates,
    "allocations": allocations,
    "a node goes through its life, another one's BMC is silent": provisioning,
    "a console is switched on": console,
}


def recorded():
    return {row["event_type"]: row for row in map(json.loads, RECORDED.read_text().splitlines())}


def received(path):
    """The last event of each type."""
    return {row["event_type"]: row for row in map(json.loads, path.read_text().splitlines())}


def compare(stage, path):
    time.sleep(2)
    wanted, seen = recorded(), received(path)
    for event_type, row in sorted(wanted.items()):
        with stage.report.check(event_type):
            assert event_type in seen, "never came"
            event, payload = seen[event_type], row["payload"]
            assert event["priority"] == row["priority"], event["priority"]
            assert event["publisher"] == row["publisher"] + ".contract-conductor", event["publisher"]
            for key in ("name", "namespace", "version"):
                key = "ironic_object." + key
                assert event["payload"][key] == payload[key], "%s: %s" % (key, event["payload"][key])
            ours, theirs = event["payload"]["ironic_object.data"], payload["ironic_object.data"]
            assert set(ours) == set(theirs), "fields differ: %s" % sorted(set(ours) ^ set(theirs))
            assert event["context"]["request_id"].startswith("req-"), event["context"]
    with stage.report.check("no secret is on the bus"):
        assert SECRET not in path.read_text()
    unknown = sorted(t for t in seen if t not in wanted and t.startswith("baremetal."))
    stage.report.note("%d events of %d types; not recorded from Ironic: %s" % (
        len(path.read_text().splitlines()), len(seen), ", ".join(unknown) or "none"))
