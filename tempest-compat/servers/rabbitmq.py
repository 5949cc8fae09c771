"""A RabbitMQ of our own, by Debian's server: own node name, directories and ports."""
import secrets

from runner import prerequisites
from runner.processes import answers, free_port

LAUNCHER = "/usr/lib/rabbitmq/bin/rabbitmq-server"


class Rabbitmq:
    """Where it listens."""

    user = password = "guest"

    def __init__(self, port, launch):
        self.port, self._launch = port, launch
        self.process = launch()
        self.url = "rabbit://%s:%s@127.0.0.1:%d/" % (self.user, self.password, port)

    def again(self):
        """Starts it again on its port with what it kept, after it was stopped or killed."""
        self.process = self._launch()


def start(processes, name="rabbitmq"):
    prerequisites.debian("rabbitmq-server")
    directory = (processes.directory / name).resolve()
    directory.mkdir(parents=True)
    port, dist, epmd = free_port(), free_port(), free_port()
    cookie = directory / ".erlang.cookie"
    cookie.write_text(secrets.token_hex(16))
    cookie.chmod(0o400)
    (directory / "plugins").write_text("[].\n")
    (directory / "rabbitmq.conf").write_text("listeners.tcp.1 = 127.0.0.1:%d\nloopback_users = none\n" % port)
    # Erlang would start its name server as a daemon that outlives us.
    names = processes.start(name + "-epmd", [prerequisites.program("epmd"), "-port", epmd, "-address", "127.0.0.1"])
    names.wait_until(lambda: answers(epmd), 20)
    environment = {
        "HOME": str(directory),
        "ERL_EPMD_PORT": str(epmd), "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": "compat%d@localhost" % port,
        "RABBITMQ_DIST_PORT": str(dist),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_MNESIA_BASE": str(directory / "mnesia"),
        "RABBITMQ_LOG_BASE": str(directory / "log"),
        "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": str(directory / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "plugins"),
        "RABBITMQ_PID_FILE": str(directory / "pid"),
    }

    def launch():
        process = processes.start(name, [LAUNCHER], cwd=directory, env=environment)
        process.wait_until(lambda: answers(port), 90, "listening")
        return process
    return Rabbitmq(port, launch)
