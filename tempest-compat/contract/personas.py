"""Who may do what, and sees what of it: every operation, asked by personas with tokens of a Keystone.

Each persona is a case: a system administrator makes two projects' things, then the persona asks for all of them.
Both servers are asked the same; the tokens come with the persona.
"""
from play import LATEST, Player

# (name, project or None for the whole system, roles)
PERSONAS = (
    ("system-admin", None, ("admin", "member", "reader")), ("system-member", None, ("member", "reader")), ("system-reader", None, ("reader",)),
    ("owner-admin", "p-owner", ("admin", "manager", "member", "reader")), ("owner-manager", "p-owner", ("manager", "member", "reader")), ("owner-member", "p-owner", ("member", "reader")), ("owner-reader", "p-owner", ("reader",)),
    ("lessee-admin", "p-lessee", ("admin", "manager", "member", "reader")), ("lessee-manager", "p-lessee", ("manager", "member", "reader")), ("lessee-member", "p-lessee", ("member", "reader")), ("lessee-reader", "p-lessee", ("reader",)),
    ("stranger-admin", "p-stranger", ("admin", "manager", "member", "reader")), ("stranger-member", "p-stranger", ("member", "reader")), ("service", "service", ("service",)), ("nobody", "p-owner", ("nobody",)),
)
MASK = ["/last_error", "/nodes/*/last_error", "/driver_internal_info", "/nodes/*/driver_internal_info", "/provision_updated_at", "/allocations/*/last_error", "/nodes/*/provision_updated_at"]
NODES = ("free", "owned", "rented")
STEP = {"interface": "deploy", "step": "deploy", "args": {}, "priority": 10}
ORDER = {"interface": "bios", "step": "factory_reset", "args": {}, "order": 1}
RULE = {"actions": [{"op": "set-attribute", "args": {"path": "/extra/a", "value": 1}}], "conditions": []}


class Asker(Player):
    """A player whose own requests are an administrator's."""

    def __init__(self, base, token):
        self._token = token
        super().__init__(base)

    def _plain(self, method, target, body=None, version=LATEST):
        plain = self.connection.send

        def send(method, target, headers, body=None):
            return plain(method, target, {**headers, "X-Auth-Token": self._token}, body)

        self.connection.send = send
        try:
            return super()._plain(method, target, body, version)
        finally:
            del self.connection.send


def case(name, admin, token, owner, lessee):
    """The case of one persona, by tokens and the ids of the two projects."""
    of = {"free": {}, "owned": {"owner": owner}, "rented": {"owner": owner, "lessee": lessee}}
    stage = []

    def make(path, body, capture):
        stage.append({"method": "POST", "path": "/v1/" + path, "body": body, "capture": {capture: "/uuid"}, "compare": "status"})

    for at, node in enumerate(NODES):
        make("nodes", {"driver": "fake-hardware", "name": "pp-" + node, "resource_class": "pp", "driver_info": {"fake_password": "secret", "a": "b"}, "instance_info": {"image_url": "http://u:p@x/", "configdrive": "y"}, **of[node]}, node)
        make("portgroups", {"node_uuid": "${%s}" % node, "address": "52:54:00:dd:01:0%d" % at, "name": "pp-pg-" + node}, "pg_" + node)
        make("ports", {"node_uuid": "${%s}" % node, "address": "52:54:00:dd:00:0%d" % at, "name": "pp-port-" + node}, "port_" + node)
        make("volume/connectors", {"node_uuid": "${%s}" % node, "type": "iqn", "connector_id": "pp-" + node}, "vc_" + node)
        make("volume/targets", {"node_uuid": "${%s}" % node, "volume_type": "iscsi", "boot_index": 0, "volume_id": "pp", "properties": {"auth_password": "secret", "iqn": "i"}}, "vt_" + node)
        stage.append({"method": "PUT", "path": "/v1/nodes/${%s}/traits" % node, "body": {"traits": ["CUSTOM_A"]}, "compare": "status"})
    make("chassis", {"description": "pp"}, "chassis")
    for whose, project in (("mine", owner), ("yours", lessee)):
        make("allocations", {"resource_class": "nosuch", "name": "pp-al-" + whose, "owner": project}, "al_" + whose)
        stage.append({"path": "/v1/allocations/${al_%s}" % whose, "wait_for": {"pointer": "/state", "equals": "error"}, "mask": MASK})
        make("runbooks", {"name": "CUSTOM_PP_" + whose.upper(), "steps": [ORDER], "owner": project}, "rb_" + whose)
    make("runbooks", {"name": "CUSTOM_PP_PUBLIC", "steps": [ORDER], "public": True}, "rb_public")
    make("deploy_templates", {"name": "CUSTOM_PP", "steps": [STEP]}, "template")
    make("inspection_rules", RULE, "rule")
    asked = [{"method": method, "path": path, "mask": MASK, **({} if body is None else {"body": body})} for method, path, body in requests(owner, lessee)]
    # an administrator looks at what is left of it
    after = [{"path": path, "mask": MASK} for path in ("/v1/nodes/detail", "/v1/ports/detail", "/v1/allocations", "/v1/runbooks?detail=true")]
    steps = [{**step, "headers": {**step.get("headers", {}), "X-Auth-Token": whose}} for whose, some in ((admin, stage), (token, asked), (admin, after)) for step in some]
    sweeps = ("allocations", "deploy_templates", "runbooks", "inspection_rules", "nodes?include_children=true", "chassis")
    return {"case": "persona/" + name, "steps": steps, "cleanup": [{"sweep": "/v1/" + path} for path in sweeps]}


