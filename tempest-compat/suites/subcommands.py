"""Every subcommand of `openstack baremetal`, as `clients/subcommands.txt` lists them."""
import importlib.metadata
import json
import pathlib
import re
import subprocess

from runner import prerequisites
from servers.rest import Rest
from suites import cli

CLIENTS = prerequisites.HERE / "clients"
# What `baremetal create` reads: more than one resource in a file.
RESOURCES = {"chassis": [{"description": "from a file", "nodes": [
    {"name": "from-file", "driver": "fake-hardware", "ports": [{"address": "52:54:00:00:00:0f"}]}]}]}


def run(stage):
    binaries = stage.venv("clients", *cli.CLIENTS)
    with stage.report.check("the server starts", essential=True):
        _, url = stage.serve()
    rest = Rest(url)
    resources = stage.directory / "resources.json"
    resources.write_text(json.dumps(RESOURCES))
    words = {"host": rest.get("/v1/conductors")["conductors"][0]["hostname"], "file": str(resources)}
    lines = [line for line in (CLIENTS / "subcommands.txt").read_text().splitlines() if line and not line.startswith("#")]
    with subprocess.Popen([binaries / "python", CLIENTS / "shell.py", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as shell:
        for line in lines:
            _line(stage.report, rest, shell, re.sub(r"\$\{(\w+)\}", lambda m: words[m.group(1)], line))
        shell.stdin.close()
    with stage.report.check("the list names every subcommand"):
        missing = _known(binaries) - {name for name in _known(binaries) for line in lines
                                      if line.lstrip("! ").split()[:len(name.split())] == name.split()}
        assert not missing, ", ".join(sorted(missing))


def _line(report, rest, shell, line):
    if line.startswith("~ "):
        _, node, state = line.split(None, 2)
        with report.check("%s becomes %s" % (node, state)):
            rest.reaches(node, provision_state=state)
        return
    refused = line.startswith("! ")
    command = line.removeprefix("! ")
    label = command if len(command) <= 90 else command[:89] + "…"
    with report.check(label + (" is refused" if refused else "")):
        shell.stdin.write(json.dumps(_words(command)) + "\n")
        shell.stdin.flush()
        said = json.loads(shell.stdout.readline())
        if refused:
            assert said["status"], "it succeeded: " + said["out"][:400]
            assert "Traceback" not in said["error"] and "(HTTP 5" not in said["error"], said["error"][-600:]
        else:
            assert not said["status"], said["error"].strip()[-800:] or said["out"].strip()[-800:]


def _words(command):
    """Words at spaces; JSON stays as it is, `""` is an empty word."""
    return ["" if word == '""' else word for word in command.split(" ")]


def _known(binaries):
    """The subcommands that the installed python-ironicclient has."""
    site = next(pathlib.Path(binaries).parent.glob("lib/python*/site-packages"))
    distribution = next(iter(importlib.metadata.distributions(name="python-ironicclient", path=[str(site)])))
    return {point.name.replace("_", " ").removeprefix("baremetal ") for point in distribution.entry_points
            if point.group == "openstack.baremetal.v1"}
