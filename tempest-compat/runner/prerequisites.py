"""Installs what suites need: Debian packages when root, Python packages in venvs of our own."""
import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

from runner.report import Skip

HERE = pathlib.Path(__file__).resolve().parent.parent
WORK = HERE / ".work"

# Debian's servers live outside the usual PATH of an ordinary user.
SBIN = ("/usr/sbin", "/sbin", "/usr/local/sbin")
PROGRAMS = {
    "build-essential": ("cc", "c++", "make"),
    "ccache": ("/usr/lib/ccache/cc",),
    "chromium": ("chromium",),
    "chromium-driver": ("chromedriver",),
    "cmake": ("cmake",),
    "mariadb-server": ("mariadbd", "mariadb-install-db"),
    "mariadb-client": ("mariadb",),
    "openipmi": ("ipmi_sim",),
    "ipmitool": ("ipmitool",),
    "perl": ("perl",),
    "postgresql": ("/usr/lib/postgresql/*/bin/initdb",),
    "rabbitmq-server": ("/usr/lib/rabbitmq/bin/rabbitmq-server", "epmd"),
    "wrk": ("wrk",),
}


# What cargo needs beside Rust: the clients of the databases are built from source.
OF_THE_BUILD = ("build-essential", "cmake", "perl")


class Missing(Exception):
    """A prerequisite that could not be installed."""


def program(name):
    """The path of a program, also where only root looks; None if there is none."""
    if name.startswith("/"):
        found = sorted(pathlib.Path("/").glob(name[1:]))
        return str(found[-1]) if found else None
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(SBIN))


@contextlib.contextmanager
def _alone(name):
    """Two runs in one checkout install one after the other."""
    WORK.mkdir(exist_ok=True)
    with open(WORK / (name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build_tools():
    """Install what cargo needs, and ccache, which only spares it work."""
    debian(*OF_THE_BUILD)
    with contextlib.suppress(Missing):
        debian("ccache")


def _absent(packages):
    return [p for p in packages if not all(program(name) for name in PROGRAMS[p])]


def debian(*packages):
    """Make the programs of Debian packages available, without starting their services."""
    if not _absent(packages):
        return
    with _alone("apt"):
        absent = _absent(packages)
        if not absent:
            return
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise Missing("needs the Debian packages %s; run: apt-get install %s" % (", ".join(absent), " ".join(absent)))
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        with _services_stay_stopped(), open(WORK / "apt.log", "ab") as log:
            for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *absent]):
                subprocess.run(["apt-get", *command], env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
        if _absent(packages):
            raise Missing("apt-get could not install %s; see %s" % (" ".join(_absent(packages)), WORK / "apt.log"))


@contextlib.contextmanager
def _services_stay_stopped():
    """Debian starts a service when its package is installed, unless this file says no."""
    policy = pathlib.Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            policy.unlink(missing_ok=True)


def venv(name, *requirements):
    """The `bin` directory of a virtual environment that holds these Python packages."""
    top = WORK / "venvs" / name
    stamp = top / "installed"
    wanted = hashlib.sha256("\n".join((sys.version, *requirements)).encode()).hexdigest()
    with _alone("venv-" + name):
        if stamp.exists() and stamp.read_text() == wanted:
            return top / "bin"
        log = WORK / ("venv-%s.log" % name)
        with open(log, "wb") as output:
            for command in ([sys.executable, "-m", "venv", "--clear", top],
                            [top / "bin" / "pip", "install", "--quiet", *requirements]):
                done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
                if done.returncode:
                    raise Missing("cannot install %s from PyPI; see %s" % (" ".join(requirements), log))
        stamp.write_text(wanted)
    return top / "bin"


def required_in_ci(error):
    """What a missing prerequisite means: a failure where everything can be installed, else a skip."""
    if os.environ.get("CI", "").lower() == "true":
        return error
    return Skip(str(error))
