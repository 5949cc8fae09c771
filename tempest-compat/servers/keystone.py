"""A real Keystone from PyPI on SQLite: fernet tokens, served by cheroot on loopback."""
import json
import time
import urllib.error
import urllib.request

from runner import prerequisites
from runner.processes import answers, free_port

REQUIREMENTS = ("keystone==30.0.0", "cheroot")
PASSWORD = "password"
SERVE = """
import sys
port = int(sys.argv[1]); sys.argv = ['keystone']     # keystone parses sys.argv itself
from cheroot.wsgi import Server
from keystone.wsgi.api import application
server = Server(('127.0.0.1', port), application, numthreads=1)   # SQLite has one writer
server.start()
"""


class Keystone:
    """Where it is, and how to get tokens of it."""

    def __init__(self, port, process):
        self.url = "http://127.0.0.1:%d/v3" % port
        self.process = process
        self._admin = None

    def token(self, user, project=None, system=False, password=PASSWORD):
        scope = {"system": {"all": True}} if system else {"project": {"name": project, "domain": {"id": "default"}}}
        body = {"auth": {"identity": {"methods": ["password"], "password": {"user": {
            "name": user, "domain": {"id": "default"}, "password": password}}}, "scope": scope}}
        request = urllib.request.Request(self.url + "/auth/tokens", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.headers["X-Subject-Token"]

    def call(self, method, path, body=None, headers=None):
        self._admin = self._admin or self.token("admin", "admin")
        request = urllib.request.Request(
            self.url + path, None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", "X-Auth-Token": self._admin, **(headers or {})}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return json.loads(text) if text else {}

    def role(self, name):
        found = self.call("GET", "/roles?name=" + name)["roles"]
        return (found or [self.call("POST", "/roles", {"role": {"name": name}})["role"]])[0]["id"]

    def project(self, name):
        found = self.call("GET", "/projects?name=" + name)["projects"]
        return (found or [self.call("POST", "/projects", {"project": {"name": name, "domain_id": "default"}})["project"]])[0]["id"]

    def user(self, name, project=None, roles=(), system_roles=()):
        """Create a user; returns (user id, project id)."""
        made = self.call("POST", "/users", {"user": {"name": name, "password": PASSWORD, "domain_id": "default"}})["user"]["id"]
        of = self.project(project) if project else None
        for role in roles:
            self.call("PUT", "/projects/%s/users/%s/roles/%s" % (of, made, self.role(role)))
        for role in system_roles:
            self.call("PUT", "/system/users/%s/roles/%s" % (made, self.role(role)))
        return made, of

    def revoke(self, token):
        self.call("DELETE", "/auth/tokens", headers={"X-Subject-Token": token})


def start(processes, name="keystone"):
    venv = prerequisites.venv("keystone", *REQUIREMENTS)
    directory = (processes.directory / name).resolve()
    for part in ("fernet", "credential"):
        (directory / part).mkdir(parents=True)
    port = free_port()
    url = "http://127.0.0.1:%d" % port
    (directory / "keystone.conf").write_text("\n".join([
        "[DEFAULT]", "public_endpoint = " + url,
        "[database]", "connection = sqlite:///%s" % (directory / "keystone.sqlite"), "sqlite_synchronous = False",
        "[fernet_tokens]", "key_repository = %s" % (directory / "fernet"),
        "[credential]", "key_repository = %s" % (directory / "credential"),
        "[receipt]", "key_repository = %s" % (directory / "fernet"),
        "[token]", "provider = fernet", "expiration = 3600",
        "[oslo_policy]", "enforce_scope = True", "enforce_new_defaults = True",
        "[identity]", "password_hash_rounds = 4", ""]))
    manage = [venv / "keystone-manage", "--config-file", directory / "keystone.conf"]
    import getpass
    who = ["--keystone-user", getpass.getuser(), "--keystone-group", getpass.getuser()]
    for step, arguments in {
            "db_sync": [], "fernet_setup": who, "credential_setup": who,
            "bootstrap": ["--bootstrap-password", PASSWORD, "--bootstrap-region-id", "RegionOne",
                          *sum((["--bootstrap-%s-url" % kind, url + "/v3"] for kind in ("admin", "public", "internal")), [])]}.items():
        processes.start("%s-%s" % (name, step), [*manage, step, *arguments]).finish(180)
    script = directory / "serve.py"
    script.write_text(SERVE)
    process = processes.start(name, [venv / "python", script, port], env={
        "OS_KEYSTONE_CONFIG_DIR": str(directory), "OS_KEYSTONE_CONFIG_FILES": "keystone.conf"})
    process.wait_until(lambda: answers(port), 90, "listening")
    keystone = Keystone(port, process)
    end = time.monotonic() + 60
    while True:
        try:
            keystone.role("reader")
            return keystone
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.5)
