"""BMCs of many makes: our simulator (drivers/sim), one process a BMC."""
import json
import pathlib
import subprocess
import urllib.request
import base64

from runner import cargo
from runner.processes import answers, free_port

MODELS = ("generic", "dell", "hpe", "lenovo", "supermicro", "huawei")


def build(progress=lambda text: None):
    """The simulator's executable."""
    said = []
    for line in cargo.lines("build", "--locked", "-p", "drivers-sim", "--bin", "bmcs"):
        if isinstance(line, int):
            if line:
                raise cargo.BuildFailed("cargo build of the simulator failed:\n" + "\n".join(said[-25:]))
            break
        said.append(line)
        progress(line.strip())
    metadata = subprocess.run(["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked"], cwd=cargo.ROOT,
                              env=cargo.environment(), stdout=subprocess.PIPE, check=True)
    return pathlib.Path(json.loads(metadata.stdout)["target_directory"]) / "debug" / "bmcs"


class SimulatedBmc:
    """Where it listens, its account, and what its machine says of itself."""

    user, password = "admin", "password"

    def __init__(self, model, port):
        self.model, self.port = model, port
        self.url = "http://127.0.0.1:%d" % port

    def get(self, path):
        request = urllib.request.Request(self.url + path)
        account = base64.b64encode(("%s:%s" % (self.user, self.password)).encode()).decode()
        request.add_header("Authorization", "Basic " + account)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

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
