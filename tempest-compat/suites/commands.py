"""The executable under the names that Ironic's programs have, on each kind of database."""
import subprocess

from servers import configuration, mariadb, postgresql, rest
from servers.sqlite import Sqlite
from runner.processes import free_port

HEAD = "9fb44677ef15"       # the alembic revision of Ironic 39.0.0
NAMES = ("ironic", "ironic-api", "ironic-conductor", "ironic-dbsync", "ironic-status")


def run(stage):
    if stage.oracle:
        stage.report.add("our program", "skipped", "it is not Ironic's")
        return
    stage.debian("postgresql", "mariadb-server")
    names = stage.directory / "bin"
    names.mkdir()
    for name in NAMES:
        (names / name).symlink_to(stage.executable().resolve())
    with stage.report.check("PostgreSQL and MariaDB start", essential=True):
        servers = {"sqlite": Sqlite(stage.directory / "sqlite"), "mariadb": mariadb.start(stage.processes),
                   "postgresql": postgresql.start(stage.processes)}
    for kind, server in servers.items():
        with stage.report.group(kind):
            database_tool(stage, names, kind, server)
    with stage.report.group("ironic"):
        all_in_one(stage, names, servers["sqlite"])


def _run(program, *arguments):
    done = subprocess.run([str(part) for part in (program, *arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def _succeeds(program, *arguments):
    status, out, error = _run(program, *arguments)
    assert status == 0, "status %d\n%s\n%s" % (status, out[-800:], error[-800:])
    return out


def database_tool(stage, names, kind, server):
    conf = configuration.write(stage.directory / kind / "ironic.conf", {
        "database": {"connection": server.create("commands")}, "DEFAULT": {"host": "somewhere"}})
    dbsync = names / "ironic-dbsync", "--config-file", conf
    with stage.report.check("ironic-dbsync create_schema"):
        _succeeds(*dbsync, "create_schema")
    with stage.report.check("create_schema refuses a second time"):
        assert _run(*dbsync, "create_schema")[0] != 0
    with stage.report.check("ironic-dbsync version"):
        out = _succeeds(*dbsync, "version")
        assert HEAD in out, out
    with stage.report.check("ironic-dbsync upgrade changes nothing"):
        _succeeds(*dbsync, "upgrade")
        assert HEAD in _succeeds(*dbsync, "version")
    with stage.report.check("ironic-dbsync stamp"):
        _succeeds(*dbsync, "stamp", "--revision", HEAD)
    with stage.report.check("ironic-dbsync online_data_migrations"):
        _succeeds(*dbsync, "online_data_migrations")
    with stage.report.check("ironic-status upgrade check"):
        _succeeds(names / "ironic-status", "--config-file", conf, "upgrade", "check")


def all_in_one(stage, names, server):
    with stage.report.check("a wrong value is named with file and line"):
        conf = stage.directory / "wrong.conf"
        conf.write_text("[DEFAULT]\nhost = a\n[api]\nport = many\n")
        status, out, error = _run(names / "ironic", "--config-file", conf)
        assert status != 0, "it started"
        assert "wrong.conf" in out + error and "4" in out + error and "port" in out + error, out + error
    with stage.report.check("a missing configuration file is named"):
        status, out, error = _run(names / "ironic", "--config-file", stage.directory / "absent.conf")
        assert status != 0 and "absent.conf" in out + error, out + error
    with stage.report.check("unknown options are warned about and ignored; the environment wins"):
        port, other = free_port(), free_port()
        sections = configuration.contract(stage.directory / "ironic", other, server.create("all"))
        sections["DEFAULT"]["no_such_option"] = "x"
        sections["no_such_section"] = {"a": "b"}
        conf = configuration.write(stage.directory / "ironic" / "ironic.conf", sections)
        _succeeds(names / "ironic-dbsync", "--config-file", conf, "create_schema")
        process = stage.processes.start("ironic-all", [names / "ironic", "--config-file", conf], env={"OS_API__PORT": str(port)})
        process.wait_until(rest.serves("http://127.0.0.1:%d" % port, 4), 60, "serving")
        assert "no_such_option" in process.log.read_text(), process.tail()
    with stage.report.check("SIGTERM ends it with success"):
        stage.processes.stop(process, 60)
        assert process.status() == 0, process.status()
