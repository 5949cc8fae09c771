"""Reading a Redfish BMC beside what is tested, with basic authentication."""
import base64
import json
import urllib.request


class RedfishAccount:
    """The account of a BMC at `url`."""

    user, password = "admin", "password"

    def get(self, path):
        """A resource, as the BMC itself tells it."""
        request = urllib.request.Request(self.url + path)
        account = base64.b64encode(("%s:%s" % (self.user, self.password)).encode()).decode()
        request.add_header("Authorization", "Basic " + account)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
