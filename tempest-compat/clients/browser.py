"""A real Chromium, driven over the WebDriver protocol as chromedriver speaks it."""
import json
import time
import urllib.request

from runner import prerequisites
from runner.processes import answers, free_port

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage")

ENTER = "\ue007"      # WebDriver's name of the key


class Browser:
    """One window."""

    def __init__(self, processes, name="browser"):
        port = free_port()
        profile = (processes.directory / (name + "-profile")).resolve()
        profile.mkdir(parents=True)
        driver = processes.start(name, [prerequisites.program("chromedriver"), "--port=%d" % port])
        driver.wait_until(lambda: answers(port), 30, "answering")
        self._base = "http://127.0.0.1:%d/session" % port
        options = {"args": [*FLAGS, "--user-data-dir=%s" % profile], "binary": prerequisites.program("chromium")}
        session = self._call("POST", "", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self._base += "/" + session["sessionId"]

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError("WebDriver: %s" % error.read().decode()[:500]) from None

    def open(self, url):
        self._call("POST", "/url", {"url": "about:blank"})
        self._call("POST", "/url", {"url": url})

    def url(self):
        return self._call("GET", "/url")

    def script(self, text):
        """What the function body returns."""
        return self._call("POST", "/execute/sync", {"script": text, "args": []})

    def type(self, text):
        """Press keys one after the other, wherever the focus is."""
        keys = [{"type": kind, "value": ENTER if key == "\r" else key} for key in text for kind in ("keyDown", "keyUp")]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": keys}]})

    def complaints(self):
        """What the console of the browser says is wrong, such as a violated content policy."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"}) if entry["level"] == "SEVERE"]

    def until(self, script, wanted, seconds=20):
        """Ask until the wanted text is in what the script returns; returns that."""
        end = time.monotonic() + seconds
        while True:
            seen = self.script(script)
            if wanted in (seen or ""):
                return seen
            assert time.monotonic() < end, "%r is not in %r" % (wanted, seen)
            time.sleep(0.1)
