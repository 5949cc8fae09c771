"""A PostgreSQL cluster of our own, by Debian's server, as an unprivileged user."""
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

from runner import prerequisites
from runner.processes import free_port

USER = PASSWORD = "ferric"


class Postgresql:
    """Where it listens, and what a database administrator does with it."""

    def __init__(self, port, binaries):
        self.port, self._binaries = port, binaries

    def url(self, database="postgres"):
        return "postgresql+psycopg2://%s:%s@127.0.0.1:%d/%s" % (USER, PASSWORD, self.port, database)

    def psql(self, database, *arguments):
        done = subprocess.run(
            [self._binaries / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER,
             "-d", database, *map(str, arguments)],
            env={**os.environ, "PGPASSWORD": PASSWORD}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace")
        if done.returncode:
            raise OSError("psql: " + done.stdout.strip()[-2000:])
        return done.stdout

    def create(self, database):
        """A new empty database; returns its URL."""
        self.psql("postgres", "-c", 'CREATE DATABASE "%s"' % database)
        return self.url(database)

    def execute(self, database, sql):
        self.psql(database, "-c", sql)

    def load(self, database, path):
        self.psql(database, "-f", path)


def _unprivileged():
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("postgres").pw_name


def start(processes, name="postgresql"):
    prerequisites.debian("postgresql")
    binaries = pathlib.Path(prerequisites.program("/usr/lib/postgresql/*/bin/initdb")).parent
    user, port = _unprivileged(), free_port()
    # outside the checkout, which that user may not be able to enter
    top = pathlib.Path(tempfile.mkdtemp(prefix="tempest-compat-"))
    processes.on_stop(lambda: shutil.rmtree(top, ignore_errors=True))
    (top / "password").write_text(PASSWORD)
    if user:
        for path in (top, top / "password"):
            shutil.chown(path, user, user)
    options = {"user": user, "cwd": top}
    processes.start(name + "-initdb", [
        binaries / "initdb", "-D", top / "data", "-U", USER, "-A", "scram-sha-256", "--pwfile", top / "password",
        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], **options).finish(120)
    server = Postgresql(port, binaries)
    process = processes.start(name, [
        binaries / "postgres", "-D", top / "data", "-p", port, "-c", "listen_addresses=127.0.0.1",
        "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=200"], **options)
    process.wait_until(lambda: server.psql("postgres", "-c", "SELECT 1"), 60, "answering")
    return server