def requests(owner, lessee):
    """What a persona asks: (method, path, body); what reads first, what deletes last."""
    patch = lambda path, value: [{"op": "add", "path": path, "value": value}]
    for path in ("nodes", "nodes/detail", "nodes?detail=true", "nodes?owner=" + owner, "nodes?lessee=" + lessee, "nodes?project=" + owner, "nodes?fields=uuid,driver_info,last_error,reservation,owner", "ports", "ports/detail", "ports?address=52:54:00:dd:00:01",
                 "portgroups", "portgroups/detail", "volume", "volume/connectors", "volume/targets", "volume/targets?detail=true", "chassis", "chassis/${chassis}", "chassis/${chassis}/nodes", "conductors", "drivers", "drivers/fake-hardware",
                 "drivers/fake-hardware/properties", "drivers/fake-hardware/raid/logical_disk_properties", "drivers/fake-hardware/vendor_passthru/methods", "allocations", "allocations?owner=" + lessee, "allocations/${al_mine}", "allocations/pp-al-yours",
                 "deploy_templates", "deploy_templates/CUSTOM_PP", "runbooks", "runbooks?detail=true", "runbooks/CUSTOM_PP_MINE", "runbooks/CUSTOM_PP_YOURS", "runbooks/CUSTOM_PP_PUBLIC", "runbooks/CUSTOM_PP_MINE/traits", "inspection_rules", "inspection_rules/${rule}",
                 "shards", "conductors/${host}", "nodes/nosuch", "ports/nosuch"):
        yield "GET", "/v1/" + path, None
    for node in NODES:
        at = "/v1/nodes/${%s}" % node
        for path in ("", "?fields=owner,driver_info", "/states", "/states/console", "/validate", "/maintenance", "/management/boot_device", "/management/boot_device/supported", "/management/indicators", "/ports", "/portgroups", "/volume", "/volume/connectors",
                     "/volume/targets", "/vifs", "/traits", "/bios", "/firmware", "/history", "/inventory", "/children", "/allocation", "/vendor_passthru/methods", "/vmedia"):
            yield "GET", at + path, None
        for path in ("ports/${port_%s}", "portgroups/${pg_%s}", "portgroups/${pg_%s}/ports", "volume/connectors/${vc_%s}", "volume/targets/${vt_%s}"):
            yield "GET", "/v1/" + path % node, None
        for field, value in (("extra/a", 1), ("name", "pp-" + node), ("owner", owner), ("lessee", lessee), ("instance_info/x", 1), ("instance_uuid", "c0de0000-0000-4000-8000-00000000000%d" % NODES.index(node)), ("driver_info/x", 1), ("properties/x", 1), ("resource_class", "pp"),
                             ("network_data", {}), ("retired", False), ("protected", False), ("shard", "s"), ("automated_clean", True), ("description", "d"), ("conductor_group", ""), ("boot_interface", "fake"), ("maintenance", True), ("chassis_uuid", "${chassis}"), ("parent_node", None), ("disable_power_off", False)):
            yield "PATCH", at, patch("/" + field, value)
        for path, body in (("states/power", {"target": "nosuch"}), ("states/provision", {"target": "nosuch"}), ("states/provision", {"target": "clean", "clean_steps": [{"interface": "deploy", "step": "x"}]}), ("states/raid", {"x": 1}), ("states/console", {"enabled": "x"}),
                           ("states/boot_mode", {"target": "x"}), ("states/secure_boot", {"target": "x"}), ("maintenance", {"reason": "r"}), ("management/boot_device", {"boot_device": "x"}), ("management/inject_nmi", {}), ("management/indicators/x@y", {"state": "ON"}), ("traits/CUSTOM_B", None), ("traits", {"traits": ["CUSTOM_A"]})):
            yield "PUT", "%s/%s" % (at, path), body
        yield "POST", at + "/vifs", {"id": "x"}
        yield "POST", at + "/vmedia", {"device_type": "cdrom", "image_url": "x"}
        yield "POST", at + "/vendor_passthru/nosuch", {}
        for path, body in (("ports", {"node_uuid": "${%s}" % node, "address": "52:54:00:dd:00:f%d" % NODES.index(node)}), ("portgroups", {"node_uuid": "${%s}" % node}), ("volume/connectors", {"node_uuid": "${%s}" % node, "type": "ip", "connector_id": "x"}),
                           ("volume/targets", {"node_uuid": "${%s}" % node, "volume_type": "iscsi", "boot_index": 1, "volume_id": "x"})):
            yield "POST", "/v1/" + path, body
        for path in ("ports/${port_%s}", "portgroups/${pg_%s}", "volume/connectors/${vc_%s}", "volume/targets/${vt_%s}"):
            yield "PATCH", "/v1/" + path % node, patch("/extra", {"x": 1})
        for path in ("maintenance", "traits", "traits/CUSTOM_A", "vifs/x", "vmedia"):
            yield "DELETE", "%s/%s" % (at, path), None
        for path in ("ports/${port_%s}", "portgroups/${pg_%s}", "volume/connectors/${vc_%s}", "volume/targets/${vt_%s}"):
            yield "DELETE", "/v1/" + path % node, None
    yield from _of_nobody(owner, lessee, patch)


