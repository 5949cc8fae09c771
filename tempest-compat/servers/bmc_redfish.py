"""A Redfish BMC nobody here wrote: sushy-emulator from PyPI, with basic authentication."""
import subprocess

from runner import prerequisites
from runner.processes import answers, free_port
from servers.redfish_account import RedfishAccount
from servers.relay import Relay

SYSTEM = "27946b59-9e44-4fa7-8e91-f3527a1ef094"
REQUIREMENTS = ("sushy-tools>=2.2", "bcrypt")


class RedfishBmc(RedfishAccount):
    """Where the emulator listens, its account and what its machine does."""

    def __init__(self, port):
        self.port = port
        self.url = "http://127.0.0.1:%d" % port
        self.system = "/redfish/v1/Systems/" + SYSTEM
        self.told = None        # the relay in front, once the emulator listens

    def power(self):
        """`on` or `off`, as the machine has it."""
        return self.get(self.system)["PowerState"].lower()

    def boot(self):
        """The target of the boot override. (The emulator says `Continuous` whatever it was told.)"""
        return self.get(self.system)["Boot"]["BootSourceOverrideTarget"]

    def boot_enabled(self):
        """Whether the override holds once or for ever, as the emulator says it."""
        return self.get(self.system)["Boot"]["BootSourceOverrideEnabled"]

    def boot_request(self):
        """What the BMC was last told about booting."""
        return (self.told.last("PATCH", self.system) or {}).get("Boot", {})

    def resets(self):
        """How often the BMC was told to change the machine's power."""
        return self.told.count("POST", "/Actions/ComputerSystem.Reset")

    def driver_info(self):
        return {"redfish_address": self.told.url, "redfish_system_id": self.system, "redfish_username": self.user,
                "redfish_password": self.password, "redfish_auth_type": "basic"}


def start(processes, name="redfish"):
    """Start an emulator of one machine, powered off."""
    binaries = prerequisites.venv("sushy", *REQUIREMENTS)
    directory = (processes.directory / name).resolve()
    directory.mkdir(parents=True)
    bmc = RedfishBmc(free_port())
    hashed = subprocess.run(
        [binaries / "python", "-c", "import bcrypt,sys; print(bcrypt.hashpw(sys.argv[1].encode(), bcrypt.gensalt(4)).decode())",
         bmc.password], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    (directory / "accounts").write_text("%s:%s\n" % (bmc.user, hashed))
    settings = {
        "SUSHY_EMULATOR_LISTEN_IP": "127.0.0.1",
        "SUSHY_EMULATOR_LISTEN_PORT": bmc.port,
        "SUSHY_EMULATOR_AUTH_FILE": str(directory / "accounts"),
        "SUSHY_EMULATOR_FAKE_DRIVER": True,
        "SUSHY_EMULATOR_STATE_DIR": str(directory),
        "SUSHY_EMULATOR_FAKE_SYSTEMS": [{
            "uuid": SYSTEM, "name": "compat", "power_state": "Off", "external_notifier": False,
            "nics": [{"mac": "52:54:00:aa:bb:01", "ip": "192.0.2.10"}],
        }],
    }
    (directory / "sushy.conf").write_text("".join("%s = %r\n" % item for item in settings.items()))
    process = processes.start(name, [binaries / "sushy-emulator", "--config", directory / "sushy.conf", "--fake"])
    process.wait_until(lambda: answers(bmc.port), 30, "answering")
    bmc.told = Relay(bmc.port)
    return bmc
