"""An IPMI BMC nobody here wrote: pyghmi's fakebmc, a machine in a Python process."""
import socket

from runner import prerequisites
from runner.processes import free_port
from servers.bmc_ipmi import PROBE

REQUIREMENTS = ("pyghmi>=1.6",)


def start(processes, name="fakebmc"):
    """Start one; returns (address, port). It listens on every address of the machine, which cannot be changed."""
    binaries = prerequisites.venv("fakebmc", *REQUIREMENTS)
    port = free_port(socket.SOCK_DGRAM)
    process = processes.start(name, [binaries / "fakebmc", "--port", str(port)])
    process.wait_until(lambda: _answers(port), 30, "answering")
    return "127.0.0.1", port


def _answers(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.5)
        probe.sendto(PROBE, ("127.0.0.1", port))
        return bool(probe.recv(1024))
