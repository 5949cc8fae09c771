"""Counts checks, shows them as they happen and sums them up in a table.

A check is a sentence that is true or not.  Suites write

    with report.check("power on reaches the BMC"):
        assert bmc.power() == "on", bmc.power()

and any exception makes it a failure whose text is shown.
"""
import contextlib
import json
import os
import pathlib
import sys
import time
import traceback


class Skip(Exception):
    """Raised in a check or a suite: it cannot be done here, and why."""


class Abandon(Exception):
    """Raised out of an essential check that failed: the rest of the suite makes no sense."""


class Terminal:
    """Colour and a progress line, when somebody is looking."""

    def __init__(self, stream=sys.stdout):
        self._stream = stream
        self._alive = stream.isatty() and "NO_COLOR" not in os.environ
        self._progress = False

    def paint(self, colour, text):
        codes = {"green": 32, "red": 31, "yellow": 33, "bold": 1, "grey": 90}
        return "\033[%dm%s\033[0m" % (codes[colour], text) if self._alive else text

    def line(self, text=""):
        if self._progress:
            self._stream.write("\r\033[K")
            self._progress = False
        self._stream.write(text + "\n")
        self._stream.flush()

    def progress(self, text):
        """Overwritten by whatever comes next; nothing at all in a log."""
        if self._alive:
            self._stream.write("\r\033[K" + text[:118])
            self._stream.flush()
            self._progress = True


class Report:
    """The checks of one suite."""

    MARKS = {"passed": ("green", "ok  "), "failed": ("red", "FAIL"), "skipped": ("yellow", "skip")}

    def __init__(self, suite, terminal):
        self.suite = suite
        self.checks = []
        self.notes = []
        self.seconds = 0.0
        self.cpu_seconds = 0.0
        self._terminal = terminal
        self._group = ""

    @contextlib.contextmanager
    def group(self, name):
        """Checks inside are shown as `name: check`."""
        before, self._group = self._group, name + ": "
        try:
            yield
        finally:
            self._group = before

    @contextlib.contextmanager
    def check(self, name, essential=False):
        started = time.monotonic()
        self._terminal.progress("     %s%s …" % (self._group, name))
        try:
            yield
        except Skip as reason:
            self.add(name, "skipped", str(reason), time.monotonic() - started)
        except Abandon:
            raise
        except Exception as error:
            self.add(name, "failed", _explain(error), time.monotonic() - started)
            if essential:
                raise Abandon(name) from error
        else:
            self.add(name, "passed", "", time.monotonic() - started)

    def add(self, name, state, reason="", seconds=0.0, show=True):
        """One check that was judged elsewhere (a test of cargo, a case of the contract)."""
        name = self._group + name
        self.checks.append({"name": name, "state": state, "reason": reason, "seconds": round(seconds, 3)})
        if show:
            colour, mark = self.MARKS[state]
            took = "  %.1f s" % seconds if seconds >= 0.05 else ""
            self._terminal.line("  %s %s%s" % (self._terminal.paint(colour, mark), name, self._terminal.paint("grey", took)))
            if state != "passed":
                for line in reason.splitlines()[:30]:
                    self._terminal.line("         " + line)

    def progress(self, text):
        self._terminal.progress("     " + text)

    def note(self, text):
        """A figure or fact worth keeping beside the counts."""
        self.notes.append(text)
        self._terminal.line("       " + text)

    def count(self, state):
        return sum(check["state"] == state for check in self.checks)


def _explain(error):
    text = str(error).strip()
    if isinstance(error, AssertionError) and text:
        return text
    if not isinstance(error, (AssertionError, KeyError, TypeError, AttributeError, IndexError)):
        return "%s: %s" % (type(error).__name__, text)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return "%s: %s (%s:%d: %s)" % (type(error).__name__, text, pathlib.Path(frame.filename).name, frame.lineno, frame.line)


def table(reports, terminal):
    """The counts of every suite, with its time."""
    width = max([len(r.suite) for r in reports] + [5])
    terminal.line()
    terminal.line(terminal.paint("bold", "%-*s %8s %8s %8s %10s %10s" % (width, "suite", "passed", "failed", "skipped", "time", "CPU")))
    for report in reports:
        failed = report.count("failed")
        line = "%-*s %8d %8d %8d %8.1f s %8.1f s" % (
            width, report.suite, report.count("passed"), failed, report.count("skipped"), report.seconds, report.cpu_seconds)
        terminal.line(terminal.paint("red", line) if failed else line)


def save(reports, path):
    document = {state: sum(r.count(state) for r in reports) for state in ("passed", "failed", "skipped")}
    document["suites"] = [
        {"suite": r.suite, "seconds": round(r.seconds, 1), "cpu_seconds": round(r.cpu_seconds, 1), "notes": r.notes, "checks": r.checks} for r in reports]
    pathlib.Path(path).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
