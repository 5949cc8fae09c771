"""Our server, started as a user would."""
from runner.processes import free_port
from servers import configuration, rest


def embedded(processes, executable, name="ferric", port=None):
    """The README's command: no configuration, everything in one process; returns (process, URL)."""
    directory = (processes.directory / name).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    process = processes.start(name, [executable, "--data-dir", directory], env={"OS_API__PORT": str(port)})
    url = "http://127.0.0.1:%d" % port
    process.wait_until(rest.serves(url), 60, "serving")
    return process, url


def configured(processes, executable, name="ferric", role=None, changes=None, port=None, create_schema=True, drivers=1):
    """With the contract's ironic.conf and `changes`, in one role or (None) in all; returns (process, URL)."""
    directory = (processes.directory / name).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    conf = configuration.write(directory / "ironic.conf", configuration.merge(
        configuration.contract(directory, port), changes or {}))
    if create_schema:
        dbsync(processes, executable, conf, name)
    process = processes.start(name, [executable, "--config-file", conf, *([role] if role else [])])
    url = "http://127.0.0.1:%d" % port
    if drivers is not None:
        process.wait_until(rest.serves(url, drivers), 60, "serving")
    return process, url


def dbsync(processes, executable, conf, name, *arguments):
    """Run `ferric dbsync`; its failure is an error with its words."""
    sync = processes.start(name + "-dbsync", [executable, "--config-file", conf, "dbsync", *(arguments or ["create_schema"])])
    sync.finish(120)
