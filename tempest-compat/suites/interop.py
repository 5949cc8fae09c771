"""One cluster of two languages: our API with Python's conductor, Python's API with our conductor.

They share RabbitMQ and a MariaDB, as they do while a site migrates; and again without a broker, by JSON-RPC with tokens
of a real Keystone (as Bifrost sets it up) and with passwords (as Metal3 does).
"""
import json
import time
import urllib.error
import urllib.request

from runner.processes import free_port
from servers import ferric, ironic, keystone, mariadb, rabbitmq
from servers.rest import Rest
from suites import unit

# bcrypt of "word"
BCRYPT_OF_WORD = "$2b$04$NceWv7JoUnBgil67WFkVK.NdD8n0qPTrzVV2pcw0.RXiv98VTGmk."

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
    with stage.report.check("Keystone starts", essential=True):
        identity = keystone.start(stage.processes)
        identity.user("ironic", "service", ("service", "admin"))
        identity.user("visitor", "elsewhere", ("member",))
    for kind, section in (("keystone", with_tokens(identity)), ("http_basic", with_passwords(stage.directory))):
        for ours in ("api", "conductor"):
            theirs = "conductor" if ours == "api" else "api"
            with stage.report.group("JSON-RPC with %s, our %s, Python's %s" % (kind, ours, theirs)):
                changes = by_json_rpc(database.create("%s_with_our_%s" % (kind, ours)), section)
                pair(stage, ours, theirs, changes, "-".join((kind, ours)))
    if not stage.oracle:
        with stage.report.group("JSON-RPC"):
            strangers(stage, identity, by_json_rpc(database.create("strangers"), with_tokens(identity)))


def shared(broker, connection, host):
    """What every process of a cluster has in common."""
    return {
        "DEFAULT": {"rpc_transport": "oslo", "transport_url": broker.url, "host": host, "rpc_response_timeout": 30},
        "database": {"connection": connection},
        "conductor": {"heartbeat_interval": 2, "heartbeat_timeout": 60},
        "oslo_messaging_rabbit": {"rabbit_retry_interval": 1},
    }


def by_json_rpc(connection, section):
    """What API and conductor have in common without a broker."""
    return {
        "DEFAULT": {"rpc_transport": "json-rpc", "host": "127.0.0.1"},
        "database": {"connection": connection},
        "conductor": {"heartbeat_interval": 2, "heartbeat_timeout": 60},
        "json_rpc": {"host_ip": "127.0.0.1", "port": free_port(), "timeout": 30, **section["json_rpc"]},
        **{name: options for name, options in section.items() if name != "json_rpc"},
    }


def with_tokens(identity):
    """`[json_rpc]`, and what a conductor verifies tokens with."""
    user = {"auth_type": "password", "auth_url": identity.url, "username": "ironic", "password": keystone.PASSWORD,
            "project_name": "service", "user_domain_id": "default", "project_domain_id": "default"}
    return {"json_rpc": {"auth_strategy": "keystone", **user}, "keystone_authtoken": {**user, "www_authenticate_uri": identity.url}}


def with_passwords(directory):
    """`[json_rpc]` with a password file; its bcrypt digest is of `word`."""
    path = directory.resolve() / "htpasswd"
    path.write_text("ironic:%s\n" % BCRYPT_OF_WORD)
    return {"json_rpc": {"auth_strategy": "http_basic", "http_basic_auth_user_file": str(path), "username": "ironic",
                         "password": "word"}}


def strangers(stage, identity, changes):
    """Who may not call our conductor learns nothing."""
    with stage.report.check("a conductor that wants tokens starts"):
        _ours(stage, "nobody", "conductor", changes, True)
    url = "http://127.0.0.1:%d" % changes["json_rpc"]["port"]
    body = {"jsonrpc": "2.0", "id": "1", "method": "get_raid_logical_disk_properties",
            "params": {"context": {}, "driver_name": "fake-hardware"}}
    for who, token, status in (("nobody", None, 401), ("a wrong token", "nonsense", 401),
                               ("a user without the role", identity.token("visitor", "elsewhere"), 403),
                               ("the service", identity.token("ironic", "service"), 200)):
        with stage.report.check("%s is answered %d" % (who, status)):
            end = time.monotonic() + 30
            while True:
                try:
                    answer = post(url, body, {"X-Auth-Token": token} if token else {})
                    break
                except OSError:
                    assert time.monotonic() < end, "nobody listens"
                    time.sleep(0.2)
            assert answer == status, answer


def post(url, body, headers):
    """The status of an answer."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def pair(stage, ours, theirs, changes, name=None):
    started = []
    with stage.report.check("both start and find each other"):
        # whoever comes first makes the tables
        name = name or ours
        started.append(_theirs(stage, name, "conductor", changes, True) if theirs == "conductor"
                       else _ours(stage, name, "conductor", changes, True))
        started.append(_ours(stage, name, "api", changes, False) if ours == "api"
                       else _theirs(stage, name, "api", changes, False))
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
