"""Redfish machines through the API: what people do with a machine, on sushy-emulator and on a BMC of every make.

What sushy-emulator does not have (BIOS settings, volumes, firmware) is tried on our simulator, iBMC's
dialect too. Nodes are of `fake-hardware` with Redfish interfaces where a flow would need a ramdisk.
"""
import json
import urllib.parse

from servers import bmc_redfish, bmc_sim
from servers.rest import Rest

CHANGES = {
    "DEFAULT": {
        "enabled_hardware_types": "fake-hardware,redfish,ibmc",
        "enabled_bios_interfaces": "fake,no-bios,redfish,ibmc",
        "enabled_inspect_interfaces": "fake,no-inspect,agent,redfish,ibmc",
        "enabled_management_interfaces": "fake,noop,redfish,ibmc",
        "enabled_power_interfaces": "fake,redfish,ibmc",
        "enabled_raid_interfaces": "fake,no-raid,agent,redfish,ibmc",
        "enabled_vendor_interfaces": "fake,no-vendor,redfish,ibmc",
    },
    "redfish": {
        "connection_attempts": 2, "connection_retry_interval": 1,
        "firmware_update_status_interval": 1, "firmware_update_fail_interval": 1, "raid_config_status_interval": 1,
        "firmware_update_required_successes": 1, "firmware_update_validation_interval": 1,
        "firmware_update_reboot_delay": 1, "firmware_update_bmc_version_check_interval": 1,
    },
}
# What a make's simulator does not have, or has only in its own words.
OVER_REDFISH = tuple(model for model in bmc_sim.MODELS if model != "huawei")
KINDS = ("bios", "firmware", "inspect", "management", "power", "raid", "vendor")


def run(stage):
    if stage.oracle:
        stage.report.add("Redfish machines", "skipped", "our simulator and `ibmc` are not Ironic's")
        return
    stage.venv("sushy", *bmc_redfish.REQUIREMENTS)
    with stage.report.check("server and simulator start", essential=True):
        executable = bmc_sim.build(stage.report.progress)
        _, url = stage.serve("redfish-server", changes=CHANGES)
    rest = Rest(url)
    with stage.report.group("sushy-emulator"):
        _sushy(stage, rest)
    for model in OVER_REDFISH:
        with stage.report.group(model):
            _make(stage, rest, bmc_sim.start(stage.processes, executable, model))
    with stage.report.group("huawei"):
        _ibmc(stage, rest, bmc_sim.start(stage.processes, executable, "huawei"))


def _create(rest, name, driver, driver_info, **fields):
    return rest.ok("POST", "/v1/nodes", {"name": name, "driver": driver, "driver_info": driver_info, **fields})


def _power(rest, node, target, wanted):
    rest.ok("PUT", "/v1/nodes/%s/states/power" % node, {"target": target})
    rest.reaches(node, power_state=wanted, target_power_state=None)


def _sushy(stage, rest):
    report, node = stage.report, "over-sushy"
    with report.check("sushy-emulator starts", essential=True):
        bmc = bmc_redfish.start(stage.processes, "redfish-sushy")
    with report.check("a node becomes manageable", essential=True):
        _create(rest, node, "redfish", bmc.driver_info(), **{kind + "_interface": "redfish" for kind in KINDS})
        rest.provision(node, "manage", "manageable")
    with report.check("power"):
        _power(rest, node, "power on", "power on")
        assert bmc.power() == "on"
        _power(rest, node, "rebooting", "power on")
        _power(rest, node, "power off", "power off")
        assert bmc.power() == "off"
    with report.check("boot device"):
        at = "/v1/nodes/%s/management/boot_device" % node
        assert "pxe" in rest.get(at + "/supported")["supported_boot_devices"]
        rest.ok("PUT", at, {"boot_device": "pxe", "persistent": False})
        assert rest.get(at)["boot_device"] == "pxe" and bmc.boot() == "Pxe"
    with report.check("virtual media"):
        at = "/v1/nodes/%s/vmedia" % node
        drives = rest.get(at)
        assert drives, drives
    with report.check("vendor methods are Ironic's"):
        methods = set(rest.get("/v1/nodes/%s/vendor_passthru/methods" % node))
        assert methods == {"create_subscription", "delete_subscription", "eject_vmedia", "get_all_subscriptions",
                           "get_subscription"}, methods
    with report.check("inspection says what the BMC does not tell"):
        status, _ = rest.call("PUT", "/v1/nodes/%s/states/provision" % node, {"target": "inspect"})
        assert status == 202, status
        shown = rest.reaches(node, provision_state="inspect failed")
        assert "memory_mb, cpu_arch" in shown["last_error"], shown["last_error"]
    with report.check("inspection out of band"):
        known = {"memory_mb": 1024, "cpu_arch": "x86_64"}
        rest.ok("PATCH", "/v1/nodes/" + node, [{"op": "add", "path": "/properties", "value": known}])
        rest.provision(node, "inspect", "manageable")
        inventory = rest.get("/v1/nodes/%s/inventory" % node)["inventory"]
        assert inventory["interfaces"][0]["mac_address"] == "52:54:00:aa:bb:01", inventory
        ports = rest.get("/v1/ports?node=" + node)["ports"]
        assert [port["address"] for port in ports] == ["52:54:00:aa:bb:01"], ports


