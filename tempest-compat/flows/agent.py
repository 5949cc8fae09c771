"""An agent that follows a script: it answers the conductor's commands, for any number of nodes.

A node's agent lives under a path of its own. What it does next is set by the walk: commands succeed,
fail, go on for ever, are refused, or the answer is no JSON.
"""
import collections
import http.server
import json
import threading

STEPS = {
    "clean": [{"step": "erase_devices_metadata", "priority": 99, "interface": "deploy", "reboot_requested": False, "abortable": True},
              {"step": "erase_devices", "priority": 10, "interface": "deploy", "reboot_requested": False, "abortable": True},
              {"step": "burnin_cpu", "priority": 0, "interface": "deploy", "reboot_requested": False, "abortable": True},
              {"step": "erase_pstore", "priority": 0, "interface": "deploy", "reboot_requested": False, "abortable": False}],
    "deploy": [{"step": "write_image", "priority": 0, "interface": "deploy", "reboot_requested": False},
               {"step": "inject_files", "priority": 0, "interface": "deploy", "reboot_requested": False,
                "argsinfo": {"files": {"description": "files", "required": False}}}],
    "service": [{"step": "burnin_memory", "priority": 0, "interface": "deploy", "reboot_requested": False, "abortable": True}],
}
VERSION = {"generic_hardware_manager": "1.2"}
MOODS = ("works", "works", "works", "works", "fails", "is busy", "refuses", "is garbled")


class Agent:
    """The HTTP server of all nodes' agents of one side, and of the image they write."""

    def __init__(self):
        self.moods = collections.defaultdict(lambda: "works")
        self.calls = collections.defaultdict(list)
        self._commands = collections.defaultdict(list)
        agent = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                """Nothing on the terminal."""

            def do_HEAD(self):
                self._answer(200, b"x" * 512, "application/octet-stream")

            def do_GET(self):
                node = self.path.split("/")[1]
                if node == "image.raw":
                    return self._answer(200, b"x" * 512, "application/octet-stream")
                self._json(*agent.listed(node))

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self._json(*agent.command(self.path.split("/")[1], json.loads(body or b"{}")))

            def _json(self, status, document):
                body = document if isinstance(document, bytes) else json.dumps(document).encode()
                self._answer(status, body, "application/json")

            def _answer(self, status, body, kind):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d" % self._server.server_address[1]

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def reboots(self, node):
        """A new boot knows no commands."""
        self._commands[node].clear()

    def called(self, node):
        """The commands since the last time this was asked."""
        return self.calls.pop(node, [])

    def listed(self, node):
        mood = self.moods[node]
        if mood == "refuses":
            return 500, {"faultcode": "Server", "faultstring": "the agent refuses"}
        if mood == "is garbled":
            return 200, b"<html>"
        for command in self._commands[node]:
            if command["command_status"] == "RUNNING" and mood != "is busy":
                command["command_status"] = "FAILED" if mood == "fails" else "SUCCEEDED"
                if mood == "fails":
                    command["command_error"] = {"type": "CleaningError", "code": 500, "message": "it broke", "details": "it broke"}
        return 200, {"commands": self._commands[node]}

    def command(self, node, asked):
        mood, name, params = self.moods[node], asked.get("name", ""), asked.get("params") or {}
        step = params.get("step") or {}
        self.calls[node].append("%s%s" % (name, " %s.%s" % (step.get("interface"), step.get("step")) if step else ""))
        if mood == "refuses":
            return 500, {"faultcode": "Server", "faultstring": "the agent refuses"}
        if mood == "is garbled":
            return 200, b"<html>"
        answer = {"id": "c%d" % len(self._commands[node]), "command_name": name.split(".")[-1], "command_params": params,
                  "command_status": "SUCCEEDED", "command_error": None, "command_result": None}
        kind = next((kind for kind in STEPS if name == "%s.get_%s_steps" % (kind, kind)), None)
        if kind:
            answer["command_result"] = {kind + "_steps": {"GenericHardwareManager": STEPS[kind]}, "hardware_manager_version": VERSION}
        elif "execute_" in name:
            own = name.split(".")[0]
            answer["command_status"] = "RUNNING"
            answer["command_result"] = {own + "_step": step, own + "_result": None}
        elif name == "standby.get_partition_uuids":
            answer["command_result"] = {"root uuid": "11-22"}
        elif mood == "fails":
            answer.update(command_status="FAILED", command_error={"type": "CommandExecutionError", "code": 500, "message": "no", "details": "no"})
        if not (kind and mood == "fails"):
            self._commands[node].append(answer)
        else:
            answer.update(command_status="FAILED", command_result=None,
                          command_error={"type": "CommandExecutionError", "code": 500, "message": "no", "details": "no"})
        return 200, answer
