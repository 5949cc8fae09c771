"""A MariaDB of our own, by Debian's server."""
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

from runner import prerequisites
from runner.processes import free_port

USER = PASSWORD = "ferric"


class Mariadb:
    """Where it listens, and what a database administrator does with it."""

    def __init__(self, port, socket, process=None):
        self.port, self._socket, self.process = port, socket, process

    def url(self, database="mysql"):
        return "mysql+pymysql://%s:%s@127.0.0.1:%d/%s?charset=utf8mb4" % (USER, PASSWORD, self.port, database)

    def mariadb(self, sql, database="mysql"):
        done = subprocess.run([prerequisites.program("mariadb"), "--no-defaults", "-N", "-uroot", "-S", self._socket, database],
                              input=sql, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        if done.returncode:
            raise OSError("mariadb: " + done.stdout.strip()[-2000:])
        return done.stdout

    def create(self, database):
        """A new empty database; returns its URL."""
        self.mariadb("CREATE DATABASE `%s` CHARACTER SET utf8mb4" % database)
        return self.url(database)

    def execute(self, database, sql):
        self.mariadb(sql, database)

    def load(self, database, path):
        self.mariadb(pathlib.Path(path).read_text(), database)


def start(processes, name="mariadb"):
    prerequisites.debian("mariadb-server", "mariadb-client")
    directory = (processes.directory / name).resolve()
    (directory / "tmp").mkdir(parents=True)
    # the path of a socket must be short
    sockets = tempfile.mkdtemp(prefix="tempest-compat-")
    processes.on_stop(lambda: shutil.rmtree(sockets, ignore_errors=True))
    socket, port, me = os.path.join(sockets, "s"), free_port(), pwd.getpwuid(os.geteuid()).pw_name
    processes.start(name + "-install", [
        prerequisites.program("mariadb-install-db"), "--no-defaults", "--user=" + me, "--datadir=%s" % (directory / "data"),
        "--auth-root-authentication-method=normal", "--skip-test-db"], env={"TMPDIR": str(directory / "tmp")}).finish(120)
    process = processes.start(name, [
        prerequisites.program("mariadbd"), "--no-defaults", "--user=" + me, "--datadir=%s" % (directory / "data"),
        "--tmpdir=%s" % (directory / "tmp"), "--socket=" + socket, "--pid-file=%s" % (directory / "pid"),
        "--bind-address=127.0.0.1", "--port=%d" % port, "--skip-name-resolve", "--max-connections=300",
        "--character-set-server=utf8mb4", "--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0"])
    server = Mariadb(port, socket, process)
    process.wait_until(lambda: server.mariadb("SELECT 1"), 60, "answering")
    server.mariadb("CREATE USER '%s'@'127.0.0.1' IDENTIFIED BY '%s'; GRANT ALL ON *.* TO '%s'@'127.0.0.1' WITH GRANT OPTION"
                   % (USER, PASSWORD, USER))
    return server
