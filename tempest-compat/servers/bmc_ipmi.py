"""An IPMI BMC nobody here wrote: Debian's ipmi_sim, one process a machine.

Its chassis is a script of ours that keeps power and boot device in files, so a
test sees what really reached the machine.
"""
import pathlib
import re
import socket

from runner import prerequisites
from runner.processes import free_port

# ipmi_sim calls it as: chassis STATE get power boot | set power 1 | set boot pxe | set reset 1 | set shutdown 1
CHASSIS = """#!/bin/sh
cd "$1" || exit 1
verb=$2
shift 2
echo "$verb $*" >>calls
case $verb in
get)
    for what in "$@"; do echo "$what:$(cat "$what")"; done ;;
set)
    while [ $# -ge 2 ]; do
        case $1 in
            shutdown) echo 0 >power ;;
            power|boot) echo "$2" >"$1" ;;
        esac
        shift 2
    done ;;
esac
"""
LAN = """name "{name}"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 {port}
    priv_limit admin
    allowed_auths_admin none md2 md5 straight
    guid {guid}
  endlan
{chassis}{serial}  user 2 true "{user}" "{password}" admin 60 none md2 md5 straight
"""
# Two controllers, sensors of several types, an inventory and an event log. An error in this file keeps ipmi_sim
# from opening its port, silently.
EMULATION = pathlib.Path(__file__).with_name("bmc.emu")
PROBE = bytes.fromhex("0600ff07" "000000000000000000" "09" "2018c88100388e04b5")  # Get Channel Authentication Capabilities


class IpmiBmc:
    """Where one BMC listens, its account and what its machine does."""

    user, password = "admin", "password"

    def __init__(self, directory, port):
        self.address, self.port = "127.0.0.1", port
        self.state = pathlib.Path(directory) / "machine"

    def power(self):
        """`on` or `off`, as the machine has it."""
        return {"1": "on", "0": "off"}[self._file("power")]

    def boot(self):
        """ipmi_sim's word for the boot device: none, pxe, default (the disk), cdrom, bios."""
        return self._file("boot")

    def calls(self):
        """Everything the BMC asked of the chassis, oldest first."""
        path = self.state / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def resets(self):
        """How often the machine was reset, or powered off and on again."""
        return sum(bool(re.search(r"set.* reset 1", call)) for call in self.calls())

    def _file(self, name):
        return (self.state / name).read_text().strip()

    def driver_info(self):
        return {"ipmi_address": self.address, "ipmi_port": str(self.port), "ipmi_username": self.user,
                "ipmi_password": self.password, "ipmi_cipher_suite": "3"}

    def answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.2)
            probe.sendto(PROBE, (self.address, self.port))
            return len(probe.recv(512)) > 16


def start(processes, name="bmc", machine=True, serial=None):
    """Start one BMC with its machine powered off; without one it answers faster, as it runs no script.

    `serial` is the TCP port of the machine's serial port, for serial over LAN.
    """
    prerequisites.debian("openipmi")
    directory = (processes.directory / name).resolve()
    port = free_port(socket.SOCK_DGRAM)
    bmc = IpmiBmc(directory, port)
    bmc.state.mkdir(parents=True)
    (directory / "state" / "ipmi_sim" / name).mkdir(parents=True)
    (bmc.state / "power").write_text("0\n")
    (bmc.state / "boot").write_text("none\n")
    script = directory / "chassis.sh"
    script.write_text(CHASSIS)
    script.chmod(0o755)
    (directory / "lan.conf").write_text(LAN.format(
        name=name, port=port, guid="a123456789abcdef%016x" % port, user=bmc.user,
        password=bmc.password, serial='  sol "tcp:127.0.0.1:%d" 115200\n' % serial if serial else "", chassis='  chassis_control "%s %s"\n' % (script, bmc.state) if machine else ""))
    process = processes.start(name, [
        prerequisites.program("ipmi_sim"), "-c", directory / "lan.conf", "-f", EMULATION,
        "-s", directory / "state", "-n"])
    process.wait_until(bmc.answers, 20, "answering")
    return bmc
