"""What a walk may do next: verbs and everything else that changes a node, with arguments drawn at random."""
import json

CLEAN_STEPS = [
    {"interface": "bios", "step": "factory_reset"},
    {"interface": "bios", "step": "cache_bios_settings"},
    {"interface": "bios", "step": "apply_configuration", "args": {"settings": [{"name": "boot", "value": "uefi"}, {"name": "vt", "value": "on"}]}},
    {"interface": "bios", "step": "apply_configuration", "args": {"settings": [{"name": "vt", "value": "off"}]}},
    {"interface": "bios", "step": "apply_configuration"},
    {"interface": "firmware", "step": "update", "args": {"settings": [{"component": "bmc", "url": "http://127.0.0.1:9/f"}]}},
    {"interface": "raid", "step": "create_configuration"},
    {"interface": "raid", "step": "delete_configuration"},
    {"interface": "deploy", "step": "erase_devices"},
    {"interface": "deploy", "step": "erase_devices_metadata"},
    {"interface": "deploy", "step": "burnin_cpu"},
    {"interface": "deploy", "step": "erase_pstore"},
    {"interface": "vendor", "step": "log_passthrough"},
    {"interface": "power", "step": "reboot"},
    {"interface": "power", "step": "power_off"},
    {"interface": "power", "step": "power_on"},
    {"interface": "management", "step": "clear_job_queue"},
    {"interface": "bios", "step": "no_such_step"},
    {"interface": "bios", "step": "factory_reset", "args": {"what": 1}},
    # Steps of the conductor's own: Ironic wants an interface with them, and crashes without one.
    {"interface": "power", "step": "power_off"}, {"interface": "power", "step": "reboot"}, {"interface": "deploy", "step": "hold"},
    {"interface": "deploy", "step": "wait", "args": {"seconds": 0}}, {"interface": "deploy", "step": "wait"},
    {"interface": "bios", "step": "factory_reset", "execute_on_child_nodes": True},
    {"interface": "power", "step": "power_off", "execute_on_child_nodes": True},
    {"interface": "bios", "step": "cache_bios_settings", "execute_on_child_nodes": True, "limit_child_node_execution": ["@child"]},
]
SERVICE_STEPS = [
    {"interface": "vendor", "step": "log_passthrough"},
    {"interface": "vendor", "step": "trigger_servicewait"},
    {"interface": "deploy", "step": "burnin_memory"},
    {"interface": "bios", "step": "factory_reset"},
    {"interface": "deploy", "step": "hold"}, {"interface": "power", "step": "power_off"},
    {"interface": "vendor", "step": "nothing"},
    {"interface": "vendor", "step": "log_passthrough", "execute_on_child_nodes": True},
]
DEPLOY_STEPS = [
    {"interface": "deploy", "step": "deploy", "priority": 50},
    {"interface": "deploy", "step": "deploy", "priority": 0},
    {"interface": "deploy", "step": "write_image", "priority": 80},
    {"interface": "deploy", "step": "inject_files", "priority": 60, "args": {"files": []}},
    {"interface": "bios", "step": "factory_reset", "priority": 90},
    {"interface": "raid", "step": "apply_configuration", "priority": 90, "args": {"raid_config": {"logical_disks": [{"size_gb": 10, "raid_level": "1"}]}}},
    {"interface": "power", "step": "hold", "priority": 95},
    {"interface": "deploy", "step": "hold", "priority": 95}, {"interface": "power", "step": "power_off", "priority": 10},
]
TRAITS = ["CUSTOM_GOLD", "CUSTOM_SILVER", "HW_CPU_X86_VMX"]
LIKELY = {
    "enroll": ["manage"],
    "manageable": ["provide", "provide", "clean", "clean", "inspect", "inspect", "adopt"],
    "available": ["active", "active", "active", "manage"],
    "active": ["deleted", "rebuild", "rescue", "service", "service"],
    "clean wait": ["abort", "*agent", "*agent", "*agent", "*agent", "*agent"],
    "clean hold": ["unhold", "unhold", "abort", "*agent"],
    "clean failed": ["manage", "abort", "*maintenance off"],
    "wait call-back": ["deleted", "*agent", "*agent", "*agent", "*agent", "*agent", "*agent"],
    "deploy hold": ["unhold", "unhold", "abort", "deleted", "*agent"],
    "deploy failed": ["active", "deleted", "rebuild"],
    "inspect wait": ["abort", "*agent", "*inventory", "*inventory", "*inventory"],
    "inspect failed": ["inspect", "manage"],
    "adopt failed": ["adopt", "manage"],
    "rescue wait": ["abort", "deleted", "*agent", "*agent", "*agent"],
    "rescue": ["unrescue", "rescue", "deleted"],
    "rescue failed": ["rescue", "unrescue", "deleted"],
    "unrescue failed": ["unrescue", "rescue", "deleted"],
    "service wait": ["abort", "*agent", "*agent", "*agent", "*agent"],
    "service hold": ["unhold", "unhold", "abort", "*agent"],
    "service failed": ["service", "rescue", "abort", "deleted", "*maintenance off"],
    "error": ["deleted", "rebuild"],
}
VERBS = ["manage", "provide", "active", "deploy", "rebuild", "deleted", "undeploy", "clean", "service", "inspect", "abort", "adopt",
         "rescue", "unrescue", "unhold", "nonsense"]
