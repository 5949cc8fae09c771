"""The executable under the names that Ironic's programs have, on each kind of database."""
import json
import os
import subprocess

from servers import configuration, ironic, mariadb, postgresql, rest
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


def _run(program, *arguments, path=None):
    env = {**os.environ, "PATH": "%s:%s" % (path, os.environ["PATH"])} if path else None
    done = subprocess.run([str(part) for part in (program, *arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=120, env=env)
    return done.returncode, done.stdout, done.stderr


def _succeeds(program, *arguments):
    status, out, error = _run(program, *arguments)
    assert status == 0, "status %d\n%s\n%s" % (status, out[-800:], error[-800:])
    return out


def database_tool(stage, names, kind, server):
    # with directories that exist, which the real Ironic's interfaces want to be loaded
    conf = configuration.write(stage.directory / kind / "ironic.conf",
                               configuration.contract((stage.directory / kind).resolve(), free_port(), server.create("commands")))
    dbsync = names / "ironic-dbsync", "--config-file", conf
    with stage.report.check("an empty database has no version"):
        assert _succeeds(*dbsync, "version").strip() == "None"
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
        for words in (("--revision", HEAD), ("--revision", "head"), ("--revision",), ()):
            _succeeds(*dbsync, "stamp", *words)
        assert _run(*dbsync, "stamp", "--revision", "nonsense")[0] == 1
    with stage.report.check("ironic-dbsync alone upgrades"):
        _succeeds(*dbsync)
    with stage.report.check("ironic-dbsync online_data_migrations"):
        _succeeds(*dbsync, "online_data_migrations")
        _succeeds(*dbsync, "online_data_migrations", "--max-count", "1", "--option", "some.thing=else")
        for words in (("--max-count", "0"), ("--max-count", "-1"), ("--option", "nonsense")):
            assert _run(*dbsync, "online_data_migrations", *words)[0] == 127, words
    with stage.report.check("ironic-status upgrade check"):
        _succeeds(names / "ironic-status", "--config-file", conf, "upgrade", "check")
    before_an_upgrade(stage, names, conf, server)


# what is done to a database, one after the other: what the checks are to find
DAMAGES = (
    ("nothing", ()),
    ("a child of somebody else", (
        "INSERT INTO nodes (uuid, driver, owner, version) VALUES ('11111111-1111-4111-8111-111111111111', 'fake-hardware', 'a', '1.44')",
        "INSERT INTO nodes (uuid, driver, parent_node, version) VALUES ('22222222-2222-4222-8222-222222222222', 'fake-hardware', "
        "'11111111-1111-4111-8111-111111111111', '1.44')")),
    ("a driver and an interface that are not enabled", (
        "UPDATE nodes SET driver = 'gone', power_interface = 'lost' WHERE owner = 'a'",)),
    ("objects of a release long ago", ("UPDATE nodes SET version = '1.20' WHERE owner = 'a'",)),
    ("objects without a version", ("UPDATE nodes SET version = NULL WHERE owner = 'a'",)),
)


def before_an_upgrade(stage, names, conf, server):
    """The real ironic-status says the same of the same database."""
    theirs = ironic.binaries()
    path = ironic.shim(conf.parent)      # an ipmitool, without which ipmi is not loaded
    for what, statements in DAMAGES:
        with stage.report.check("ironic-status finds what Ironic's finds: " + what):
            for statement in statements:
                server.execute("commands", statement)
            outcomes = []
            for where in (theirs, names):
                status, out, error = _run(where / "ironic-status", "--config-file", conf, "upgrade", "check", "--json", path=path)
                said = json.loads(out[out.index("{"):])
                outcomes.append((status, said["name"], [(check["check"], check["result"]) for check in said["checks"]]))
            assert outcomes[0] == outcomes[1], outcomes
    with stage.report.check("ironic-dbsync refuses objects of another release, with Ironic's exit status"):
        for words in (("upgrade",), ("online_data_migrations",)):
            for where in (theirs, names):
                status, out, error = _run(where / "ironic-dbsync", "--config-file", conf, *words)
                assert status == 2, (where, words, status, out, error)


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