def _of_nobody(owner, lessee, patch):
    """What belongs to no node."""
    for path, body in (("nodes", {"driver": "fake-hardware", "name": "pp-new"}), ("nodes", {"driver": "fake-hardware", "name": "pp-new-o", "owner": owner}), ("nodes", {"driver": "fake-hardware", "name": "pp-new-l", "owner": lessee}), ("chassis", {}), ("allocations", {"resource_class": "nosuch", "name": "pp-al-new"}),
                       ("allocations", {"resource_class": "nosuch", "name": "pp-al-new-o", "owner": owner}), ("allocations", {"resource_class": "nosuch", "name": "pp-al-new-l", "owner": lessee}), ("runbooks", {"name": "CUSTOM_PP_N", "steps": [ORDER]}), ("runbooks", {"name": "CUSTOM_PP_NO", "steps": [ORDER], "owner": owner}),
                       ("runbooks", {"name": "CUSTOM_PP_NP", "steps": [ORDER], "public": True}), ("deploy_templates", {"name": "CUSTOM_PP_N", "steps": [STEP]}), ("inspection_rules", {**RULE, "description": "new"}), ("events", {"events": []}), ("drivers/fake-hardware/vendor_passthru/nosuch", {})):
        yield "POST", "/v1/" + path, body
    yield "PATCH", "/v1/chassis/${chassis}", patch("/extra", {})
    for name in ("al_mine", "al_yours"):
        yield "PATCH", "/v1/allocations/${%s}" % name, patch("/extra", {"x": 1})
    for name in ("MINE", "YOURS", "PUBLIC"):
        for field, value in (("extra", {}), ("public", False), ("owner", owner), ("description", "d")):
            yield "PATCH", "/v1/runbooks/CUSTOM_PP_" + name, patch("/" + field, value)
        yield "PUT", "/v1/runbooks/CUSTOM_PP_%s/traits" % name, {"traits": ["CUSTOM_A"]}
        yield "DELETE", "/v1/runbooks/CUSTOM_PP_%s/traits" % name, None
    yield "PATCH", "/v1/deploy_templates/CUSTOM_PP", patch("/extra", {})
    yield "PATCH", "/v1/inspection_rules/${rule}", patch("/description", "x")
    for path in ("allocations/${al_mine}", "allocations/${al_yours}", "runbooks/CUSTOM_PP_MINE", "runbooks/CUSTOM_PP_YOURS", "runbooks/CUSTOM_PP_PUBLIC", "deploy_templates/CUSTOM_PP", "inspection_rules/${rule}", "inspection_rules", "nodes/${rented}", "nodes/${owned}", "nodes/${free}", "chassis/${chassis}"):
        yield "DELETE", "/v1/" + path, None


