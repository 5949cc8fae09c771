"""Programs started for a run: each is known by its pid and stopped with its group.

Everything listens on the loopback address, on ports found free.
"""
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time


class Ended(Exception):
    """A program that should run has ended, or never became ready."""


_given = set()
# Runs side by side share the ports out in blocks of 16 (`lane/lanes`), as neither knows what the other was given.
LANE, LANES = (int(part) for part in os.environ.get("TEMPEST_COMPAT_LANE", "0/1").split("/"))


def free_port(kind=socket.SOCK_STREAM):
    """A port nobody listens on, not given out before in this run."""
    while True:
        with socket.socket(socket.AF_INET, kind) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port // 16 % LANES == LANE and port not in _given:
            _given.add(port)
            return port


def answers(port):
    """Whether something accepts connections on the port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Process:
    """One running program and its log."""

    def __init__(self, name, command, log, env=None, cwd=None, user=None):
        self.name = name
        self.log = pathlib.Path(log)
        self.started = time.monotonic()
        with open(self.log, "ab") as output:
            self._popen = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, **(env or {})}, cwd=cwd, user=user, group=user, extra_groups=[] if user else None,
                start_new_session=True)

    @property
    def pid(self):
        return self._popen.pid

    def running(self):
        return self._popen.poll() is None

    def status(self):
        """The exit status, None while it runs."""
        return self._popen.poll()

    def signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def tail(self, lines=15):
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""

    def wait_until(self, ready, seconds, what="ready"):
        """Poll `ready()` until it is true; a program that ends meanwhile is an error."""
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError, ValueError, KeyError):
                if ready():
                    return
            if not self.running():
                raise Ended("%s ended with status %s:\n%s" % (self.name, self.status(), self.tail()))
            if time.monotonic() > end:
                raise Ended("%s was not %s after %d s:\n%s" % (self.name, what, seconds, self.tail()))
            time.sleep(0.05)

    def finish(self, seconds):
        """Wait for a program that ends by itself; anything but success is an error."""
        try:
            status = self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Ended("%s still runs after %d s:\n%s" % (self.name, seconds, self.tail())) from None
        if status:
            raise Ended("%s ended with status %s:\n%s" % (self.name, status, self.tail()))

    def kill(self):
        """SIGKILL to the whole group, as a crash of the machine would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()

    def stop(self, seconds=15):
        """SIGTERM to the group, SIGKILL to what is left of it."""
        for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 10)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(patience)
                break
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


class Processes:
    """All programs of a suite, stopped in the reverse order of their start."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self._running = []
        self._afterwards = []

    def start(self, name, command, **options):
        self.directory.mkdir(parents=True, exist_ok=True)
        process = Process(name, command, self.directory / (name + ".log"), **options)
        self._running.append(process)
        return process

    def stop(self, process, seconds=15):
        process.stop(seconds)
        with contextlib.suppress(ValueError):
            self._running.remove(process)

    def on_stop(self, action):
        """Something to do once everything has stopped: a directory to remove."""
        self._afterwards.append(action)

    def stop_all(self):
        while self._running:
            self._running.pop().stop()
        while self._afterwards:
            self._afterwards.pop()()
