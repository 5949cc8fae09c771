"""One cluster of two languages: our API with Python's conductor, Python's API with our conductor.

They share RabbitMQ and a MariaDB, as they do while a site migrates.
"""
from servers import ferric, ironic, mariadb, rabbitmq
from servers.rest import Rest
from suites import unit

FAKE = {"driver": "fake-hardware", "resource_class": "compat"}


def run(stage):
    stage.debian("rabbitmq-server", "mariadb-server")
    if not stage.oracle:
        stage.executable()
    with stage.report.check("Ironic 39.0.0 from PyPI is installed", essential=True):
        ironic.binaries()
    with stage.report.check("RabbitMQ and MariaDB start", essential=True):
        broker, database = rabbitmq.start(stage.processes), mariadb.start(stage.processes)
    if not stage.oracle:
        with stage.report.group("transport"):
            unit.tests(stage, "test", "-p", "schemas-rpc", "--test", "amqp", "--locked", "--", "--ignored", env={"FERRIC_TEST_AMQP_URL": broker.url})
    for ours in ("api", "conductor"):
        theirs = "conductor" if ours == "api" else "api"
        with stage.report.group("our %s, Python's %s" % (ours, theirs)):
            changes = shared(broker, database.create("with_our_" + ours), "host-of-" + ours)
            pair(stage, ours, theirs, changes)


def shared(broker, connection, host):
    """What every process of a cluster has in common."""
    return {
        "DEFAULT": {"rpc_transport": "oslo", "transport_url": broker.url, "host": host, "rpc_response_timeout": 30},
        "database": {"connection": connection},
        "conductor": {"heartbeat_interval": 2, "heartbeat_timeout": 60},
        "oslo_messaging_rabbit": {"rabbit_retry_interval": 1},
    }


def pair(stage, ours, theirs, changes):
    started = []
    with stage.report.check("both start and find each other"):
        # whoever comes first makes the tables
        started.append(_theirs(stage, ours, "conductor", changes, True) if theirs == "conductor"
                       else _ours(stage, ours, "conductor", changes, True))
        started.append(_ours(stage, ours, "api", changes, False) if ours == "api"
                       else _theirs(stage, ours, "api", changes, False))
    if len(started) == 2:
        fake_life(stage.report, started[1][1])
    for process, _ in reversed(started):
        stage.processes.stop(process)


def _ours(stage, pair_name, role, changes, first):
    name = "%s-with-our-%s" % (role, pair_name)
    if stage.oracle:
        return ironic.start(stage.processes, name, "ironic-" + role, changes, create_schema=first, drivers=_drivers(role))
    return ferric.configured(stage.processes, stage.executable(), name, role, changes, create_schema=first, drivers=_drivers(role))


def _theirs(stage, pair_name, role, changes, first):
    return ironic.start(stage.processes, "%s-with-our-%s" % (role, pair_name), "ironic-" + role, changes, create_schema=first,
                        drivers=_drivers(role))


def _drivers(role):
    return 4 if role == "api" else None


def fake_life(report, url):
    """Registration, power and provisioning of a fake-hardware node through whatever answers at `url`."""
    rest = Rest(url)
    uuid = None
    with report.check("node create"):
        node = rest.ok("POST", "/v1/nodes", {**FAKE, "name": "mixed", "extra": {"text": "häßlich 🦀", "deep": [1, {"a": None}]}})
        assert node["provision_state"] == "enroll", node
        uuid = node["uuid"]
    if not uuid:
        return
    with report.check("node patch"):
        node = rest.ok("PATCH", "/v1/nodes/" + uuid, [{"op": "add", "path": "/properties/cpus", "value": 8},
                                                      {"op": "replace", "path": "/description", "value": "one of two"}])
        assert node["properties"] == {"cpus": 8} and node["description"] == "one of two", node
    with report.check("port create and list"):
        rest.ok("POST", "/v1/ports", {"node_uuid": uuid, "address": "52:54:00:cc:00:01"})
        assert len(rest.get("/v1/nodes/%s/ports" % uuid)["ports"]) == 1
    with report.check("trait set"):
        rest.ok("PUT", "/v1/nodes/%s/traits/CUSTOM_MIXED" % uuid)
        assert rest.get("/v1/nodes/%s/traits" % uuid) == {"traits": ["CUSTOM_MIXED"]}
    with report.check("validate"):
        assert rest.get("/v1/nodes/%s/validate" % uuid)["power"]["result"] is True
    with report.check("manage"):
        rest.provision(uuid, "manage", "manageable")
    for target in ("power on", "power off", "rebooting"):
        with report.check("power: " + target):
            end = "power on" if target == "rebooting" else target
            rest.ok("PUT", "/v1/nodes/%s/states/power" % uuid, {"target": target})
            rest.reaches(uuid, power_state=end, target_power_state=None)
    with report.check("boot device"):
        rest.ok("PUT", "/v1/nodes/%s/management/boot_device" % uuid, {"boot_device": "pxe", "persistent": True})
        assert rest.get("/v1/nodes/%s/management/boot_device" % uuid)["boot_device"] == "pxe"
    with report.check("provide"):
        rest.provision(uuid, "provide", "available")
    with report.check("active"):
        rest.ok("PATCH", "/v1/nodes/" + uuid, [{"op": "add", "path": "/instance_info", "value": {
            "image_source": "http://127.0.0.1:9/image", "image_checksum": "0" * 32}}])
        rest.provision(uuid, "active", "active")
    with report.check("deleted"):
        rest.provision(uuid, "deleted", "available")
    with report.check("a refusal of the conductor keeps its status and reason"):
        status, body = rest.call("PUT", "/v1/nodes/%s/states/provision" % uuid, {"target": "adopt"})
        assert status == 400, (status, body)
        status, body = rest.call("GET", "/v1/nodes/%s/vendor_passthru/methods" % uuid)
        assert status == 200 and isinstance(body, dict), (status, body)
        status, body = rest.call("POST", "/v1/nodes/%s/vendor_passthru?method=nothing" % uuid, {})
        assert status == 400, (status, body)
    with report.check("node delete"):
        assert rest.call("DELETE", "/v1/nodes/" + uuid)[0] == 204
        assert rest.call("GET", "/v1/nodes/" + uuid)[0] == 404
