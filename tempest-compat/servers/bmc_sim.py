"""BMCs of many makes: our simulator (drivers/sim), one process a BMC."""
import json
import socket
import urllib.request

from runner import cargo
from runner.processes import answers, free_port
from servers.redfish_account import RedfishAccount

MODELS = ("generic", "dell", "hpe", "lenovo", "supermicro", "openbmc", "huawei")


def build(progress=lambda text: None):
    """The simulator's executable."""
    return cargo.build(("-p", "drivers-sim", "--bin", "bmcs"), progress) / "debug" / "bmcs"


class SimulatedBmc(RedfishAccount):
    """Where it listens, its account, and what its machine says of itself."""

    def __init__(self, model, port, password=None):
        self.model, self.port = model, port
        self.password = password or self.password
        self.url = "http://127.0.0.1:%d" % port

    def only(self, collection):
        """The only member of a collection, read."""
        return self.get(self.get(collection)["Members"][0]["@odata.id"])

    @property
    def system(self):
        return self.only("/redfish/v1/Systems")

    def driver_info(self, prefix="redfish"):
        return {prefix + "_address": self.url, prefix + "_username": self.user, prefix + "_password": self.password}

    def misbehave(self, bug, argument=None, **where):
        """Switch a bug on; `where` is `times`, `at` (a path) and `on` (a method)."""
        self._control("PUT", "bugs", {"bug": bug, "argument": argument, **where})

    def heal(self):
        self._control("DELETE", "bugs")

    def tokens(self):
        """Every session token it has handed out."""
        return self._control("GET", "account")["tokens"]

    def _control(self, method, what, body=None):
        """The simulator's own resources, see drivers/sim/src/redfish/control.rs."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request("%s/simulator/%s" % (self.url, what), data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def start(processes, executable, model, password=None, name=None):
    """Start a BMC of a make, its machine off."""
    port = free_port()
    words = [executable, "redfish", "--model", model, "--port", str(port)]
    process = processes.start(name or "sim-" + model, words + (["--password", password] if password else []))
    process.wait_until(lambda: answers(port), 30, "answering")
    return SimulatedBmc(model, port, password)


def start_ipmi(processes, executable, name, password, *words):
    """Start an IPMI BMC; returns the fields of `driver_info` that reach it."""
    port = free_port(socket.SOCK_DGRAM)
    process = processes.start(name, [executable, "ipmi", "--port", str(port), "--password", password, *words])
    process.wait_until(lambda: "ready" in process.tail(), 30, "ready")
    return {"ipmi_address": "127.0.0.1", "ipmi_port": str(port), "ipmi_username": "admin", "ipmi_password": password}
