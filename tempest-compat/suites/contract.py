"""The recorded contract, played by contract/check.py; every case counts as a check."""
import json
import os
import subprocess
import sys

from runner import prerequisites

CHECK = prerequisites.HERE / "contract" / "check.py"


def run(stage):
    # One server a core, each with a worker: cases need not know of each other.
    with stage.report.check("the server starts", essential=True):
        servers = [stage.serve("server-%d" % n)[1] for n in range(len(os.sched_getaffinity(0)))]
    play(stage, servers, stage.only)


def play(stage, bases, only=None, part=None, instead=None):
    """Play the corpus (or some of it) against servers and count its cases.

    `instead` is a file of cases that Ironic answers otherwise on another kind of database."""
    found = stage.directory / ("contract-%d.json" % len(list(stage.directory.glob("contract-*.json"))))
    command = [sys.executable, "-B", CHECK, "--json", found]
    for base in bases:
        command += ["--base", base]
    for pattern in only or ():
        command += ["--only", pattern]
    if part:
        command += ["--part", part]
    if instead:
        command += ["--instead", instead]
    done = 0
    with subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:
        try:
            for line in child.stdout:
                if line.startswith(("ok ", "FAIL ")):
                    done += 1
                    stage.report.progress("%d cases, %s" % (done, line.strip()))
        except BaseException:
            child.kill()
            raise
    with stage.report.check("the corpus is played to its end", essential=True):
        results = json.loads(found.read_text())["cases"]
    for result in results:
        stage.report.add(result["case"], result["state"], "\n".join(result["wrong"][:12]), result["seconds"],
                         show=result["state"] != "passed")
    alive = sum(1 for result in results if result["state"] == "passed")
    stage.report.note("%d of %d cases pass" % (alive, len(results)))
