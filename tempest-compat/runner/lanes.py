"""Several suites at a time, each in a process of its own.

Most suites wait: for a program to start, for a timeout that is the subject of a check. What a suite prints is
shown when it ends, so that no two mix; ports are shared out, so that no two lanes find the same one free.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

from runner import report as reports

RUN = pathlib.Path(__file__).resolve().parent.parent / "run"


class _Running:
    """One suite on its way."""

    def __init__(self, suite, lane, lanes, directory, arguments):
        self.suite, self.lane = suite, lane
        self._said, self._result = directory / (suite + ".txt"), directory / (suite + ".json")
        with open(self._said, "wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(RUN), suite, "--json", str(self._result), "--brief", *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env={**os.environ, "TEMPEST_COMPAT_LANE": "%d/%d" % (lane, lanes)})

    def report(self, terminal):
        """Its report, after it has ended and what it said is shown."""
        said = self._said.read_text(errors="replace").rstrip("\n")
        terminal.line(said)
        report = reports.Report(self.suite, terminal)
        try:
            document = json.loads(self._result.read_text())["suites"][0]
        except (OSError, ValueError, LookupError):
            report.add("the suite runs to its end", "failed", "it ended with status %s" % self.process.returncode)
            return report
        report.checks, report.notes = document["checks"], document["notes"]
        report.seconds, report.cpu_seconds = document["seconds"], document["cpu_seconds"]
        return report


def run(suites, lanes, directory, arguments, terminal):
    """Run suites, `lanes` of them at a time; their reports in the order in which they ended."""
    directory.mkdir(parents=True, exist_ok=True)
    waiting, running, done = list(suites), [], []
    try:
        while waiting or running:
            free = [lane for lane in range(lanes) if lane not in [one.lane for one in running]]
            while free and waiting:
                running.append(_Running(waiting.pop(0), free.pop(0), lanes, directory, arguments))
            terminal.progress("     %s …" % ", ".join(one.suite for one in running))
            time.sleep(0.2)
            for one in [one for one in running if one.process.poll() is not None]:
                running.remove(one)
                done.append(one.report(terminal))
    finally:
        for one in running:
            one.process.terminate()
        for one in running:
            one.process.wait()
    return done
