"""What one suite gets: its report, its programs, its directory and the server under test."""
import pathlib

from runner import prerequisites
from runner.processes import Processes
from servers import ferric, ironic


class Stage:
    """One run of one suite."""

    def __init__(self, report, directory, build, options):
        self.report = report
        self.directory = pathlib.Path(directory)
        self.processes = Processes(directory)
        self.full = options.full
        self.only = options.only
        self.oracle = options.oracle
        self._build = build

    def executable(self):
        """Our server's executable; the first suite that asks builds it."""
        return self._build.executable(self.report.progress)

    def serve(self, name="server", changes=None, port=None):
        """The server under test, all in one with the contract's configuration: (process, URL)."""
        if self.oracle:
            return ironic.start(self.processes, name, changes=changes, port=port)
        return ferric.configured(self.processes, self.executable(), name, changes=changes, port=port)

    def serve_readme(self, name="server"):
        """The server under test as the README starts it: (process, URL)."""
        if self.oracle:
            return ironic.start(self.processes, name, path=ironic.with_ipmitool())
        return ferric.embedded(self.processes, self.executable(), name)

    def debian(self, *packages):
        try:
            prerequisites.debian(*packages)
        except prerequisites.Missing as missing:
            raise prerequisites.required_in_ci(missing) from missing

    def venv(self, name, *requirements):
        try:
            return prerequisites.venv(name, *requirements)
        except prerequisites.Missing as missing:
            raise prerequisites.required_in_ci(missing) from missing