STATES = "/v1/nodes/{node}/states/provision"


def provision(verb, chance):
    """A provision verb with arguments that are usually right."""
    body = {"target": verb}
    if verb == "clean":
        body["clean_steps"] = chance.sample(CLEAN_STEPS, chance.choice((1, 1, 1, 2, 3)))
    elif verb == "service":
        body["service_steps"] = chance.sample(SERVICE_STEPS, chance.choice((1, 1, 2)))
    elif verb in ("active", "rebuild", "deploy"):
        if chance.random() < 0.3:
            body["deploy_steps"] = chance.sample(DEPLOY_STEPS, chance.choice((1, 2)))
        if chance.random() < 0.3:
            body["configdrive"] = chance.choice(({"meta_data": {"a": 1}}, "aGVsbG8=", "http://127.0.0.1:9/drive", {"user_data": "text"}))
    elif verb == "rescue":
        if chance.random() < 0.9:
            body["rescue_password"] = chance.choice(("secret", "secret", "a longer secret", " "))
    if verb in ("clean", "service") and chance.random() < 0.35:
        body["disable_ramdisk"] = chance.random() < 0.7
    if verb in ("clean", "service", "active") and chance.random() < 0.12:
        body.pop("clean_steps", None), body.pop("service_steps", None), body.pop("deploy_steps", None)
        body["runbook"] = chance.choice(("CUSTOM_GOLD", "@runbook", "nothing"))
    if chance.random() < 0.05:
        body["clean_steps"] = [{"interface": "bios", "step": "factory_reset"}]
    return "PUT", STATES, body


def patch(path, value):
    operation = {"op": "add", "path": path, "value": value} if value is not None else {"op": "remove", "path": path}
    return "PATCH", "/v1/nodes/{node}", [operation]