def _make(stage, rest, bmc):
    """A node whose flows need no ramdisk, on a BMC of one make."""
    report, node = stage.report, "over-" + bmc.model
    with report.check("a node becomes manageable", essential=True):
        _create(rest, node, "fake-hardware", bmc.driver_info(), **{kind + "_interface": "redfish" for kind in KINDS})
        rest.provision(node, "manage", "manageable")
        _power(rest, node, "power on", "power on")
        assert bmc.system["PowerState"] == "On"
    with report.check("inspection out of band"):
        rest.provision(node, "inspect", "manageable")
        properties = rest.node(node)["properties"]
        assert properties["memory_mb"] == 96 * 1024 and properties["cpu_arch"] == "x86_64", properties
    with report.check("BIOS settings are applied and cached"):
        settings = rest.get("/v1/nodes/%s/bios?detail=true" % node)["bios"]
        choice = next(row for row in settings if not row["read_only"] and len(row["allowable_values"] or []) > 1)
        other = next(value for value in choice["allowable_values"] if value != choice["value"])
        step = {"interface": "bios", "step": "apply_configuration", "args": {"settings": [{"name": choice["name"], "value": other}]}}
        rest.provision(node, "clean", "manageable", clean_steps=[step], disable_ramdisk=True)
        cached = rest.get("/v1/nodes/%s/bios/%s" % (node, urllib.parse.quote(choice["name"], safe="")))[choice["name"]]
        assert cached["value"] == other, cached
    with report.check("volumes are created and deleted"):
        disks = [{"raid_level": "1", "size_gb": 100, "is_root_volume": True, "disk_type": "ssd"},
                 {"raid_level": "5", "size_gb": 500, "disk_type": "hdd"}]
        rest.ok("PUT", "/v1/nodes/%s/states/raid" % node, {"logical_disks": disks})
        _clean(rest, node, "raid", "create_configuration")
        made = rest.node(node)["raid_config"]["logical_disks"]
        # The largest is made first, as with Ironic.
        assert [disk["raid_level"] for disk in made] == ["5", "1"], made
        _clean(rest, node, "raid", "delete_configuration")
        assert rest.node(node)["raid_config"]["logical_disks"] == []
    with report.check("a bad RAID configuration is refused"):
        status, _ = rest.call("PUT", "/v1/nodes/%s/states/raid" % node, {"logical_disks": [{"raid_level": "9", "size_gb": 1}]})
        assert status == 400, status
    with report.check("firmware is updated while the node serves"):
        rest.provision(node, "provide", "available")
        rest.ok("PATCH", "/v1/nodes/" + node, [{"op": "add", "path": "/instance_info/image_source", "value": "http://192.0.2.1/i"}])
        rest.provision(node, "active", "active")
        _power(rest, node, "power on", "power on")
        settings = [{"component": "bmc", "url": "http://192.0.2.1/bmc-2.5.bin"},
                    {"component": "bios", "url": "http://192.0.2.1/bios-3.0.bin"}]
        step = {"interface": "firmware", "step": "update", "args": {"settings": settings}}
        rest.provision(node, "service", "active", 120, service_steps=[step])
        versions = {row["component"]: row for row in rest.get("/v1/nodes/%s/firmware" % node)["firmware"]}
        assert versions["bmc"]["current_version"] == "2.5", versions
        assert versions["bios"]["current_version"] == "3.0", versions
        assert versions["bios"]["initial_version"] == "1.0.0", versions
    with report.check("the password is nowhere"):
        for path in ("", "/history?detail=true", "/validate"):
            text = json.dumps(rest.get("/v1/nodes/%s%s" % (node, path)))
            assert '"%s"' % bmc.password not in text, path


def _clean(rest, node, interface, step, **arguments):
    rest.provision(node, "clean", "manageable", 120, clean_steps=[{"interface": interface, "step": step, "args": arguments}])


def _ibmc(stage, rest, bmc):
    report, node = stage.report, "over-ibmc"
    with report.check("the hardware type and its properties"):
        assert rest.get("/v1/drivers/ibmc")["name"] == "ibmc"
        properties = set(rest.get("/v1/drivers/ibmc/properties"))
        assert {"ibmc_address", "ibmc_username", "ibmc_password", "ibmc_verify_ca"} <= properties, properties
        assert "raid_level" in rest.get("/v1/drivers/ibmc/raid/logical_disk_properties")
    with report.check("a node becomes manageable", essential=True):
        _create(rest, node, "ibmc", bmc.driver_info("ibmc"))
        shown = rest.node(node)
        assert shown["power_interface"] == shown["management_interface"] == "ibmc", shown
        rest.provision(node, "manage", "manageable")
    with report.check("power and boot device"):
        _power(rest, node, "power on", "power on")
        assert bmc.system["PowerState"] == "On"
        at = "/v1/nodes/%s/management/boot_device" % node
        rest.ok("PUT", at, {"boot_device": "cdrom", "persistent": True})
        assert rest.get(at) == {"boot_device": "cdrom", "persistent": True}
        assert bmc.system["Boot"]["BootSourceOverrideTarget"] == "Cd"
    with report.check("boot sequence and RAID controllers"):
        at = "/v1/nodes/%s/vendor_passthru" % node
        assert set(rest.get(at + "/methods")) == {"boot_up_seq", "get_raid_controller_list"}
        assert rest.get(at + "?method=boot_up_seq") == {"boot_up_sequence": ["Hdd", "Cd", "Pxe", "Others"]}
        assert rest.get(at + "?method=get_raid_controller_list")[0]["OOBSupport"] is True
    with report.check("inspection out of band"):
        rest.ok("PATCH", "/v1/nodes/" + node, [{"op": "add", "path": "/inspect_interface", "value": "ibmc"}])
        rest.provision(node, "inspect", "manageable")
        assert rest.node(node)["properties"]["local_gb"] > 400
