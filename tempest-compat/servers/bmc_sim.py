"""BMCs of many makes: our simulator (drivers/sim), one process a BMC."""
from runner import cargo
from runner.processes import answers, free_port
from servers.redfish_account import RedfishAccount

MODELS = ("generic", "dell", "hpe", "lenovo", "supermicro", "huawei")


def build(progress=lambda text: None):
    """The simulator's executable."""
    return cargo.build(("-p", "drivers-sim", "--bin", "bmcs"), progress) / "debug" / "bmcs"


class SimulatedBmc(RedfishAccount):
    """Where it listens, its account, and what its machine says of itself."""

    def __init__(self, model, port):
        self.model, self.port = model, port
        self.url = "http://127.0.0.1:%d" % port

    def only(self, collection):
        """The only member of a collection, read."""
        return self.get(self.get(collection)["Members"][0]["@odata.id"])

    @property
    def system(self):
        return self.only("/redfish/v1/Systems")

    def driver_info(self, prefix="redfish"):
        return {prefix + "_address": self.url, prefix + "_username": self.user, prefix + "_password": self.password}


def start(processes, executable, model):
    """Start a BMC of a make, its machine off."""
    port = free_port()
    process = processes.start("sim-" + model, [executable, "redfish", "--model", model, "--port", str(port)])
    process.wait_until(lambda: answers(port), 30, "answering")
    return SimulatedBmc(model, port)