def other(chance):
    """Something that is no provision verb."""
    pick = chance.choice
    kinds = {
        "power": lambda: ("PUT", "/v1/nodes/{node}/states/power", {"target": pick((
            "power on", "power off", "rebooting", "soft power off", "soft rebooting", "on", "power on")),
            **({"timeout": pick((1, 5, 0))} if chance.random() < 0.2 else {})}),
        "maintenance on": lambda: ("PUT", "/v1/nodes/{node}/maintenance", {"reason": "a fan"} if chance.random() < 0.7 else None),
        "maintenance off": lambda: ("DELETE", "/v1/nodes/{node}/maintenance", None),
        "boot device": lambda: ("PUT", "/v1/nodes/{node}/management/boot_device", {
            "boot_device": pick(("pxe", "pxe", "disk", "none")), **({"persistent": pick((True, False))} if chance.random() < 0.5 else {})}),
        "boot mode": lambda: ("PUT", "/v1/nodes/{node}/states/boot_mode", {"target": pick(("uefi", "bios"))}),
        "secure boot": lambda: ("PUT", "/v1/nodes/{node}/states/secure_boot", {"target": pick((True, False))}),
        "nmi": lambda: ("PUT", "/v1/nodes/{node}/management/inject_nmi", {}),
        "raid": lambda: ("PUT", "/v1/nodes/{node}/states/raid", pick((
            {}, {"logical_disks": [{"size_gb": 100, "raid_level": "1"}]}, {"logical_disks": [{"size_gb": "MAX", "raid_level": "5", "is_root_volume": True}]},
            {"logical_disks": []}))),
        "traits": lambda: ("PUT", "/v1/nodes/{node}/traits", {"traits": chance.sample(TRAITS, pick((0, 1, 2)))}),
        "trait": lambda: ("PUT", "/v1/nodes/{node}/traits/" + pick(TRAITS), None),
        "no trait": lambda: ("DELETE", "/v1/nodes/{node}/traits/" + pick(TRAITS), None),
        "console": lambda: ("PUT", "/v1/nodes/{node}/states/console", {"enabled": pick((True, False))}),
        "vif attach": lambda: ("POST", "/v1/nodes/{node}/vifs", {"id": pick(("vif-a", "vif-b", "vif-c")), **({"port_uuid": "@port"} if chance.random() < 0.3 else {})}),
        "vif detach": lambda: ("DELETE", "/v1/nodes/{node}/vifs/" + pick(("vif-a", "vif-b", "vif-c")), None),
        "retired": lambda: patch("/retired", pick((True, False))),
        "retired reason": lambda: patch("/retired_reason", pick(("old", None))),
        "protected": lambda: patch("/protected", pick((True, False, False))),
        "protected reason": lambda: patch("/protected_reason", pick(("mine", None))),
        "automated clean": lambda: patch("/automated_clean", pick((True, False, None))),
        "instance uuid": lambda: patch("/instance_uuid", pick(("@instance", "@instance", None))),
        "instance info": lambda: patch("/instance_info/" + pick(("display_name", "traits", "image_source", "capabilities", "root_gb", "deploy_boot_mode")), pick((
            "a", ["CUSTOM_GOLD"], 10, None, {"boot_mode": "uefi"}))),
        "instance traits": lambda: patch("/instance_info/traits", pick((["CUSTOM_GOLD"], ["CUSTOM_SILVER"], [], None))),
        "properties": lambda: patch("/properties/" + pick(("capabilities", "cpu_arch", "memory_mb", "local_gb")), pick(("boot_mode:uefi", "x86_64", 10, None))),
        "resource class": lambda: patch("/resource_class", pick(("gold", "silver", None))),
        "name": lambda: patch("/name", pick(("@name", None))),
        "fault by hand": lambda: patch("/fault", "power failure"),
        "cleaning runbook": lambda: patch("/driver_info/cleaning_runbook", pick(("CUSTOM_GOLD", "@runbook", "CUSTOM_AUTO", "nothing", None))),
        "lessee": lambda: patch("/lessee", pick(("somebody", None))),
        "disable power off": lambda: patch("/disable_power_off", pick((True, False))),
        "interface": lambda: patch("/%s_interface" % pick(("bios", "boot", "deploy", "inspect", "raid", "rescue", "storage", "vendor", "power", "firmware", "network", "console", "management")),
                                   pick(("fake", "no-" + pick(("bios", "inspect", "raid", "rescue", "vendor", "console", "firmware")), "agent", "direct", "noop", "ramdisk", None))),
        "reset interfaces": lambda: ("PATCH", "/v1/nodes/{node}?reset_interfaces=True", [{"op": "replace", "path": "/driver", "value": "fake-hardware"}]),
        "vendor": lambda: (pick(("POST", "POST", "GET")), "/v1/nodes/{node}/vendor_passthru/" + pick((
            "first_method", "second_method", "third_method_sync", "fourth_method_shared_lock", "log_passthrough", "nothing")), pick(({"bar": "kazoo"}, {"bar": "meow"}, {}))),
        "child": lambda: ("PATCH", "/v1/nodes/@child", [{"op": "add", "path": "/parent_node", "value": "{node}"}] if chance.random() < 0.7
                          else [{"op": "remove", "path": "/parent_node"}]),
        "port": lambda: ("PATCH", "/v1/ports/@port", [{"op": "add", "path": pick(("/extra/a", "/pxe_enabled", "/physical_network", "/local_link_connection")),
                                                       "value": pick(("x", True, False, {}))}]),
        "port added": lambda: ("POST", "/v1/ports", {"uuid": "@new port", "node_uuid": "{node}", "address": "@new mac"}),
        "port deleted": lambda: ("DELETE", "/v1/ports/@port", None),
        "allocation": lambda: ("POST", "/v1/allocations", {"uuid": "@allocation", "resource_class": pick(("gold", "silver")), "candidate_nodes": ["{node}"],
                                                            **({"traits": ["CUSTOM_GOLD"]} if chance.random() < 0.3 else {})}),
        "backfill": lambda: ("POST", "/v1/allocations", {"uuid": "@allocation", "node": "{node}"}),
        "allocation gone": lambda: ("DELETE", "/v1/allocations/@allocation", None),
        "template": lambda: pick((
            ("POST", "/v1/deploy_templates", {"name": "CUSTOM_GOLD", "steps": [chance.choice((
                {"interface": "bios", "step": "factory_reset", "args": {}, "priority": 20}, {"interface": "deploy", "step": "deploy", "args": {}, "priority": 0},
                {"interface": "deploy", "step": "inject_files", "args": {"files": []}, "priority": 30}))]}),
            ("DELETE", "/v1/deploy_templates/CUSTOM_GOLD", None))),
        "node deleted": lambda: ("DELETE", "/v1/nodes/{node}", None) if chance.random() < 0.15 else ("GET", "/v1/nodes/{node}/validate", None),
    }
    name = pick(tuple(kinds))
    return (name, *kinds[name]())


def filled(value, names):
    """The request with this walk's names in it."""
    text = json.dumps(value)
    for name, real in names.items():
        text = text.replace(name, real)
    return json.loads(text)
