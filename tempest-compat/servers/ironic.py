"""The real Ironic 39.0.0 from PyPI: the oracle, and the other half of a mixed cluster."""
import os
import shutil

from runner import prerequisites
from runner.processes import free_port
from servers import configuration, rest

REQUIREMENTS = ("ironic==39.0.0", "PyMySQL", "psycopg2-binary")


def binaries():
    """Where `ironic`, `ironic-api`, `ironic-conductor` and `ironic-dbsync` are."""
    ready_made = os.environ.get("TEMPEST_COMPAT_IRONIC")
    if ready_made:
        return prerequisites.pathlib.Path(ready_made)
    return prerequisites.venv("ironic", *REQUIREMENTS)


def start(processes, name="ironic", program="ironic", changes=None, port=None, create_schema=True, path=None, drivers=1):
    """Start one of Ironic's programs with the contract's configuration and `changes`;
    returns (process, URL).  It is awaited until it answers and knows so many `drivers`; None does not wait."""
    directory = (processes.directory / name).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    sections = configuration.merge(configuration.contract(directory, port), changes or {})
    sections["DEFAULT"]["log_file"] = str(directory / "ironic.log")
    conf = configuration.write(directory / "ironic.conf", sections)
    where = binaries()
    if create_schema:
        dbsync(processes, name, where / "ironic-dbsync", conf)
    env = {"PATH": "%s:%s" % (path or shim(directory), os.environ["PATH"])}
    process = processes.start(name, [where / program, "--config-file", conf], env=env)
    url = "http://127.0.0.1:%d" % port
    if drivers is not None:
        process.wait_until(rest.serves(url, drivers), 120, "serving")
    return process, url


def dbsync(processes, name, program, conf):
    """Create the schema with Ironic's own tool."""
    processes.start(name + "-dbsync", [program, "--config-file", conf, "create_schema"]).finish(180)


def shim(directory):
    """A directory with an `ipmitool` that is there and always fails, so that the ipmi driver loads everywhere."""
    shim = directory / "bin"
    shim.mkdir(exist_ok=True)
    script = shim / "ipmitool"
    script.write_text('#!/bin/sh\ncase " $* " in *" -h "*) exit 0;; esac\n'
                      'echo "Error: Unable to establish IPMI v2 / RMCP+ session" >&2\nexit 1\n')
    script.chmod(0o755)
    return shim


def with_ipmitool():
    """A PATH entry with Debian's ipmitool."""
    prerequisites.debian("ipmitool")
    return os.path.dirname(shutil.which("ipmitool"))
